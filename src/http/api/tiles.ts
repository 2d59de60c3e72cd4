// /ocpp/tiles/: street tiles for the map: from the site's own map, else from the source that the site has chosen.
import { type Context, Hono } from "hono";
import type { Tile } from "../../map/tile_worker.ts";
import { VERSION } from "../../version.ts";
import { HttpError } from "../http_error.ts";
import type { Services } from "../services.ts";
import type { SiteMapView } from "../files/site_map.ts";
import { TileCache } from "../files/tile_cache.ts";

const MAX_BYTES = 200_000;
const PATIENCE_MS = 3000;
const KEEP_A_WEEK = "private, max-age=604800";
/** What OSM's servers send, with status 200, to whom they refuse: a picture of these many bytes. */
const BLOCKED_BYTES = 6987;
/** A picture that somebody opens by itself may do nothing. */
const CSP = "sandbox; default-src 'none'; style-src 'unsafe-inline'";

/** The route of the tiles. */
export function tileRoutes(services: Services, get: typeof fetch = fetch): Hono {
  const kept = new TileCache();
  const app = new Hono({ strict: false });
  app.get("/:z{\\d{1,2}}/:x{\\d{1,7}}/:y{\\d{1,7}}", async (c) => {
    const map = await services.map.view();
    if (map) return await ownTile(c, services, map);
    const { tile_url } = services.store.settings;
    if (tile_url === "") throw new HttpError(404, "The site has no source of map tiles: set tile_url");
    const { z, x, y } = c.req.param();
    const url = tile_url.replace("{z}", z).replace("{x}", x).replace("{y}", y);
    const tile = kept.get(url) ?? await load(url, get);
    if (!tile) throw new HttpError(404, "The tile cannot be fetched");
    kept.keep(url, tile);
    return answer(c, tile, KEEP_A_WEEK);
  });
  return app;
}

/** From the site's map; browsers keep it as long as the address names the file's version. */
async function ownTile(c: Context, { map }: Services, view: SiteMapView): Promise<Response> {
  const [z, x, y] = [Number(c.req.param("z")), Number(c.req.param("x")), Number(c.req.param("y"))];
  const inside = x < 2 ** z && y < 2 ** z;
  const tile = inside ? await map.tile({ z, x, y, dark: c.req.query("dark") === "1" }, view) : null;
  if (!tile) throw new HttpError(404, "The map has no such tile");
  return answer(c, tile, c.req.query("v") === view.version ? KEEP_A_WEEK : "no-cache");
}

function answer(c: Context, { bytes, type, packed }: Tile, cache: string): Response {
  const headers = { "content-type": type, "cache-control": cache, "content-security-policy": CSP };
  if (!packed) return c.body(bytes, 200, headers);
  const vary = { vary: "accept-encoding" };
  if (/\bgzip\b/.test(c.req.header("accept-encoding") ?? "")) {
    return c.body(bytes, 200, { ...headers, ...vary, "content-encoding": "gzip" });
  }
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return c.body(plain, 200, { ...headers, ...vary });
}

/** Null where there is no Internet, or no picture. */
async function load(url: string, get: typeof fetch): Promise<Tile | null> {
  const headers = { "user-agent": `ocpp-gateway/${VERSION}` };
  try {
    const answer = await get(url, { headers, redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
    const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
    const size = Number(answer.headers.get("content-length") ?? 0);
    if (!answer.ok || !/^image\/(png|jpeg|webp)$/.test(type) || size > MAX_BYTES) {
      await answer.body?.cancel();
      return null;
    }
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const blocked = bytes.length === BLOCKED_BYTES || bytes.length > MAX_BYTES;
    return blocked ? null : { bytes, type, packed: false };
  } catch {
    return null;
  }
}
