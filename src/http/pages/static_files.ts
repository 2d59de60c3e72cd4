// Static files: `static/`, and the bundled admin, precompressed and with hashed names.
import { node } from "../../node.ts";
import { type Context, Hono } from "hono";
import { STATIC } from "../../paths.ts";
import { onlyMethods } from "../methods.ts";

const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  woff2: "font/woff2",
};

const FOREVER = "public, max-age=31536000, immutable";
const REVALIDATE = "no-cache";

interface StaticFile {
  bytes: Uint8Array<ArrayBuffer>;
  etag: string;
  /** Compressed versions by content-encoding. */
  encodings: Map<string, Uint8Array<ArrayBuffer>>;
}

/** Serves `/static/*` and `/admin/*` from a folder; every page of the admin is its index.html. */
export function staticRoutes(root: URL = STATIC): Hono {
  const files = new Map<string, Promise<StaticFile | null>>();
  const fileAt = (path: string) => {
    const known = files.get(path) ?? readFile(root, path);
    if (!files.has(path)) {
      files.set(path, known);
      known.then((file) => file ?? files.delete(path), () => files.delete(path));
    }
    return known;
  };
  const app = new Hono();
  app.get(
    "/static/*",
    async (c) => await serve(c, fileAt, c.req.path.slice("/static/".length)) ?? c.notFound(),
  );
  app.get("/admin/*", async (c) => {
    if (new URL(c.req.url).pathname === "/admin") return c.redirect("/admin/", 308);
    const path = c.req.path.slice(1);
    const page = path.startsWith("admin/assets/") ? null : "admin/index.html";
    return await serve(c, fileAt, page ?? path) ?? (page ? notBuilt(c) : c.notFound());
  });
  for (const path of ["/static/*", "/admin/*"]) app.all(path, onlyMethods("GET"));
  return app;
}

async function serve(c: Context, fileAt: (path: string) => Promise<StaticFile | null>, path: string) {
  const file = /^[\w./-]+$/.test(path) && !path.includes("..") ? await fileAt(path) : null;
  return file && answer(c, path, file);
}

function notBuilt(c: Context): Response {
  return c.text("The admin is not built: run `deno task bundle`", 503);
}

async function readFile(root: URL, path: string): Promise<StaticFile | null> {
  const bytes = await readBytes(new URL(path, root));
  if (!bytes) return null;
  const encodings = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [encoding, ending] of [["br", ".br"], ["gzip", ".gz"]] as const) {
    const twin = await readBytes(new URL(path + ending, root));
    if (twin) encodings.set(encoding, twin);
  }
  return {
    bytes,
    encodings,
    etag: node("crypto").createHash("sha256").update(bytes).digest("base64url").slice(0, 20),
  };
}

async function readBytes(url: URL): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await Deno.readFile(url);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory) return null;
    if (error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}

function answer(c: Context, path: string, { bytes, etag, encodings }: StaticFile): Response {
  const range = c.req.header("range");
  const encoding = range ? undefined : chosenEncoding(c.req.header("accept-encoding"), encodings);
  const tag = encoding ? `"${etag}-${encoding}"` : `"${etag}"`;
  const headers: Record<string, string> = {
    etag: tag,
    "accept-ranges": "bytes",
    "content-type": TYPES[path.split(".").at(-1)!] ?? "application/octet-stream",
    "cache-control": /[-.][0-9A-Z]{8}\.\w+$|-\d+\.woff2$/.test(path) ? FOREVER : REVALIDATE,
    ...(encodings.size > 0 ? { vary: "accept-encoding" } : {}),
  };
  if (matches(c.req.header("if-none-match"), etag)) return new Response(null, { status: 304, headers });
  if (range) return partOf(bytes, range, c.req.header("if-range"), tag, headers);
  if (!encoding) return new Response(bytes, { headers });
  return new Response(encodings.get(encoding)!, { headers: { ...headers, "content-encoding": encoding } });
}

function chosenEncoding(accept: string | undefined, encodings: StaticFile["encodings"]): string | undefined {
  const wanted = (accept ?? "").toLowerCase().split(",").map((part) => part.trim().split(/;\s*q=/));
  const refused = (name: string) => wanted.some(([word, q]) => word === name && Number(q ?? 1) === 0);
  return [...encodings.keys()].find((name) =>
    !refused(name) && wanted.some(([word]) => word === name || word === "*")
  );
}

/** Returns true if the browser has this file already, in any encoding. */
function matches(header: string | undefined, etag: string): boolean {
  return header !== undefined && (header.trim() === "*" || header.includes(`"${etag}`));
}

/** Answers with one range of a file (RFC 9110 §14); several ranges, or malformed ones, give the whole file. */
function partOf(
  bytes: Uint8Array<ArrayBuffer>,
  range: string,
  condition: string | undefined,
  tag: string,
  headers: Record<string, string>,
): Response {
  const match = /^bytes=(\d*)-(\d*)$/.exec(range.trim());
  if (!match || (match[1] === "" && match[2] === "")) return new Response(bytes, { headers });
  if (condition !== undefined && condition !== tag) return new Response(bytes, { headers });
  const size = bytes.length;
  const from = match[1] === "" ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const to = match[1] === "" || match[2] === "" ? size - 1 : Math.min(size - 1, Number(match[2]));
  if (from > to || from >= size) {
    return new Response(null, { status: 416, headers: { ...headers, "content-range": `bytes */${size}` } });
  }
  const part = { ...headers, "content-range": `bytes ${from}-${to}/${size}` };
  return new Response(bytes.subarray(from, to + 1), { status: 206, headers: part });
}
