// Map files for tests: PMTiles 3 by its specification, tiles written by pbf.
import { gzipSync } from "node:zlib";
import { PbfWriter as Pbf } from "pbf";
import { zxyToTileId } from "pmtiles";

/** A tile and its place. */
export type PlacedTile = [z: number, x: number, y: number, bytes: Uint8Array];

/** The parts of a map file. */
export interface MapFileParts {
  tiles: PlacedTile[];
  /** 1: vector, 2: PNG. */
  type?: number;
  /** True: directories, metadata and tiles are gzipped. */
  gzip?: boolean;
  /** Entries in each leaf directory; 0: all are in the root. */
  leaf_entries?: number;
  metadata?: unknown;
  bounds?: [west: number, south: number, east: number, north: number];
  zooms?: [min: number, max: number];
}

interface Entry {
  id: number;
  run: number;
  length: number;
  offset: number;
}

const HEADER_BYTES = 127;

/** Returns a map file. */
export function mapFile(parts: MapFileParts): Uint8Array<ArrayBuffer> {
  const { tiles, gzip = true, leaf_entries = 0, metadata = {}, type = 1 } = parts;
  const pack = (bytes: Uint8Array) => gzip ? new Uint8Array(gzipSync(bytes)) : bytes;
  const data: Uint8Array[] = [];
  const entries: Entry[] = [];
  let offset = 0;
  const sorted = tiles.map(([z, x, y, bytes]) => ({ id: zxyToTileId(z, x, y), bytes })).sort((a, b) =>
    a.id - b.id
  );
  for (const { id, bytes } of sorted) {
    const packed = type === 1 ? pack(bytes) : bytes;
    entries.push({ id, run: 1, length: packed.length, offset });
    data.push(packed);
    offset += packed.length;
  }
  const { root, leaves } = directories(entries, leaf_entries, pack);
  const described = pack(new TextEncoder().encode(JSON.stringify(metadata)));
  const zooms = parts.zooms ?? [Math.min(...tiles.map(([z]) => z)), Math.max(...tiles.map(([z]) => z))];
  const sections = [root, described, leaves, joined(data)];
  const compression = gzip ? 2 : 1;
  const kinds = [1, compression, type === 1 ? compression : 1, type];
  return joined([header({ sections, kinds, zooms, bounds: parts.bounds }), ...sections]);
}

/** Returns the header of the sections root directory, metadata, leaf directories, tiles. */
export function header(
  { sections, kinds, zooms, bounds = [-180, -85, 180, 85] }: {
    sections: { length: number }[];
    kinds: number[];
    zooms: number[];
    bounds?: number[] | undefined;
  },
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set([...new TextEncoder().encode("PMTiles"), 3]);
  let at = HEADER_BYTES;
  sections.forEach(({ length }, index) => {
    view.setBigUint64(8 + index * 16, BigInt(at), true);
    view.setBigUint64(16 + index * 16, BigInt(length), true);
    at += length;
  });
  bytes.set([...kinds, ...zooms], 96);
  bounds.forEach((degrees, index) => view.setInt32(102 + index * 4, Math.round(degrees * 1e7), true));
  return bytes;
}

/** Returns a directory. */
export function directory(entries: Entry[]): Uint8Array<ArrayBuffer> {
  const pbf = new Pbf();
  pbf.writeVarint(entries.length);
  entries.forEach(({ id }, index) => pbf.writeVarint(id - (entries[index - 1]?.id ?? 0)));
  for (const { run } of entries) pbf.writeVarint(run);
  for (const { length } of entries) pbf.writeVarint(length);
  entries.forEach(({ offset }, index) => {
    const before = entries[index - 1];
    pbf.writeVarint(before && before.offset + before.length === offset ? 0 : offset + 1);
  });
  return new Uint8Array(pbf.finish());
}

function directories(entries: Entry[], leaf_entries: number, pack: (bytes: Uint8Array) => Uint8Array) {
  if (leaf_entries === 0) return { root: pack(directory(entries)), leaves: new Uint8Array(0) };
  const leaves: Uint8Array[] = [];
  const root: Entry[] = [];
  let offset = 0;
  for (let at = 0; at < entries.length; at += leaf_entries) {
    const leaf = pack(directory(entries.slice(at, at + leaf_entries)));
    root.push({ id: entries[at]!.id, run: 0, length: leaf.length, offset });
    leaves.push(leaf);
    offset += leaf.length;
  }
  return { root: pack(directory(root)), leaves: joined(leaves) };
}

/** A feature in coordinates of a tile with an extent of 4096. */
export interface TileFeature {
  type: "point" | "line" | "polygon";
  properties?: Record<string, string | number | boolean>;
  lines: [x: number, y: number][][];
}

const TYPES = { point: 1, line: 2, polygon: 3 };

/** Returns a vector tile. */
export function vectorTile(layers: Record<string, TileFeature[]>): Uint8Array<ArrayBuffer> {
  const pbf = new Pbf();
  for (const [name, features] of Object.entries(layers)) pbf.writeMessage(3, writeLayer, { name, features });
  return new Uint8Array(pbf.finish());
}

function writeLayer({ name, features }: { name: string; features: TileFeature[] }, pbf: Pbf): void {
  const keys: string[] = [];
  const values: unknown[] = [];
  const indexIn = <T>(list: T[], item: T) => {
    if (!list.includes(item)) list.push(item);
    return list.indexOf(item);
  };
  pbf.writeVarintField(15, 2);
  pbf.writeStringField(1, name);
  for (const { type, properties = {}, lines } of features) {
    const tags = Object.entries(properties).flatMap((
      [key, value],
    ) => [indexIn(keys, key), indexIn(values, value)]);
    pbf.writeMessage(2, (_: null, pbf: Pbf) => {
      pbf.writePackedVarint(2, tags);
      pbf.writeVarintField(3, TYPES[type]);
      pbf.writePackedVarint(4, commands(type, lines));
    }, null);
  }
  for (const key of keys) pbf.writeStringField(3, key);
  for (const value of values) pbf.writeMessage(4, writeValue, value);
  pbf.writeVarintField(5, 4096);
}

function writeValue(value: unknown, pbf: Pbf): void {
  if (typeof value === "string") pbf.writeStringField(1, value);
  else if (typeof value === "boolean") pbf.writeBooleanField(7, value);
  else if (Number.isInteger(value)) pbf.writeVarintField(5, value as number);
  else pbf.writeDoubleField(3, value as number);
}

function commands(type: TileFeature["type"], lines: [number, number][][]): number[] {
  const all: number[] = [];
  let [x, y] = [0, 0];
  for (const line of lines) {
    line.forEach(([to_x, to_y], index) => {
      if (index < 2) all.push(index === 0 ? 9 : ((line.length - 1) << 3) | 2);
      all.push(zigzag(to_x - x), zigzag(to_y - y));
      [x, y] = [to_x, to_y];
    });
    if (type === "polygon") all.push(15);
  }
  return all;
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** Concatenates bytes. */
export function joined(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
