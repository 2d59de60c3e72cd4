// The built-in map, which needs no Internet access: country outlines as small integers, finer around Mexico.
import { CITIES } from "./cities.ts";
import { type DataFile, dataFile } from "./data_file.ts";

interface Topology {
  transform: { scale: [number, number]; translate: [number, number] };
  arcs: [number, number][][];
  objects: { countries: { geometries: Geometry[] } };
}

interface Geometry {
  id?: string;
  arcs: number[][] | number[][][];
}

type Line = [longitude: number, latitude: number][];

/** Countries with finer outlines, as ISO 3166 numbers: Mexico, USA, Guatemala, Belize, Honduras, El Salvador, Cuba. */
const NEAR = new Set(["484", "840", "320", "084", "340", "222", "192"]);
const SCALE = 100; // of a degree: about a kilometre

let made: Promise<DataFile> | undefined;

/** Returns the file of the base map, JSON: `{"scale":100,"rings":[[x,y,dx,dy,…]…],"cities":[[name,latitude,longitude,zoom]…]}`. */
export function baseMap(): Promise<DataFile> {
  return made ??= make();
}

async function make() {
  const [coarse, fine] = await Promise.all(["countries-110m.json", "countries-50m.json"].map(readTopology));
  const rings = [
    ...ringsOf(coarse!, (id) => !NEAR.has(id)),
    ...ringsOf(fine!, (id) => NEAR.has(id)),
  ].map(deltas).filter((ring) => ring.length >= 8);
  return dataFile("world", "json", JSON.stringify({ scale: SCALE, rings, cities: CITIES }));
}

async function readTopology(name: string): Promise<Topology> {
  return JSON.parse(await Deno.readTextFile(new URL(import.meta.resolve(`world-atlas/${name}`)))) as Topology;
}

function ringsOf({ objects, arcs, transform }: Topology, wanted: (id: string) => boolean): Line[] {
  const lines = arcs.map((arc) => decode(arc, transform));
  const rings: Line[] = [];
  for (const { id = "", arcs } of objects.countries.geometries) {
    if (!wanted(id)) continue;
    for (const ring of arcs.flat(Array.isArray(arcs[0]?.[0]) ? 1 : 0) as number[][]) {
      rings.push(ring.flatMap((index) => index < 0 ? lines[~index]!.toReversed() : lines[index]!));
    }
  }
  return rings;
}

/** Decodes the arcs of a TopoJSON topology, which are deltas of integers. */
function decode(arc: [number, number][], { scale, translate }: Topology["transform"]): Line {
  let x = 0;
  let y = 0;
  return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
}

function deltas(ring: Line): number[] {
  const flat: number[] = [];
  let before = [0, 0] as [number, number];
  for (const [longitude, latitude] of ring) {
    const point: [number, number] = [Math.round(longitude * SCALE), Math.round(latitude * SCALE)];
    if (flat.length && point[0] === before[0] && point[1] === before[1]) continue;
    flat.push(point[0] - before[0], point[1] - before[1]);
    before = point;
  }
  return flat;
}
