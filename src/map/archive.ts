// A PMTiles 3 file: its header, what it says of itself, its tiles. Nothing in it is trusted.
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { Directory, type Entry, tileId } from "./directory.ts";

/** What a map file says of itself. */
export interface MapDescription {
  name: string;
  /** Bytes. */
  size: number;
  tile_type: TileType;
  min_zoom: number;
  max_zoom: number;
  /** West, south, east, north; null: it does not say. */
  bounds: [number, number, number, number] | null;
  /** Plain text. */
  attribution: string;
}

/** How tiles are kept. */
export type TileType = "mvt" | "png" | "jpeg" | "webp" | "avif";

interface Header {
  root: Entry;
  metadata: Entry;
  leaves: Entry;
  tiles: Entry;
  internal_compression: number;
  tile_compression: number;
}

const HEADER_BYTES = 127;
const ROOT_END = 16_384; // header and root directory are within (PMTiles 3, chapter 3)
const MAX_DIRECTORY_BYTES = 2_097_152;
const MAX_METADATA_BYTES = 2_097_152;
const MAX_TILE_BYTES = 8_388_608;
const MAX_DEPTH = 4;
const MAX_ZOOM = 22;
const KEPT_ENTRIES = 200_000; // of leaf directories: 6 MB
const TYPES: Record<number, TileType> = { 1: "mvt", 2: "png", 3: "jpeg", 4: "webp", 5: "avif" };
/** Layers that we can draw: of Protomaps' basemap, of OpenMapTiles. */
const DRAWN = /^(earth|water|roads|transportation)$/;

/** An open file. */
export class Archive implements Disposable {
  readonly description: MapDescription;
  readonly #file: Deno.FsFile;
  readonly #header: Header;
  readonly #root: Directory;
  readonly #leaves = new Map<number, Directory>();
  #kept_entries = 0;

  /** Opens and checks a file. Throws Error with a sentence without its subject. */
  constructor(path: string) {
    this.#file = Deno.openSync(path);
    try {
      const { size } = this.#file.statSync();
      const head = this.#read({ offset: 0, length: Math.min(size, HEADER_BYTES) });
      const view = headerView(head);
      this.#header = headerOf(view, size);
      this.#root = this.#directory(this.#header.root);
      this.description = describe(view, size, this.#metadata());
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  /** A tile's bytes, not compressed; null: it is not in the file. Throws Error. */
  tile(z: number, x: number, y: number): Uint8Array<ArrayBuffer> | null {
    const id = tileId(z, x, y);
    let entry = this.#root.find(id);
    for (let depth = 1; entry?.run_length === 0; depth++) {
      if (depth === MAX_DEPTH) throw new Error("has directories that lead nowhere");
      entry = this.#leaf(entry).find(id);
    }
    if (!entry || entry.length === 0) return null;
    const place = within(this.#header.tiles, entry, "a tile");
    return unpacked(this.#read(place, MAX_TILE_BYTES), this.#header.tile_compression, MAX_TILE_BYTES);
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  #leaf(entry: Entry): Directory {
    const known = this.#leaves.get(entry.offset);
    if (known) return known;
    const leaf = this.#directory(within(this.#header.leaves, entry, "a directory"));
    this.#kept_entries += leaf.size;
    if (this.#kept_entries > KEPT_ENTRIES) {
      this.#leaves.clear();
      this.#kept_entries = leaf.size;
    }
    this.#leaves.set(entry.offset, leaf);
    return leaf;
  }

  #directory(place: Entry): Directory {
    const packed = this.#read(place, MAX_DIRECTORY_BYTES);
    return new Directory(unpacked(packed, this.#header.internal_compression, MAX_DIRECTORY_BYTES));
  }

  #metadata(): Record<string, unknown> {
    const { metadata, internal_compression } = this.#header;
    if (metadata.length === 0) return {};
    const packed = this.#read(metadata, MAX_METADATA_BYTES);
    const text = new TextDecoder().decode(unpacked(packed, internal_compression, MAX_METADATA_BYTES));
    try {
      const value = JSON.parse(text);
      return typeof value === "object" && value !== null ? value : {};
    } catch {
      throw new Error("has metadata that is not JSON");
    }
  }

  #read({ offset, length }: Omit<Entry, "run_length">, max = HEADER_BYTES): Uint8Array<ArrayBuffer> {
    if (length > max) throw new Error(`has a part of more than ${max} bytes`);
    const bytes = new Uint8Array(length);
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    for (let at = 0; at < length;) {
      const read = this.#file.readSync(bytes.subarray(at));
      if (read === null) throw new Error("ends too early");
      at += read;
    }
    return bytes;
  }
}

function headerView(head: Uint8Array<ArrayBuffer>): DataView {
  if (new TextDecoder().decode(head.subarray(0, 7)) !== "PMTiles") throw new Error("is not a PMTiles file");
  if (head[7] !== 3) throw new Error(`is PMTiles version ${head[7]}, and 3 is wanted`);
  if (head.length < HEADER_BYTES) throw new Error("ends within its header");
  return new DataView(head.buffer);
}

function headerOf(view: DataView, size: number): Header {
  const part = (at: number, what: string): Entry => {
    const [offset, length] = [at, at + 8].map((place) => Number(view.getBigUint64(place, true)));
    return within({ offset: 0, length: size, run_length: 0 }, {
      offset: offset!,
      length: length!,
      run_length: 0,
    }, what);
  };
  const root = part(8, "its root directory");
  if (root.offset + root.length > ROOT_END) throw new Error("has a root directory that is too long");
  return {
    root,
    metadata: part(24, "its metadata"),
    leaves: part(40, "its directories"),
    tiles: part(56, "its tiles"),
    internal_compression: view.getUint8(97),
    tile_compression: view.getUint8(98),
  };
}

/** A part of a part, as a place in the file. Throws Error when it is not inside. */
function within(whole: Entry, part: Entry, what: string): Entry {
  if (part.offset + part.length <= whole.length) return { ...part, offset: whole.offset + part.offset };
  throw new Error(`ends before ${what}`);
}

function describe(view: DataView, size: number, metadata: Record<string, unknown>): MapDescription {
  const tile_type = TYPES[view.getUint8(99)];
  if (!tile_type) throw new Error("has tiles of an unknown type");
  const [min_zoom, max_zoom] = [view.getUint8(100), view.getUint8(101)];
  if (min_zoom > max_zoom || max_zoom > MAX_ZOOM) {
    throw new Error(`has zooms from ${min_zoom} to ${max_zoom}`);
  }
  if (tile_type === "mvt") checkLayers(metadata.vector_layers);
  return {
    name: plainText(metadata.name, 100),
    size,
    tile_type,
    min_zoom,
    max_zoom,
    bounds: boundsOf(view),
    attribution: plainText(metadata.attribution, 200),
  };
}

/** A file that names its layers must have one that we draw. Throws Error. */
function checkLayers(layers: unknown): void {
  if (!Array.isArray(layers) || layers.length === 0) return;
  const names = layers.map((layer) => String(layer?.id));
  if (names.some((name) => DRAWN.test(name))) return;
  const some = names.slice(0, 5).map((name) => name.slice(0, 30)).join(", ");
  throw new Error(`has layers (${some}) that are neither Protomaps' nor OpenMapTiles'`);
}

function boundsOf(view: DataView): MapDescription["bounds"] {
  const [west = 0, south = 0, east = 0, north = 0] = [102, 106, 110, 114].map((at) =>
    view.getInt32(at, true) / 1e7
  );
  const inside = west >= -180 && east <= 180 && south >= -90 && north <= 90;
  return inside && west < east && south < north ? [west, south, east, north] : null;
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', copy: "©", nbsp: " " };

/** Text without the HTML that attributions often are. */
function plainText(value: unknown, max: number): string {
  if (typeof value !== "string") return "";
  return value.slice(0, 10_000).replace(/<[^>]*>/g, "")
    .replace(/&(\w+);/g, (all, name) => ENTITIES[name] ?? all)
    // deno-lint-ignore no-control-regex
    .replace(/[\x00-\x1f\x7f]+/g, " ").trim().slice(0, max);
}

/** Throws Error for what is damaged, or larger than `max` bytes. */
function unpacked(bytes: Uint8Array<ArrayBuffer>, compression: number, max: number): Uint8Array<ArrayBuffer> {
  const gzip = compression === 2 || (compression === 0 && bytes[0] === 0x1f && bytes[1] === 0x8b);
  try {
    if (gzip) return plain(gunzipSync(bytes, { maxOutputLength: max }));
    if (compression === 3) return plain(brotliDecompressSync(bytes, { maxOutputLength: max }));
  } catch {
    throw new Error(`holds something that cannot be unpacked within ${max} bytes`);
  }
  if (compression > 1) throw new Error("is packed in a way that is not known here: gzip is");
  return bytes;
}

function plain(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
}
