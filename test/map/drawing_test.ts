import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { draw, type View } from "../../src/map/drawing.ts";
import { LIGHT } from "../../src/map/style.ts";
import { layersOf } from "../../src/map/vector_tile.ts";
import { type TileFeature, vectorTile } from "./pmtiles.ts";

const WHOLE: View = { z: 15, above: 0, column: 0, row: 0, dark: false };
const ACROSS: [number, number][] = [[100, 2000], [4000, 2000]];
const SQUARE: [number, number][] = [[1000, 1000], [2000, 1000], [2000, 2000], [1000, 2000]];

function line(properties: TileFeature["properties"], points = ACROSS): TileFeature {
  return { type: "line", properties: properties!, lines: [points] };
}

function area(properties: TileFeature["properties"], ...rings: [number, number][][]): TileFeature {
  return { type: "polygon", properties: properties!, lines: rings.length ? rings : [SQUARE] };
}

function point(properties: TileFeature["properties"], x = 2000, y = 1000): TileFeature {
  return { type: "point", properties: properties!, lines: [[[x, y]]] };
}

const SCHEMAS: Record<string, Record<string, TileFeature[]>> = {
  "Protomaps 4": {
    earth: [area({ kind: "earth" })],
    water: [area({ kind: "lake" }), line({ kind: "river" })],
    landuse: [area({ kind: "park" })],
    buildings: [area({ kind: "building" })],
    roads: [line({ kind: "major_road", kind_detail: "primary", name: "Avenida Juárez" })],
    boundaries: [line({ kind: "country", kind_detail: 2 })],
    places: [point({ kind: "locality", kind_detail: "town", name: "Santiago" })],
  },
  "Protomaps 3": {
    earth: [area({ "pmap:kind": "earth" })],
    water: [area({ "pmap:kind": "lake" })],
    physical_line: [line({ "pmap:kind": "river" })],
    landuse: [area({ "pmap:kind": "park" })],
    buildings: [area({ "pmap:kind": "building" })],
    roads: [line({ "pmap:kind": "major_road", "pmap:kind_detail": "primary", name: "Avenida Juárez" })],
    boundaries: [line({ "pmap:min_admin_level": 2 })],
    places: [point({ "pmap:kind": "locality", "pmap:kind_detail": "town", name: "Santiago" })],
  },
  OpenMapTiles: {
    earth: [area({})],
    water: [area({ class: "lake" })],
    waterway: [line({ class: "river" })],
    landcover: [area({ class: "grass", subclass: "park" })],
    building: [area({ render_height: 7.5 })],
    transportation: [line({ class: "primary" })],
    transportation_name: [line({ class: "primary", name: "Avenida Juárez" })],
    boundary: [line({ admin_level: 2, maritime: false })],
    place: [point({ class: "town", name: "Santiago", rank: 8 })],
  },
};

for (const [name, layers] of Object.entries(SCHEMAS)) {
  Deno.test(`a tile of ${name} has its land, water, parks, buildings, roads, borders and names`, () => {
    const svg = draw(vectorTile(layers), WHOLE);
    for (const colour of ["land", "water", "green", "building", "major", "casing", "boundary"] as const) {
      assertMatch(svg, new RegExp(`(fill|stroke)="${LIGHT[colour]}"[^>]* d="M`), colour);
    }
    for (const text of ["Avenida Juárez", "Santiago"]) assertStringIncludes(svg, `>${text}</text>`);
  });
}

Deno.test("holes stay open, and a ring is closed", () => {
  const hole: [number, number][] = [[1200, 1200], [1200, 1800], [1800, 1800], [1800, 1200]];
  const svg = draw(vectorTile({ water: [area({ kind: "lake" }, SQUARE, hole)] }), WHOLE);
  assertStringIncludes(svg, `d="M1000 1000l1000 0 0 1000 -1000 0zM1200 1200l0 600 600 0 0 -600z"`);
});

Deno.test("a part of a tile is drawn larger, and what is outside is left out", () => {
  const roads = [line({ kind: "highway" }), line({ kind: "rail" }, [[100, 100], [4000, 100]])];
  const svg = draw(vectorTile({ roads }), { ...WHOLE, z: 17, above: 2, column: 1, row: 1 });
  assertStringIncludes(svg, `d="M-3696 3904l15600 0"`);
  assert(!svg.includes(LIGHT.rail));
});

Deno.test("names stay within the tile, off each other, and never upside down", () => {
  const places = [
    point({ kind: "locality", kind_detail: "city", name: "Monterrey", population_rank: 12 }, 4090, 5),
    point({ kind: "locality", kind_detail: "village", name: "Hidden" }, 4000, 50),
    point({ kind: "locality", kind_detail: "village", name: "Of the neighbour" }, 4100, 2000),
  ];
  const roads = [line({ kind: "major_road", name: "Westward" }, [[4000, 3000], [100, 2000]])];
  const svg = draw(vectorTile({ places, roads }), { ...WHOLE, z: 13 });
  const [, x, y] = /<text x="(\d+)" y="(\d+)"[^>]*>Monterrey</.exec(svg)!.map(Number);
  assert(x! < 3850 && y! > 50, `${x} ${y}`);
  assert(!svg.includes("Hidden") && !svg.includes("Of the neighbour"));
  assertMatch(svg, /transform="rotate\(14\.4 \d+ \d+\)"[^>]*>Westward</);
});

Deno.test("a tile is not read for longer than it may take", () => {
  const buildings = Array.from({ length: 1100 }, () => area({ kind: "building" }));
  const bytes = vectorTile({ buildings });
  assertEquals(layersOf(bytes).length, 1);
  assertThrows(() => layersOf(bytes, { ms: -1 }), Error, "takes too long");
});

Deno.test("a street too short for its name has none", () => {
  const roads = [
    line({ kind: "minor_road", name: "Callejón de la Ciudadela" }, [[1000, 1000], [1600, 1000]]),
  ];
  assert(!draw(vectorTile({ roads }), WHOLE).includes("Callejón"));
});
