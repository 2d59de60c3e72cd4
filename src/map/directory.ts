// A directory of a PMTiles file: which tile is where (PMTiles 3, chapter 4).
import { Reader } from "./protobuf.ts";

/** Where a tile is, or with `run_length` 0 a directory below this one. */
export interface Entry {
  offset: number;
  length: number;
  run_length: number;
}

const MIN_ENTRY_BYTES = 4; // a byte in each column

/** Entries in columns, by tile id. */
export class Directory {
  readonly #ids: Float64Array;
  readonly #runs: Float64Array;
  readonly #lengths: Float64Array;
  readonly #offsets: Float64Array;

  /** Reads a directory that is not compressed any more. Throws Error. */
  constructor(bytes: Uint8Array) {
    const reader = new Reader(bytes);
    const count = reader.varint();
    if (count > bytes.length / MIN_ENTRY_BYTES) {
      throw new Error("has a directory that is shorter than it says");
    }
    const column = () => new Float64Array(count).map(() => reader.varint());
    let id = 0;
    this.#ids = column().map((step) => id += step);
    this.#runs = column();
    this.#lengths = column();
    let end = 0;
    this.#offsets = column().map((offset, index) => {
      const at = offset === 0 ? end : offset - 1; // 0: right behind the one before
      end = at + this.#lengths[index]!;
      return at;
    });
  }

  get size(): number {
    return this.#ids.length;
  }

  /** The entry that a tile is in, or null. */
  find(id: number): Entry | null {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ids[middle]! <= id) low = middle + 1;
      else high = middle;
    }
    const index = low - 1;
    if (index < 0) return null;
    const run_length = this.#runs[index]!;
    if (run_length > 0 && id >= this.#ids[index]! + run_length) return null;
    return { run_length, offset: this.#offsets[index]!, length: this.#lengths[index]! };
  }
}

/** A tile's number: zoom by zoom, within one along Hilbert's curve (PMTiles 3, chapter 4.1). */
export function tileId(z: number, x: number, y: number): number {
  let id = (4 ** z - 1) / 3;
  for (let side = 2 ** (z - 1); side >= 1; side /= 2) {
    const right = Math.floor(x / side) % 2;
    const low = Math.floor(y / side) % 2;
    id += side * side * ((3 * right) ^ low);
    [x, y] = turned(x % side, y % side, { side, right, low });
  }
  return id;
}

function turned(
  x: number,
  y: number,
  { side, right, low }: { side: number; right: number; low: number },
): [number, number] {
  if (low === 1) return [x, y];
  return right === 1 ? [side - 1 - y, side - 1 - x] : [y, x];
}
