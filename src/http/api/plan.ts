// /ocpp/plan/: the site's floor plan, a picture that chargers are shown on.
import { node } from "../../node.ts";
import type { Context } from "hono";
import type { Config } from "../../config.ts";
import type { Log } from "../../log.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import { FileStore, type SavedFile } from "../files/file_store.ts";
import { checkedPicture } from "../files/picture.ts";
import { HttpError } from "../http_error.ts";
import { readBytes } from "../input.ts";
import { route } from "../route.ts";
import { Time } from "../schemas.ts";

const MAX_BYTES = 10_000_000;
/** Version, size and kind of a plan are in its file's name. Earlier versions stored drawings too, as cleaned SVG. */
const NAME = /^([0-9a-f]{16})-(\d+)x(\d+)\.(png|jpeg|webp|svg)$/;
/** CSP of a plan opened by itself, which allows nothing. */
const CSP = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const A_YEAR_S = 31_536_000;

const Plan = Type.Object({
  type: Type.String({ description: "Media type" }),
  width: Type.Integer(),
  height: Type.Integer(),
  size: Type.Integer({ description: "Bytes" }),
  version: Type.String({ description: "Differs for each picture" }),
  uploaded_at: Time,
});

interface PlanDeps {
  config: Pick<Config, "data_dir">;
  log: Log;
}

/** The routes of /ocpp/plan/. */
export const planRoutes = [
  route({
    method: "GET",
    path: "/ocpp/plan/",
    role: "viewer",
    summary: "The site's floor plan: kind, size, version",
    response: Plan,
    errors: ["not_found"],
    handle: async (_, { config }: PlanDeps) => viewOf(await currentOf(new FileStore(config.data_dir))),
  }),
  route({
    method: "PUT",
    path: "/ocpp/plan/",
    role: "admin",
    summary: "Upload a floor plan: PNG, JPEG or WebP, at most 10 MB",
    audit: { action: "change", kind: "plan" },
    upload: "image/*",
    response: Plan,
    status: 201,
    errors: [
      "invalid_file",
      "wrong_media_type",
      "body_too_large",
      "no_space",
      "body_too_slow",
      "overloaded",
      "not_possible_here",
    ],
    async handle({ c }, { config, log }: PlanDeps) {
      const files = new FileStore(config.data_dir);
      const directory = files.planDirectory;
      const bytes = await readBytes(c, MAX_BYTES);
      const name = nameOf(bytes);
      const before = await files.list(directory);
      const saved = await files.save(new Blob([bytes]).stream(), { directory, name, max: bytes.length });
      for (const old of before) if (old.name !== name) await files.remove(`${directory}/${old.name}`);
      log.info("Replaced the site plan", { file: name, bytes: saved.size });
      return viewOf(await currentOf(files));
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/plan/",
    role: "admin",
    summary: "Delete the floor plan",
    audit: { action: "delete", kind: "plan" },
    response: null,
    errors: ["not_found"],
    async handle(_, { config }: PlanDeps) {
      const files = new FileStore(config.data_dir);
      const directory = files.planDirectory;
      await currentOf(files);
      for (const { name } of await files.list(directory)) await files.remove(`${directory}/${name}`);
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/plan/picture",
    role: "viewer",
    summary: "The floor plan's picture",
    query: Type.Object({
      v: Type.Optional(Type.String({ description: "Its version; the answer may be cached then" })),
    }),
    response: "image/*",
    also: { 304: null },
    errors: ["not_found"],
    async handle({ query, c }, { config }: PlanDeps) {
      const files = new FileStore(config.data_dir);
      const { name } = await currentOf(files);
      return await picture(c, { path: `${files.planDirectory}/${name}`, name, version: query.v });
    },
  }),
];

async function currentOf(files: FileStore): Promise<SavedFile> {
  const plan = (await files.list(files.planDirectory)).find(({ name }) => NAME.test(name));
  if (!plan) throw noPlan();
  return plan;
}

function noPlan(): HttpError {
  return new HttpError("not_found", "The site has no plan", { values: { kind: "plan" } });
}

/** Returns the name that a picture is stored by. Throws HttpError 400 and 415. */
function nameOf(bytes: Uint8Array): string {
  const { width, height, ending } = checkedPicture(bytes);
  const version = node("crypto").createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  return `${version}-${width}x${height}.${ending}`;
}

function viewOf({ name, size, at }: SavedFile) {
  const [, version = "", width, height, ending = ""] = NAME.exec(name) ?? [];
  return {
    type: typeOf(ending),
    width: Number(width),
    height: Number(height),
    size,
    version,
    uploaded_at: at,
  };
}

function typeOf(ending: string): string {
  return ending === "svg" ? "image/svg+xml" : `image/${ending}`;
}

interface Asked {
  path: string;
  name: string;
  version: string | undefined;
}

/** The picture's bytes. A browser that requests this version may cache them for ever. */
async function picture(c: Context, { path, name, version: asked }: Asked): Promise<Response> {
  const [, version = "", , , ending = ""] = NAME.exec(name) ?? [];
  const headers = {
    "content-type": typeOf(ending),
    "content-disposition": `inline; filename="plan.${ending}"`,
    "content-security-policy": CSP,
    "cache-control": asked === version ? `private, max-age=${A_YEAR_S}, immutable` : "private, no-cache",
    etag: `"${version}"`,
  };
  if (c.req.header("if-none-match")?.includes(version)) return new Response(null, { status: 304, headers });
  const file = await Deno.open(path).catch(() => null);
  if (!file) throw noPlan();
  return new Response(file.readable, { headers });
}
