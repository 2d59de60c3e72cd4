// A cache of map tiles in memory.
import type { Tile } from "../../map/tile_worker.ts";

const MAX_BYTES = 8_388_608;
const NOTHING_BYTES = 200; // for the entry of a missing tile

/** Evicts the least recently used tiles when it is full. */
export class TileCache {
  readonly #tiles = new Map<string, Tile | null>();
  #bytes = 0;

  /** Returns a tile; null: the map has none there; undefined: not cached. */
  get(name: string): Tile | null | undefined {
    const tile = this.#tiles.get(name);
    if (tile === undefined) return undefined;
    this.#tiles.delete(name);
    this.#tiles.set(name, tile);
    return tile;
  }

  keep(name: string, tile: Tile | null): void {
    this.#forget(name);
    this.#tiles.set(name, tile);
    this.#bytes += sizeOf(tile);
    while (this.#bytes > MAX_BYTES) this.#forget(this.#tiles.keys().next().value!);
  }

  clear(): void {
    this.#tiles.clear();
    this.#bytes = 0;
  }

  #forget(name: string): void {
    const tile = this.#tiles.get(name);
    if (tile !== undefined) this.#bytes -= sizeOf(tile);
    this.#tiles.delete(name);
  }
}

function sizeOf(tile: Tile | null): number {
  return NOTHING_BYTES + (tile?.bytes.length ?? 0);
}
