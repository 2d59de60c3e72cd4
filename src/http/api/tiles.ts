// /ocpp/tiles/: street tiles for the map, where the site has chosen a source; fetched when they are looked at, never ahead.
import { Hono } from "hono";
import { VERSION } from "../../version.ts";
import { HttpError } from "../http_error.ts";
import type { Services } from "../services.ts";

const KEPT = 400; // tiles in memory: about 8 MB
const MAX_BYTES = 200_000;
const PATIENCE_MS = 3000;
const WEEK_S = 604_800;
/** What OSM's servers send, with status 200, to whom they refuse: a picture of these many bytes. */
const BLOCKED_BYTES = 6987;

interface Tile {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
}

/** The route of the tiles. */
export function tileRoutes({ store }: Services, get: typeof fetch = fetch): Hono {
  const kept = new Map<string, Tile>();
  const app = new Hono({ strict: false });
  app.get("/:z{\\d{1,2}}/:x{\\d{1,7}}/:y{\\d{1,7}}", async (c) => {
    const { z, x, y } = c.req.param();
    const { tile_url } = store.settings;
    if (tile_url === "") throw new HttpError(404, "The site has no source of map tiles");
    const url = tile_url.replace("{z}", z).replace("{x}", x).replace("{y}", y);
    const tile = kept.get(url) ?? await load(url, get);
    if (!tile) throw new HttpError(404, "The tile cannot be had");
    keep(kept, url, tile);
    return c.body(tile.bytes, 200, {
      "content-type": tile.type,
      "cache-control": `private, max-age=${WEEK_S}`,
    });
  });
  return app;
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
    return bytes.length === BLOCKED_BYTES || bytes.length > MAX_BYTES ? null : { bytes, type };
  } catch {
    return null;
  }
}

/** The one that was longest not looked at goes first. */
function keep(kept: Map<string, Tile>, url: string, tile: Tile): void {
  kept.delete(url);
  kept.set(url, tile);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
}
