// A Mapbox Vector Tile 2, read feature by feature without keeping it; what is not asked for is passed over.
import { Reader } from "./protobuf.ts";

/** A feature's kind of geometry. */
export const POINT = 1, LINE = 2, POLYGON = 3;

/** Lines as flat points: part `n` ends before index `ends[n]`. */
export interface Geometry {
  points: number[];
  ends: number[];
}

/** A property's value. */
export type Value = string | number | undefined;

type Span = [at: number, end: number];

const MAX_MS = 8_000; // on a Raspberry Pi the densest tiles take one
const LOOK_EVERY = 1024;
const MAX_LAYERS = 200;
const MAX_FEATURES = 200_000; // a tile; ten times what the densest cities have
const MAX_POINTS = 1_000_000;
const MAX_NAMES = 100_000;
const MAX_TEXT_BYTES = 200;
const MAX_EXTENT = 65_536;
const FAR = 1e6; // a hundred tiles away

/** What may be read of one tile, counted over all its layers: nobody can interrupt a worker that counts for ever (Deno 2.9). */
export class Allowance {
  readonly #until: number;
  #layers = 0;
  #features = 0;
  #points = 0;

  constructor(ms = MAX_MS) {
    this.#until = performance.now() + ms;
  }

  /** Throws Error. */
  layer(): void {
    if (++this.#layers > MAX_LAYERS) throw new Error(`has a tile of more than ${MAX_LAYERS} layers`);
  }

  /** Throws Error. */
  feature(): void {
    if (++this.#features > MAX_FEATURES) throw new Error(`has a tile of more than ${MAX_FEATURES} features`);
    this.#look(this.#features);
  }

  /** Throws Error. */
  point(): void {
    if (++this.#points > MAX_POINTS) throw new Error(`has a tile of more than ${MAX_POINTS} points`);
    this.#look(this.#points);
  }

  #look(count: number): void {
    if (count % LOOK_EVERY === 0 && performance.now() > this.#until) {
      throw new Error("has a tile that takes too long");
    }
  }
}

/** The layers of a tile that `wanted` says yes to. Throws Error. */
export function* layersOf(
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
  allowance = new Allowance(),
): Generator<Layer> {
  const tile = new Reader(bytes);
  while (tile.next()) {
    if (tile.field !== 3) tile.skip();
    else {
      allowance.layer();
      const layer = new Layer(bytes, tile.message(), allowance);
      if (wanted(layer.name)) yield layer;
    }
  }
}

/** A layer: its features one after another. */
export class Layer {
  name = "";
  extent = 4096;
  readonly #bytes: Uint8Array;
  readonly #allowance: Allowance;
  readonly #features: Span[] = [];
  readonly #keys: string[] = [];
  readonly #places: Span[] = [];
  readonly #values: Value[] = [];

  constructor(bytes: Uint8Array, reader: Reader, allowance: Allowance) {
    this.#bytes = bytes;
    this.#allowance = allowance;
    while (reader.next()) this.#take(reader);
    if (!(this.extent >= 1 && this.extent <= MAX_EXTENT)) throw new Error("has a tile without extent");
  }

  /** Calls `each` with the feature's properties that are named in `keys`, in their order. Throws Error. */
  read(keys: readonly string[], each: (feature: Feature) => void): void {
    const slots = this.#keys.map((key) => keys.indexOf(key));
    for (const span of this.#features) each(this.#feature(span, slots));
  }

  #take(reader: Reader): void {
    if (reader.field === 1) this.name = reader.text(MAX_TEXT_BYTES);
    else if (reader.field === 2) {
      this.#allowance.feature();
      this.#features.push(reader.span());
    } else if (reader.field === 3) this.#keys.push(limited(reader, this.#keys).text(MAX_TEXT_BYTES));
    else if (reader.field === 4) this.#places.push(limited(reader, this.#places).span());
    else if (reader.field === 5) this.extent = reader.varint();
    else reader.skip();
  }

  #feature([at, end]: Span, slots: readonly number[]): Feature {
    const reader = new Reader(this.#bytes, at, end);
    const feature = new Feature(this.#allowance);
    while (reader.next()) {
      if (reader.field === 2) this.#tags(reader.message(), slots, feature.properties);
      else if (reader.field === 3) feature.type = reader.varint();
      else if (reader.field === 4) feature.encoded = reader.message();
      else reader.skip();
    }
    return feature;
  }

  #tags(reader: Reader, slots: readonly number[], properties: Value[]): void {
    while (!reader.done) {
      const slot = slots[reader.varint()] ?? -1;
      const value = reader.varint();
      if (slot >= 0) properties[slot] = this.#value(value);
    }
  }

  #value(index: number): Value {
    const place = this.#places[index];
    if (place) this.#values[index] ??= valueOf(new Reader(this.#bytes, ...place));
    return this.#values[index];
  }
}

/** A feature while it is looked at. */
export class Feature {
  type = 0;
  properties: Value[] = [];
  encoded: Reader | null = null;
  readonly #allowance: Allowance;

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  /** Its points, moved by `place`; a ring's last point is not repeated. Throws Error. */
  geometry(place: (x: number, y: number) => [number, number]): Geometry {
    const geometry: Geometry = { points: [], ends: [] };
    const reader = this.encoded;
    let [x, y] = [0, 0];
    while (reader && !reader.done) {
      const command = reader.varint();
      if (command % 8 === 7) continue; // closes a ring
      if (command % 8 > 2) throw new Error("has a line of an unknown kind");
      for (let count = Math.floor(command / 8); count > 0; count--) {
        this.#allowance.point();
        x = near(x + reader.signed());
        y = near(y + reader.signed());
        if (command % 8 === 1 && geometry.points.length) geometry.ends.push(geometry.points.length);
        geometry.points.push(...place(x, y));
      }
    }
    geometry.ends.push(geometry.points.length);
    return geometry;
  }
}

function limited(reader: Reader, known: readonly unknown[]): Reader {
  if (known.length < MAX_NAMES) return reader;
  throw new Error(`has a layer of more than ${MAX_NAMES} names`);
}

function near(value: number): number {
  return Math.max(-FAR, Math.min(FAR, value));
}

function valueOf(reader: Reader): Value {
  let value: Value;
  while (reader.next()) {
    if (reader.field === 1) value = reader.text(MAX_TEXT_BYTES);
    else if (reader.field === 6) value = reader.signed();
    else if (reader.field >= 2 && reader.field <= 7) value = reader.number();
    else reader.skip();
  }
  return value;
}
