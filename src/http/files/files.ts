// Files between gateway and chargers: firmware downloads, uploads of diagnostics and logs, authorized by a token in the URL.
import { type Context, Hono } from "hono";
import type { Config } from "../../config.ts";
import type { Log } from "../../log.ts";
import type { Events } from "../../site/events.ts";
import { noteFile } from "../../site/files/jobs.ts";
import { grantOf } from "../../site/files/locations.ts";
import type { FileToken, Store } from "../../store/store.ts";
import { FileStore, fileTooLarge, type SavedFile } from "./file_store.ts";
import { HttpError } from "../http_error.ts";
import { fileBody } from "../input.ts";
import { onlyMethods } from "../methods.ts";

/** The parts that serve files to chargers. */
export interface FilesDeps {
  config: Pick<Config, "data_dir">;
  store: Store;
  events: Events;
  log: Log;
  /** ms since 1970. */
  now: () => number;
}

const MAX_FORM = 16_777_216; // forms are parsed in memory

/**
 * Returns the chargers' routes: `GET firmware/<token>/<name>` and `PUT` or `POST upload/<token>/<name>`. Some chargers
 * append a name of their own to the URL, so only the token is checked.
 */
export function filesApp(deps: FilesDeps): Hono {
  const files = new FileStore(deps.config.data_dir);
  const app = new Hono({ strict: false });
  app.get("/firmware/:token/*", async (c) => {
    const { name, charger_id } = granted(c, "firmware", deps);
    deps.log.info("A charger fetches firmware", { charger_id, file: name });
    return await files.response(files.firmwarePath(name), name, c.req.header("range"));
  });
  app.on(["PUT", "POST"], ["/upload/:token", "/upload/:token/*"], async (c) => {
    const grant = granted(c, "upload", deps);
    const saved = await upload(c, grant, { deps, files });
    deps.log.info("A charger uploaded a file", {
      charger_id: grant.charger_id,
      file: saved.name,
      size: saved.size,
    });
    await noteFile(grant.job_id, saved.name, deps);
    deps.events.emit("file", grant.charger_id, () => saved);
    return c.body(null, 201);
  });
  app.all("/firmware/:token/*", onlyMethods("GET"));
  for (const path of ["/upload/:token", "/upload/:token/*"]) app.all(path, onlyMethods("POST", "PUT"));
  return app;
}

/** Returns the grant of a token. Throws HttpError 404, which does not reveal if the token was ever valid. */
function granted(c: Context, purpose: FileToken["purpose"], deps: FilesDeps): FileToken {
  const grant = grantOf(c.req.param("token") ?? "", purpose, deps);
  if (!grant || !deps.store.chargers.has(grant.charger_id)) {
    throw new HttpError("not_found", "There is nothing at this address");
  }
  return grant;
}

async function upload(
  c: Context,
  grant: FileToken,
  { deps, files }: { deps: FilesDeps; files: FileStore },
): Promise<SavedFile> {
  const max = deps.store.settings.max_upload_bytes;
  const size = Number(c.req.header("content-length") ?? 0);
  if (size > max) throw fileTooLarge(max);
  const directory = files.chargerPath(grant.charger_id);
  const file = isForm(c) && size <= MAX_FORM ? await fileInForm(c) : null;
  const given = file?.name ?? new URL(c.req.url).pathname;
  const body = file?.stream() ?? fileBody(c);
  const saved = await files.save(body, { directory, name: nameFor(grant.name, given, deps.now()), max });
  await files.keepNewest(directory);
  return saved;
}

function isForm(c: Context): boolean {
  return /^multipart\/form-data\b/i.test(c.req.header("content-type") ?? "") &&
    c.req.header("content-length") !== undefined;
}

async function fileInForm(c: Context): Promise<File> {
  const form = await c.req.raw.formData().catch(() => new FormData());
  for (const value of form.values()) if (value instanceof File) return value;
  throw new HttpError("invalid_file", "The form contains no file");
}

/** Returns the name to store a file by: time, purpose, a random part, and the charger's own ending if it is harmless. */
function nameFor(what: string, given: string, now: number): string {
  const at = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  const random = crypto.randomUUID().slice(0, 6);
  const ending =
    /\.(log|txt|csv|json|xml|zip|gz|tgz|tar|bz2|xz|7z|bin|dat|enc|pcap)$/i.exec(given)?.[0].toLowerCase() ??
      ".bin";
  return `${at}Z-${what}-${random}${ending}`;
}
