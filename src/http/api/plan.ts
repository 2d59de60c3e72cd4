// /ocpp/plan/: the site's floor plan, a picture that chargers are shown on.
import { type Context, Hono } from "hono";
import { createHash } from "node:crypto";
import { FileStore } from "../files/file_store.ts";
import { HttpError } from "../http_error.ts";
import { readBytes } from "../input.ts";
import { checkedPicture, type PictureSize } from "../files/picture.ts";
import type { Services } from "../services.ts";

const MAX_BYTES = 10_000_000;
/** All that is known of a plan is in its file's name: version, size, kind. Earlier versions stored drawings too, as cleaned SVG. */
const NAME = /^([0-9a-f]{16})-(\d+)x(\d+)\.(png|jpeg|webp|svg)$/;
/** Opened by itself it is a picture and nothing more, whatever slipped through. */
const CSP = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
const A_YEAR_S = 31_536_000;

interface Plan extends PictureSize {
  type: string;
  size: number;
  version: string;
  uploaded_at: string;
}

/** The routes of the plan: what there is, the picture, another, none. */
export function planRoutes({ config, log }: Services): Hono {
  const files = new FileStore(config.data_dir);
  const directory = files.planDirectory;
  const app = new Hono({ strict: false });
  const current = async () => {
    const plan = (await files.list(directory)).find(({ name }) => NAME.test(name));
    if (!plan) throw new HttpError(404, "The site has no plan");
    return plan;
  };
  app.get("/", async (c) => c.json(viewOf(await current())));
  app.put("/", async (c) => {
    const bytes = await readBytes(c, MAX_BYTES);
    const name = nameOf(bytes);
    const before = await files.list(directory);
    const saved = await files.save(new Blob([bytes]).stream(), { directory, name, max: bytes.length });
    for (const old of before) if (old.name !== name) await files.remove(`${directory}/${old.name}`);
    log.info("Replaced the site plan", { file: name, bytes: saved.size });
    return c.json(viewOf(await current()), 201);
  });
  app.delete("/", async (c) => {
    await current();
    for (const { name } of await files.list(directory)) await files.remove(`${directory}/${name}`);
    return c.body(null, 204);
  });
  app.get("/picture", async (c) => {
    const { name } = await current();
    return await picture(c, `${directory}/${name}`, name);
  });
  return app;
}

/** Returns the name that a picture is stored by. Throws HttpError 400 and 415. */
function nameOf(bytes: Uint8Array): string {
  const { width, height, ending } = checkedPicture(bytes);
  const version = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  return `${version}-${width}x${height}.${ending}`;
}

function viewOf({ name, size, at }: { name: string; size: number; at: string }): Plan {
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

/** The bytes; whoever asks for this version may keep them. */
async function picture(c: Context, path: string, name: string): Promise<Response> {
  const [, version = "", , , ending = ""] = NAME.exec(name) ?? [];
  const headers = {
    "content-type": typeOf(ending),
    "content-disposition": `inline; filename="plan.${ending}"`,
    "content-security-policy": CSP,
    "cache-control": c.req.query("v") === version
      ? `private, max-age=${A_YEAR_S}, immutable`
      : "private, no-cache",
    etag: `"${version}"`,
  };
  if (c.req.header("if-none-match")?.includes(version)) return new Response(null, { status: 304, headers });
  const file = await Deno.open(path).catch(() => null);
  if (!file) throw new HttpError(404, "The site has no plan");
  return new Response(file.readable, { headers });
}
