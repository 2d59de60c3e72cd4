// Hostile map files.
import { gzipSync } from "node:zlib";
import { PbfWriter } from "pbf";
import { directory, header, joined, mapFile, vectorTile } from "../map/pmtiles.ts";

/** A hostile file and the expected reasons: at its upload, or for its tile 14/0/0. */
export interface HostileMap {
  name: string;
  bytes: () => Uint8Array<ArrayBuffer>;
  upload?: RegExp;
  tile?: RegExp;
}

const NONE = new Uint8Array(0);
const PLAIN = [1, 1, 1, 1];
const GZIPPED = [1, 2, 2, 1];
const ZOOMS = [14, 14];
const ID = (4 ** 14 - 1) / 3; // tile 14/0/0: deep enough for streets and their names

/** Returns all hostile maps. */
export function hostileMaps(): HostileMap[] {
  return [
    {
      name: "a directory of 2^50 entries",
      bytes: () => rooted(varints(2 ** 50)),
      upload: /shorter than it says/,
    },
    {
      name: "a directory whose numbers never end",
      bytes: () => rooted(new Uint8Array(300).fill(255)),
      upload: /too large/,
    },
    { name: "a directory that ends", bytes: () => rooted(varints(9, 1, 1)), upload: /shorter than it says/ },
    {
      name: "a directory as a gzip bomb",
      bytes: () => rooted(bomb(), GZIPPED),
      upload: /cannot be unpacked within/,
    },
    { name: "metadata as a gzip bomb", bytes: () => described(bomb()), upload: /cannot be unpacked within/ },
    {
      name: "metadata that is not JSON",
      bytes: () => described(new Uint8Array(gzipSync("{"))),
      upload: /not JSON/,
    },
    {
      name: "a root directory of a gigabyte",
      bytes: () => lying(16, 2 ** 30),
      upload: /ends before its root directory/,
    },
    { name: "tiles beyond the file", bytes: () => lying(64, 2 ** 52), upload: /ends before its tiles/ },
    { name: "parts in negative places", bytes: () => lying(8, -1), upload: /ends before its root directory/ },
    {
      name: "a directory that leads to itself",
      bytes: () => circular(),
      tile: /directories that lead nowhere/,
    },
    { name: "a tile beyond the tiles", bytes: () => pointing(1, 5000), tile: /ends before a tile/ },
    {
      name: "a directory beyond the directories",
      bytes: () => pointing(0, 5000),
      tile: /ends before a directory/,
    },
    { name: "a tile of 9 MB", bytes: () => pointing(1, 9_000_000, 9_000_000), tile: /a part of more than/ },
    { name: "a tile as a gzip bomb", bytes: () => packed(bomb()), tile: /cannot be unpacked within/ },
    {
      name: "a tile of a million features",
      bytes: () => drawn(features(1_000_000)),
      tile: /more than 200000 features/,
    },
    {
      name: "a tile of many layers",
      bytes: () => drawn(repeated([0x1a, 0], 1_000_000)),
      tile: /more than 200 layers/,
    },
    {
      name: "a line of 2^29 points",
      bytes: () => drawn(road([9, 0, 0, 2 ** 32 - 6])),
      tile: /more than 1000000 points/,
    },
    {
      name: "a line of more points than there are",
      bytes: () => drawn(road([9, 0, 0, 900_000 * 8 + 2])),
      tile: /cannot be read: |ends within/,
    },
    {
      name: "a ring that closes 2^29 times",
      bytes: () => drawn(road([9, 0, 0, 10, 2, 2, 2 ** 31 - 1, 15])),
      tile: /closes more than once/,
    },
    { name: "a million names", bytes: () => drawn(names(1_000_000)), tile: /more than 100000 names/ },
    {
      name: "a line of two million points",
      bytes: () => drawn(road(zigzags(2_000_000))),
      tile: /more than 1000000 points/,
    },
    {
      name: "a path that fills the memory",
      bytes: () => drawn(road(zigzags(990_000))),
      tile: /too much in it/,
    },
    { name: "lines that go to infinity", bytes: () => drawn(road([9, 0, 0, ...farther(5000)])) },
    { name: "a feature of a million tags", bytes: () => drawn(tagged(1_000_000)) },
    { name: "a long name that all bear", bytes: () => drawn(named("x".repeat(2_000_000), 100_000)) },
    { name: "ten thousand streets", bytes: () => drawn(manyStreets(10_000)) },
    {
      name: "no extent",
      bytes: () =>
        drawn(layer((pbf) => {
          feature(pbf, [], [9, 0, 0]);
          pbf.writeVarintField(5, 0);
        })),
      tile: /without extent/,
    },
    { name: "a line of an unknown kind", bytes: () => drawn(road([3 | 8, 0])), tile: /unknown kind/ },
    {
      name: "a tile cut off",
      bytes: () => drawn(vectorTile({ roads: [] }).slice(0, 5)),
      tile: /ends within/,
    },
    { name: "noise", bytes: () => drawn(new Uint8Array(5000).map((_, index) => index * 151 + 7)), tile: /./ },
  ];
}

/** Returns a file with a given root directory. */
function rooted(root: Uint8Array, kinds = PLAIN, tiles = NONE): Uint8Array<ArrayBuffer> {
  const sections = [root, NONE, NONE, tiles];
  return joined([header({ sections, kinds, zooms: ZOOMS }), ...sections]);
}

function described(metadata: Uint8Array): Uint8Array<ArrayBuffer> {
  const sections = [new Uint8Array(gzipSync(varints(0))), metadata, NONE, NONE];
  return joined([header({ sections, kinds: GZIPPED, zooms: ZOOMS }), ...sections]);
}

/** Returns a file with one number of its header changed. */
function lying(at: number, value: number): Uint8Array<ArrayBuffer> {
  const bytes = mapFile({ tiles: [[14, 0, 0, vectorTile({})]] });
  new DataView(bytes.buffer).setBigInt64(at, BigInt(value), true);
  return bytes;
}

function circular(): Uint8Array<ArrayBuffer> {
  const own = (length: number) => directory([{ id: ID, run: 0, length, offset: 0 }]);
  const leaf = own(own(1).length);
  const sections = [leaf, NONE, leaf, NONE];
  return joined([header({ sections, kinds: PLAIN, zooms: ZOOMS }), ...sections]);
}

/** Returns a file with one entry that points outside of its part. */
function pointing(run: number, length: number, room = 100): Uint8Array<ArrayBuffer> {
  return rooted(directory([{ id: ID, run, length, offset: 0 }]), PLAIN, new Uint8Array(room));
}

/** Returns a file with one given tile. */
function packed(tile: Uint8Array): Uint8Array<ArrayBuffer> {
  const root = new Uint8Array(gzipSync(directory([{ id: ID, run: 1, length: tile.length, offset: 0 }])));
  return rooted(root, GZIPPED, new Uint8Array(tile));
}

function drawn(tile: Uint8Array): Uint8Array<ArrayBuffer> {
  return packed(new Uint8Array(gzipSync(tile)));
}

function bomb(): Uint8Array {
  return new Uint8Array(gzipSync(new Uint8Array(12_000_000)));
}

function varints(...numbers: number[]): Uint8Array<ArrayBuffer> {
  const pbf = new PbfWriter();
  for (const number of numbers) pbf.writeVarint(number);
  return new Uint8Array(pbf.finish());
}

function layer(fill: (pbf: PbfWriter) => void, name = "roads"): Uint8Array<ArrayBuffer> {
  const pbf = new PbfWriter();
  pbf.writeMessage(3, (_: null, pbf: PbfWriter) => {
    pbf.writeStringField(1, name);
    fill(pbf);
  }, null);
  return new Uint8Array(pbf.finish());
}

function feature(pbf: PbfWriter, tags: number[], geometry: number[]): void {
  pbf.writeMessage(2, (_: null, pbf: PbfWriter) => {
    pbf.writePackedVarint(2, tags);
    pbf.writeVarintField(3, 2);
    pbf.writePackedVarint(4, geometry);
  }, null);
}

/** Returns a tile of a motorway with these drawing commands. */
function road(geometry: number[]): Uint8Array<ArrayBuffer> {
  return layer((pbf) => {
    feature(pbf, [0, 0], geometry);
    pbf.writeStringField(3, "kind");
    pbf.writeMessage(4, (_: null, pbf: PbfWriter) => pbf.writeStringField(1, "highway"), null);
  });
}

function features(count: number): Uint8Array<ArrayBuffer> {
  const body = joined([new TextEncoder().encode("\n\x05roads"), repeated([0x12, 2, 0x18, 2], count)]);
  return joined([varints(3 * 8 + 2, body.length), body]);
}

/** Returns a tile with many empty keys. */
function names(count: number): Uint8Array<ArrayBuffer> {
  const body = joined([new TextEncoder().encode("\n\x05roads"), repeated([0x1a, 0], count)]);
  return joined([varints(3 * 8 + 2, body.length), body]);
}

/** Returns bytes repeated. */
function repeated(bytes: number[], count: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(bytes.length * count);
  for (let at = 0; at < all.length; at += bytes.length) all.set(bytes, at);
  return all;
}

function zigzags(count: number): number[] {
  const steps = Array.from({ length: count * 2 }, (_, index) => index % 4 < 2 ? 2000 : 1999);
  return [9, 0, 0, count * 8 + 2, ...steps];
}

function farther(count: number): number[] {
  return [count * 8 + 2, ...Array.from({ length: count * 2 }, () => 2 ** 32 - 2)];
}

function tagged(count: number): Uint8Array<ArrayBuffer> {
  return layer((pbf) => feature(pbf, Array.from({ length: count * 2 }, (_, index) => index % 9), [9, 0, 0]));
}

function named(name: string, count: number): Uint8Array<ArrayBuffer> {
  return layer((pbf) => {
    for (let index = 0; index < count; index++) feature(pbf, [0, 0, 1, 1], [9, 0, 0, 10, 8000, 8000]);
    for (const key of ["kind", "name"]) pbf.writeStringField(3, key);
    for (const value of ["highway", name]) {
      pbf.writeMessage(4, (_: null, pbf: PbfWriter) => pbf.writeStringField(1, value), null);
    }
  });
}

function manyStreets(count: number): Uint8Array<ArrayBuffer> {
  return layer((pbf) => {
    for (let index = 0; index < count; index++) {
      feature(pbf, [0, 0, 1, index + 1], [9, 0, 2 * (index % 4000), 10, 8000, 0]);
    }
    for (const key of ["kind", "name"]) pbf.writeStringField(3, key);
    for (const value of ["highway", ...Array.from({ length: count }, (_, index) => `Street ${index}`)]) {
      pbf.writeMessage(4, (_: null, pbf: PbfWriter) => pbf.writeStringField(1, value), null);
    }
  });
}
