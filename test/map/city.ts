// An invented city around Monterrey's centre: blocks of streets, an avenue, a river, a park, houses.
import { mapFile, type PlacedTile, type TileFeature, vectorTile } from "./pmtiles.ts";

const SIDE = 4096;
const HOME = { latitude: 25.6866, longitude: -100.3161 };
const NAMES = [
  "Zaragoza",
  "Morelos",
  "Padre Mier",
  "Matamoros",
  "Allende",
  "Washington",
  "5 de Mayo",
  "Juárez",
];

/** Returns the tile of a position. */
export function tileAt(z: number, { latitude, longitude } = HOME): [x: number, y: number] {
  const sine = Math.sin(latitude * Math.PI / 180);
  const y = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  return [Math.floor((longitude / 360 + 0.5) * 2 ** z), Math.floor(y * 2 ** z)];
}

/** Returns a tile of the city with `n` streets in each direction. */
export function cityTile(n = 12, houses = 30): Uint8Array<ArrayBuffer> {
  return vectorTile({
    earth: [square({ kind: "earth" }, -80, -80, SIDE + 160)],
    water: [
      square({ kind: "lake" }, 2900, 2900, 700),
      line({ kind: "river", name: "Río Santa Catarina" }, [[-80, 3800], [1500, 3500], [2800, 3900], [
        4176,
        3700,
      ]]),
    ],
    landuse: [square({ kind: "park" }, 300, 300, 900), square({ kind: "hospital" }, 2200, 500, 500)],
    buildings: blocks(n, houses),
    roads: streets(n),
    boundaries: [line({ kind: "region", kind_detail: 4 }, [[-80, 2000], [4176, 2300]])],
    places: [
      point({ kind: "locality", kind_detail: "city", name: "Monterrey", population_rank: 12 }, 2100, 1900),
      point({ kind: "neighbourhood", name: "Barrio Antiguo <b>&" }, 3950, 400),
    ],
  });
}

/** Returns a map file with tiles around the centre at zooms 12 to 15. */
export function cityMap(more: Parameters<typeof mapFile>[0] | Record<string, unknown> = {}) {
  const tiles: PlacedTile[] = [];
  for (const z of [12, 13, 14, 15]) {
    const [x, y] = tileAt(z);
    for (const dx of [-1, 0, 1]) for (const dy of [-1, 0, 1]) tiles.push([z, x + dx, y + dy, cityTile()]);
  }
  return mapFile({
    tiles,
    bounds: [-100.37, 25.63, -100.26, 25.74],
    metadata: {
      name: "Monterrey",
      attribution: '<a href="https://example.org" onclick="alert(1)">Example</a> &copy; OpenStreetMap',
      vector_layers: [{ id: "earth" }, { id: "roads" }],
    },
    ...more,
  });
}

function streets(n: number): TileFeature[] {
  const step = SIDE / n;
  const roads: TileFeature[] = [];
  for (let index = 0; index < n; index++) {
    const at = Math.round((index + 0.5) * step);
    const kind = index % 6 === 3 ? "major_road" : index % 3 === 0 ? "medium_road" : "minor_road";
    const bend = (along: number) => Math.round(at + 60 * Math.sin(along / 700));
    const points = Array.from({ length: 25 }, (_, k) => -80 + k * 178);
    roads.push(line({ kind, name: `Calle ${NAMES[index % NAMES.length]}` }, points.map((x) => [x, bend(x)])));
    roads.push(
      line(
        { kind, name: `Avenida ${NAMES[(index + 3) % NAMES.length]} ${index}` },
        points.map((y) => [bend(y), y]),
      ),
    );
  }
  roads.push(
    line({ kind: "highway", kind_detail: "motorway", name: "Avenida Constitución" }, [[-80, 3300], [
      4176,
      3100,
    ]]),
  );
  roads.push(
    line({ kind: "path" }, [[300, 300], [1200, 1200]]),
    line({ kind: "rail" }, [[0, 100], [4096, 900]]),
  );
  return roads;
}

function blocks(n: number, houses: number): TileFeature[] {
  const step = SIDE / n;
  const all: TileFeature[] = [];
  const across = Math.ceil(Math.sqrt(houses));
  const size = Math.max(3, Math.floor(step * 0.6 / across));
  for (let block = 0; block < n * n; block++) {
    for (let house = 0; house < houses; house++) {
      const x = (block % n) * step + step * 0.65 + (house % across) * size * 1.15 - step * 0.05;
      const y = Math.floor(block / n) * step + step * 0.65 + Math.floor(house / across) * size * 1.15 -
        step * 0.05;
      all.push(square({ kind: "building", height: 3 + house % 9 }, Math.round(x), Math.round(y), size));
    }
  }
  return all;
}

function square(properties: TileFeature["properties"], x: number, y: number, side: number): TileFeature {
  const lines: [number, number][][] = [[[x, y], [x + side, y], [x + side, y + side], [x, y + side]]];
  return { type: "polygon", properties: properties ?? {}, lines };
}

function line(properties: TileFeature["properties"], points: [number, number][]): TileFeature {
  return { type: "line", properties: properties ?? {}, lines: [points] };
}

function point(properties: TileFeature["properties"], x: number, y: number): TileFeature {
  return { type: "point", properties: properties ?? {}, lines: [[[x, y]]] };
}
