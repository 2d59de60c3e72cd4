// Reader of Mapbox Vector Tiles 2. The counts in a tile are checked first, since few bytes can demand unlimited memory.
import { VectorTile, type VectorTileFeature, type VectorTileLayer } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import { MapError } from "./map_error.ts";

/** The geometry type of a feature. */
export const POINT = 1, LINE = 2, POLYGON = 3;

/** Lines as a flat list of points: line `n` ends before index `ends[n]`. */
export interface Geometry {
  points: number[];
  ends: number[];
}

const MAX_MS = 8_000; // on a Raspberry Pi the densest tiles take one
const LOOK_EVERY = 1024;
const MAX_LAYERS = 200;
const MAX_FEATURES = 200_000; // of a tile; ten times what the densest cities have
const MAX_POINTS = 1_000_000;
const MAX_NAMES = 100_000; // keys and values of a tile
const MAX_EXTENT = 65_536;
const FAR = 1e6; // a hundred tiles away
/** Fields with their wire type (Mapbox Vector Tile 2, chapter 4). */
const LAYER = 26, FEATURE = 18, KEY = 26, VALUE = 34, GEOMETRY = 34;
const MOVE_TO = 1, LINE_TO = 2, CLOSE_PATH = 7;

/** Returns the layers of a tile. Throws MapError if it is damaged or exceeds the limits. */
export function layersOf(bytes: Uint8Array, limits: { ms: number } = { ms: MAX_MS }): VectorTileLayer[] {
  new TileCount(bytes, limits.ms).check();
  const layers = Object.values(new VectorTile(new PbfReader(bytes)).layers);
  if (layers.some(({ extent }) => !(extent >= 1 && extent <= MAX_EXTENT))) {
    throw new MapError("has a tile without extent");
  }
  return layers;
}

/** Returns a feature's points, moved by `place`; a ring's first point is not repeated at its end. Throws MapError. */
export function geometryOf(
  feature: VectorTileFeature,
  place: (x: number, y: number) => [number, number],
): Geometry {
  const geometry: Geometry = { points: [], ends: [] };
  for (const line of feature.loadGeometry()) {
    const closed = feature.type === POLYGON && line.length > 1;
    for (const { x, y } of closed ? line.slice(0, -1) : line) {
      geometry.points.push(...place(near(x), near(y)));
    }
    geometry.ends.push(geometry.points.length);
  }
  return geometry;
}

function near(value: number): number {
  return Math.max(-FAR, Math.min(FAR, value));
}

type Readers = Record<number, (end: number) => void>;

/** The counts of one tile, compared with limits before it is read: the package's reader trusts them. */
class TileCount {
  readonly #pbf: PbfReader;
  readonly #until: number;
  #layers = 0;
  #features = 0;
  #points = 0;
  #names = 0;
  readonly #of_tile: Readers = { [LAYER]: (end) => this.#layer(end) };
  readonly #of_layer: Readers = {
    [FEATURE]: (end) => this.#feature(end),
    [KEY]: (end) => this.#name(end),
    [VALUE]: (end) => this.#name(end),
  };
  readonly #of_feature: Readers = { [GEOMETRY]: (end) => this.#geometry(end) };

  constructor(bytes: Uint8Array, ms: number) {
    this.#pbf = new PbfReader(bytes);
    this.#until = performance.now() + ms;
  }

  /** Throws MapError. */
  check(): void {
    this.#fields(this.#pbf.length, this.#of_tile);
  }

  #layer(end: number): void {
    if (++this.#layers > MAX_LAYERS) throw new MapError(`has a tile of more than ${MAX_LAYERS} layers`);
    this.#fields(end, this.#of_layer);
  }

  #name(end: number): void {
    if (++this.#names > MAX_NAMES) throw new MapError(`has a tile of more than ${MAX_NAMES} names`);
    this.#pbf.pos = end;
  }

  #feature(end: number): void {
    if (++this.#features > MAX_FEATURES) {
      throw new MapError(`has a tile of more than ${MAX_FEATURES} features`);
    }
    if (this.#features % LOOK_EVERY === 0 && performance.now() > this.#until) {
      throw new MapError("has a tile that takes too long");
    }
    this.#fields(end, this.#of_feature);
  }

  #geometry(end: number): void {
    const pbf = this.#pbf;
    while (pbf.pos < end) {
      const command = pbf.readVarint();
      const [kind, times] = [command & 7, command >>> 3];
      if (kind === CLOSE_PATH && times > 1) throw new MapError("has a ring that closes more than once");
      if (kind === CLOSE_PATH) continue;
      if (kind !== MOVE_TO && kind !== LINE_TO) throw new MapError("has a line of an unknown kind");
      this.#points += times;
      if (this.#points > MAX_POINTS) throw new MapError(`has a tile of more than ${MAX_POINTS} points`);
      for (let numbers = 2 * times; numbers > 0; numbers--) pbf.readVarint();
    }
    if (pbf.pos > end) throw new MapError("has a line that ends within a number");
  }

  /** Reads a message; each of `readers` leaves the position at the end of its field. */
  #fields(end: number, readers: Readers): void {
    const pbf = this.#pbf;
    if (end > pbf.length) throw new MapError("has a tile that ends within a field");
    while (pbf.pos < end) {
      const tag = pbf.readVarint();
      const reader = readers[tag];
      if (reader) reader(pbf.readVarint() + pbf.pos);
      else pbf.skip(tag);
    }
  }
}
