// Reader of PMTiles 3 files: header, metadata, tiles. All sizes are bounded, since the file is not trusted.
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { bytesToHeader, type Entry, findTile, type Header, readVarint, zxyToTileId } from "pmtiles";
import { MapError } from "./map_error.ts";

/** The description of a map file in its header and metadata. */
export interface MapDescription {
  name: string;
  /** Bytes. */
  size: number;
  tile_type: TileType;
  min_zoom: number;
  max_zoom: number;
  /** West, south, east, north, degrees; null if the file does not state them. */
  bounds: [number, number, number, number] | null;
  /** Plain text. */
  attribution: string;
}

/** The format of the tiles. */
export type TileType = "mvt" | "png" | "jpeg" | "webp" | "avif";

/** A range of the file, bytes. */
interface Part {
  offset: number;
  length: number;
}

const HEADER_BYTES = 127;
const ROOT_END = 16_384; // header and root directory are within (PMTiles 3, chapter 3)
const MAX_DIRECTORY_BYTES = 1_048_576;
const MAX_METADATA_BYTES = 2_097_152;
const MAX_TILE_BYTES = 8_388_608;
const MAX_DEPTH = 4;
const MAX_ZOOM = 22;
const MIN_ENTRY_BYTES = 4; // one in each column
const KEPT_ENTRIES = 100_000; // of leaf directories: 10 MB
const TYPES: Record<number, TileType> = { 1: "mvt", 2: "png", 3: "jpeg", 4: "webp", 5: "avif" };
/** Layers that can be drawn: those of Protomaps' basemap and of OpenMapTiles. */
const DRAWN = /^(earth|water|roads|transportation)$/;

/** An open map file. */
export class Archive implements Disposable {
  readonly description: MapDescription;
  readonly #file: Deno.FsFile;
  readonly #header: Header;
  readonly #root: Entry[];
  readonly #leaves = new Map<number, Entry[]>();
  #kept_entries = 0;

  /** Opens and checks a file. Throws MapError. */
  constructor(path: string) {
    this.#file = Deno.openSync(path);
    try {
      const { size } = this.#file.statSync();
      this.#header = headerOf(this.#read({ offset: 0, length: Math.min(size, HEADER_BYTES) }), size);
      const { rootDirectoryOffset: offset, rootDirectoryLength: length } = this.#header;
      this.#root = this.#directory({ offset, length });
      this.description = describe(this.#header, size, this.#metadata());
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  /** Returns the uncompressed bytes of a tile; null if the file does not have it. Throws MapError. */
  tile(z: number, x: number, y: number): Uint8Array<ArrayBuffer> | null {
    const id = zxyToTileId(z, x, y);
    let entry = findTile(this.#root, id);
    for (let depth = 1; entry?.runLength === 0; depth++) {
      if (depth === MAX_DEPTH) throw new MapError("has directories that lead nowhere");
      entry = findTile(this.#leaf(entry), id);
    }
    if (!entry || entry.length === 0) return null;
    const { tileDataOffset, tileDataLength, tileCompression } = this.#header;
    const place = within({ offset: tileDataOffset, length: tileDataLength }, entry, "a tile");
    return unpacked(this.#read(place, MAX_TILE_BYTES), tileCompression, MAX_TILE_BYTES);
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  #leaf(entry: Entry): Entry[] {
    const known = this.#leaves.get(entry.offset);
    if (known) return known;
    const { leafDirectoryOffset: offset, leafDirectoryLength = 0 } = this.#header;
    const leaf = this.#directory(within({ offset, length: leafDirectoryLength }, entry, "a directory"));
    this.#kept_entries += leaf.length;
    if (this.#kept_entries > KEPT_ENTRIES) {
      this.#leaves.clear();
      this.#kept_entries = leaf.length;
    }
    this.#leaves.set(entry.offset, leaf);
    return leaf;
  }

  #directory(part: Part): Entry[] {
    const packed = this.#read(part, MAX_DIRECTORY_BYTES);
    return entriesOf(unpacked(packed, this.#header.internalCompression, MAX_DIRECTORY_BYTES));
  }

  #metadata(): Record<string, unknown> {
    const { jsonMetadataOffset: offset, jsonMetadataLength: length, internalCompression } = this.#header;
    if (length === 0) return {};
    const packed = this.#read({ offset, length }, MAX_METADATA_BYTES);
    const text = new TextDecoder().decode(unpacked(packed, internalCompression, MAX_METADATA_BYTES));
    try {
      const value = JSON.parse(text);
      return typeof value === "object" && value !== null ? value : {};
    } catch {
      throw new MapError("has metadata that is not JSON");
    }
  }

  #read({ offset, length }: Part, max = HEADER_BYTES): Uint8Array<ArrayBuffer> {
    if (length > max) throw new MapError(`has a part of more than ${max} bytes`);
    const bytes = new Uint8Array(length);
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    for (let at = 0; at < length;) {
      const read = this.#file.readSync(bytes.subarray(at));
      if (read === null) throw new MapError("ends too early");
      at += read;
    }
    return bytes;
  }
}

function headerOf(head: Uint8Array<ArrayBuffer>, size: number): Header {
  if (new TextDecoder().decode(head.subarray(0, 7)) !== "PMTiles") {
    throw new MapError("is not a PMTiles file");
  }
  if (head[7] !== 3) throw new MapError(`is PMTiles version ${head[7]}, and 3 is wanted`);
  if (head.length < HEADER_BYTES) throw new MapError("ends within its header");
  const header = bytesToHeader(head.buffer);
  const whole = { offset: 0, length: size };
  const parts = [
    [header.rootDirectoryOffset, header.rootDirectoryLength, "its root directory"],
    [header.jsonMetadataOffset, header.jsonMetadataLength, "its metadata"],
    [header.leafDirectoryOffset, header.leafDirectoryLength ?? 0, "its directories"],
    [header.tileDataOffset, header.tileDataLength ?? 0, "its tiles"],
  ] as const;
  for (const [offset, length, name] of parts) within(whole, { offset, length }, name);
  if (header.rootDirectoryOffset + header.rootDirectoryLength > ROOT_END) {
    throw new MapError("has a root directory that is too long");
  }
  return header;
}

/** Returns the range in the file of a part of a range. Throws MapError if it is not inside. */
function within(whole: { offset: number; length?: number | undefined }, part: Part, name: string): Part {
  if (part.offset + part.length > (whole.length ?? 0)) throw new MapError(`ends before ${name}`);
  return { offset: whole.offset + part.offset, length: part.length };
}

/** Reads a directory's columns (PMTiles 3, chapter 4); the package pmtiles trusts the count in front of them. */
function entriesOf(bytes: Uint8Array): Entry[] {
  const reader = { buf: bytes, pos: 0 };
  const number = () => {
    if (reader.pos >= bytes.length) throw new MapError("has a directory that is shorter than it says");
    try {
      return readVarint(reader);
    } catch {
      throw new MapError("has a directory with a number that is too large");
    }
  };
  const count = number();
  if (count > bytes.length / MIN_ENTRY_BYTES) {
    throw new MapError("has a directory that is shorter than it says");
  }
  const column = () => Array.from({ length: count }, number);
  const [steps, runs, lengths, offsets] = [column(), column(), column(), column()];
  let [tileId, end] = [0, 0];
  return steps.map((step, index) => {
    const [length, given] = [lengths[index]!, offsets[index]!];
    const offset = given === 0 ? end : given - 1; // 0: right behind the one before
    end = offset + length;
    return { tileId: tileId += step, offset, length, runLength: runs[index]! };
  });
}

function describe(header: Header, size: number, metadata: Record<string, unknown>): MapDescription {
  const { tileType, minZoom: min_zoom, maxZoom: max_zoom } = header;
  const tile_type = TYPES[tileType];
  if (!tile_type) throw new MapError("has tiles of an unknown type");
  if (min_zoom > max_zoom || max_zoom > MAX_ZOOM) {
    throw new MapError(`has zooms from ${min_zoom} to ${max_zoom}`);
  }
  if (tile_type === "mvt") checkLayers(metadata.vector_layers);
  return {
    name: plainText(metadata.name, 100),
    size,
    tile_type,
    min_zoom,
    max_zoom,
    bounds: boundsOf(header),
    attribution: plainText(metadata.attribution, 200),
  };
}

/** Throws MapError if the file names its layers and none of them can be drawn. */
function checkLayers(layers: unknown): void {
  if (!Array.isArray(layers) || layers.length === 0) return;
  const names = layers.map((layer) => String(layer?.id));
  if (names.some((name) => DRAWN.test(name))) return;
  const some = names.slice(0, 5).map((name) => name.slice(0, 30)).join(", ");
  throw new MapError(`has layers (${some}) that are neither Protomaps' nor OpenMapTiles'`);
}

function boundsOf(
  { minLon: west, minLat: south, maxLon: east, maxLat: north }: Header,
): MapDescription["bounds"] {
  const inside = west >= -180 && east <= 180 && south >= -90 && north <= 90;
  return inside && west < east && south < north ? [west, south, east, north] : null;
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', copy: "©", nbsp: " " };

/** Removes the HTML of which attributions often consist. */
function plainText(value: unknown, max: number): string {
  if (typeof value !== "string") return "";
  return value.slice(0, 10_000).replace(/<[^>]*>/g, "")
    .replace(/&(\w+);/g, (all, name) => ENTITIES[name] ?? all)
    // deno-lint-ignore no-control-regex
    .replace(/[\x00-\x1f\x7f]+/g, " ").trim().slice(0, max);
}

/** Decompresses bytes. Throws MapError if they are damaged, or larger than `max` bytes. */
function unpacked(bytes: Uint8Array<ArrayBuffer>, compression: number, max: number): Uint8Array<ArrayBuffer> {
  const gzip = compression === 2 || (compression === 0 && bytes[0] === 0x1f && bytes[1] === 0x8b);
  try {
    if (gzip) return plain(gunzipSync(bytes, { maxOutputLength: max }));
    if (compression === 3) return plain(brotliDecompressSync(bytes, { maxOutputLength: max }));
  } catch {
    throw new MapError(`holds something that cannot be unpacked within ${max} bytes`);
  }
  if (compression > 1) throw new MapError("is packed in a way that is not known here: gzip is");
  return bytes;
}

function plain(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
}
