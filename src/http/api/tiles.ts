// /ocpp/tiles/: street tiles, from the site's own map, else from the source that the settings name.
import type { Context } from "hono";
import type { Tile } from "../../map/tile_worker.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import type { Store } from "../../store/store.ts";
import { VERSION } from "../../version.ts";
import type { SiteMap, SiteMapView } from "../files/site_map.ts";
import { TileCache } from "../files/tile_cache.ts";
import { HttpError } from "../http_error.ts";
import { route } from "../route.ts";

const MAX_BYTES = 200_000;
const PATIENCE_MS = 3000;
const KEEP_A_WEEK = "private, max-age=604800";
/** The size of the picture that OSM's servers send, with status 200, to clients that they refuse. */
const BLOCKED_BYTES = 6987;
/** CSP of a tile opened by itself, which allows nothing. */
const CSP = "sandbox; default-src 'none'; style-src 'unsafe-inline'";

/** Fetches tiles from the Internet, and caches the newest. */
export class TileSource {
  readonly #kept = new TileCache();
  readonly #fetch: typeof fetch;

  /** `get`: fetch, unless a test has its own. */
  constructor(get: typeof fetch = fetch) {
    this.#fetch = get;
  }

  /** Returns the tile at a URL; null if it cannot be fetched or is not a picture. */
  async tile(url: string): Promise<Tile | null> {
    const tile = this.#kept.get(url) ?? await load(url, this.#fetch);
    if (tile) this.#kept.keep(url, tile);
    return tile;
  }
}

interface TileDeps {
  map: Pick<SiteMap, "view" | "tile">;
  store: Pick<Store, "settings">;
  tiles: TileSource;
}

/** The routes of /ocpp/tiles/. */
export const tileRoutes = [
  route({
    method: "GET",
    path: "/ocpp/tiles/{z}/{x}/{y}",
    role: "viewer",
    summary: "A tile of the street map: from the site's own, or from the setting tile_url",
    query: Type.Object({
      dark: Type.Optional(Type.String({ description: "1: for dark screens" })),
      v: Type.Optional(Type.String({ description: "The map's version; such answers may be cached" })),
    }),
    response: "image/*",
    async handle({ params: { z, x, y }, query, c }, deps: TileDeps) {
      if (!/^\d{1,2}\/\d{1,7}\/\d{1,7}$/.test(`${z}/${x}/${y}`)) throw noTile("The map has no such tile");
      const map = await deps.map.view();
      if (map) return await ownTile(c, deps, { view: map, dark: query.dark === "1", version: query.v });
      const { tile_url } = deps.store.settings;
      if (tile_url === "") throw noTile("The site has no source of map tiles: set tile_url");
      const url = tile_url.replace("{z}", z).replace("{x}", x).replace("{y}", y);
      const tile = await deps.tiles.tile(url);
      if (!tile) throw noTile("The tile cannot be fetched");
      return answer(c, tile, KEEP_A_WEEK);
    },
  }),
];

interface Wanted {
  view: SiteMapView;
  dark: boolean;
  version: string | undefined;
}

/** A tile of the site's map; browsers keep it as long as the address names the file's version. */
async function ownTile(c: Context, { map }: TileDeps, { view, dark, version }: Wanted): Promise<Response> {
  const [z, x, y] = [Number(c.req.param("z")), Number(c.req.param("x")), Number(c.req.param("y"))];
  const inside = x < 2 ** z && y < 2 ** z;
  const tile = inside ? await map.tile({ z, x, y, dark }, view) : null;
  if (!tile) throw noTile("The map has no such tile");
  return answer(c, tile, version === view.version ? KEEP_A_WEEK : "no-cache");
}

function noTile(text: string): HttpError {
  return new HttpError("not_found", text, { values: { kind: "tile" } });
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
