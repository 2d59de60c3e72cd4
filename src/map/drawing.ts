// Rendering of a vector tile as SVG without scripts, references or markup from the file.
import type { VectorTileFeature, VectorTileLayer } from "@mapbox/vector-tile";
import { Labels } from "./labels.ts";
import { MapError } from "./map_error.ts";
import { Paths, SIDE } from "./paths.ts";
import {
  type Area,
  AREAS,
  coverOf,
  DARK,
  LAYERS,
  LIGHT,
  type Palette,
  PROPERTIES,
  RIVER,
  type Road,
  roadOf,
  ROADS,
  widthAt,
} from "./style.ts";
import { type Geometry, geometryOf, layersOf, LINE, POINT, POLYGON } from "./vector_tile.ts";

/** The part of a tile to draw. */
export interface View {
  /** The zoom of the picture. */
  z: number;
  /** Levels between the picture and the tile, which is from a lower zoom, and the part of that tile. */
  above: number;
  column: number;
  row: number;
  dark: boolean;
}

interface Picture {
  view: View;
  areas: Paths<Area>;
  lines: Paths<Road | "river" | "boundary">;
  labels: Labels;
  has_land: boolean;
}

const PIXEL = 8;
const PIXELS = SIDE / PIXEL;
const BUILDINGS_FROM = 13;
const MAX_NAME = 200;
const PLACES: Record<string, { size: number; weight: number; bold: boolean; until: number }> = {
  country: { size: 14, weight: 900, bold: true, until: 8 },
  region: { size: 12, weight: 600, bold: false, until: 8 },
  state: { size: 12, weight: 600, bold: false, until: 8 },
  city: { size: 16, weight: 800, bold: true, until: 14 },
  locality: { size: 14, weight: 700, bold: true, until: 14 },
  town: { size: 14, weight: 700, bold: true, until: 15 },
  village: { size: 13, weight: 650, bold: false, until: 17 },
  suburb: { size: 13, weight: 500, bold: true, until: 17 },
  neighbourhood: { size: 12, weight: 480, bold: true, until: 18 },
  macrohood: { size: 13, weight: 490, bold: true, until: 17 },
  quarter: { size: 12, weight: 485, bold: true, until: 18 },
  hamlet: { size: 12, weight: 450, bold: false, until: 18 },
};
const STREET_NAMES: Partial<Record<Road, { from: number; size: number; weight: number }>> = {
  highway: { from: 12, size: 12, weight: 400 },
  major: { from: 12, size: 12, weight: 380 },
  medium: { from: 13, size: 11, weight: 360 },
  street: { from: 14, size: 11, weight: 300 },
  service: { from: 16, size: 11, weight: 250 },
  path: { from: 16, size: 10, weight: 200 },
};

/** Draws a tile as SVG. Throws MapError. */
export function draw(bytes: Uint8Array, view: View): string {
  const picture: Picture = {
    view,
    areas: new Paths(),
    lines: new Paths(),
    labels: new Labels(),
    has_land: false,
  };
  try {
    for (const layer of layersOf(bytes)) addLayer(picture, layer);
  } catch (error) {
    if (error instanceof MapError) throw error;
    throw new MapError(`has a tile that cannot be read: ${(error as Error).message}`);
  }
  return svgOf(picture, view.dark ? DARK : LIGHT);
}

function addLayer(picture: Picture, layer: VectorTileLayer): void {
  if (!Object.hasOwn(LAYERS, layer.name)) return;
  const { above, column, row } = picture.view;
  const scale = SIDE / layer.extent * 2 ** above;
  const place = (x: number, y: number): [number, number] => [
    Math.round(x * scale) - column * SIDE,
    Math.round(y * scale) - row * SIDE,
  ];
  const add = ADDERS[LAYERS[layer.name]!];
  for (let index = 0; index < layer.length; index++) {
    const feature = layer.feature(index);
    add(picture, feature, () => geometryOf(feature, place));
  }
}

type Properties = VectorTileFeature["properties"];

type Adder = (picture: Picture, feature: VectorTileFeature, geometry: () => Geometry) => void;

const ADDERS: Record<typeof LAYERS[string], Adder> = {
  land(picture, { type }, geometry) {
    if (type !== POLYGON) return;
    picture.has_land = true;
    picture.areas.area("land", geometry());
  },
  cover({ areas }, { type, properties }, geometry) {
    const cover = type === POLYGON
      ? coverOf(valueOf(properties, "detail")) ?? coverOf(valueOf(properties, "kind"))
      : undefined;
    if (cover) areas.area(cover, geometry());
  },
  water({ areas, lines }, { type }, geometry) {
    if (type === POLYGON) areas.area("water", geometry());
    if (type === LINE) lines.line("river", geometry());
  },
  building({ areas, view }, { type }, geometry) {
    if (type === POLYGON && view.z >= BUILDINGS_FROM) areas.area("building", geometry());
  },
  road({ lines, labels, view }, { type, properties }, geometry) {
    const road = type === LINE
      ? roadOf(valueOf(properties, "kind"), valueOf(properties, "detail"))
      : undefined;
    if (!road || widthAt(ROADS[road].width, view.z) === 0) return;
    const drawn = geometry();
    lines.line(road, drawn);
    const names = STREET_NAMES[road];
    const name = nameOf(properties);
    if (name && names && view.z >= names.from) labels.street(name, drawn, names);
  },
  border({ lines }, { type, properties }, geometry) {
    const level = Number(valueOf(properties, "level") ?? (valueOf(properties, "kind") === "country" ? 2 : 4));
    if (type === LINE && level <= 4) lines.line("boundary", geometry());
  },
  place({ labels, view }, { type, properties }, geometry) {
    const look = PLACES[String(valueOf(properties, "detail"))] ?? PLACES[String(valueOf(properties, "kind"))];
    const name = nameOf(properties);
    if (type !== POINT || !look || !name || view.z > look.until) return;
    const [x, y] = geometry().points;
    const rank = Number(valueOf(properties, "rank")) || 0;
    if (x !== undefined && y !== undefined) {
      labels.point(name, [x, y], { ...look, weight: look.weight + rank });
    }
  },
};

function svgOf({ view, areas, lines, labels, has_land }: Picture, colours: Palette): string {
  const ground = has_land ? colours.water : colours.land;
  const rivers = stroke(lines.get("river"), colours.water, widthAt(RIVER, view.z));
  const borders = stroke(lines.get("boundary"), colours.boundary, 1.2, `stroke-dasharray="48 24"`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${PIXELS}" height="${PIXELS}" viewBox="0 0 ${SIDE} ${SIDE}">` +
    `<rect width="${SIDE}" height="${SIDE}" fill="${ground}"/>` +
    AREAS.slice(0, -1).map((area) => fill(areas.get(area), colours[area])).join("") +
    group(rivers) +
    fill(areas.get("building"), colours.building, `stroke="${colours.wall}" stroke-width="${PIXEL / 2}"`) +
    group(roads(lines, view.z, colours) + borders) + labels.svg(colours) + "</svg>";
}

/** Draws all edges of roads before their surfaces, so that crossings are open. */
function roads(lines: Picture["lines"], z: number, colours: Palette): string {
  const all = Object.keys(ROADS) as Road[];
  const edges = all.filter((road) => ROADS[road].casing).map((road) => {
    const width = widthAt(ROADS[road].width, z);
    return width < 1.5 ? "" : stroke(lines.get(road), colours.casing, width + Math.min(3, 0.8 + width / 8));
  });
  const tops = all.map((road) => {
    const dashes = road === "path" ? `stroke-dasharray="24 20" stroke-linecap="butt"` : "";
    return stroke(lines.get(road), roadColour(road, z, colours), widthAt(ROADS[road].width, z), dashes);
  });
  return edges.join("") + tops.join("");
}

/** Returns the colour of a road; thin ones have no edge and need a stronger one. */
function roadColour(road: Road, z: number, colours: Palette): string {
  if (road === "path" || road === "rail" || road === "highway" || road === "major") return colours[road];
  return widthAt(ROADS[road].width, z) < 1.5 ? colours.casing : colours.street;
}

function fill(data: string, colour: string, more = ""): string {
  return data && `<path fill="${colour}" ${more} d="${data}"/>`;
}

function stroke(data: string, colour: string, pixels: number, more = ""): string {
  if (!data || pixels === 0) return "";
  return `<path stroke="${colour}" stroke-width="${Math.round(pixels * PIXEL)}" ${more} d="${data}"/>`;
}

function group(paths: string): string {
  return paths && `<g fill="none" stroke-linecap="round" stroke-linejoin="round">${paths}</g>`;
}

/** Returns the value of the first of a property's names that the feature has. */
function valueOf(properties: Properties, what: keyof typeof PROPERTIES): Properties[string] | undefined {
  for (const name of PROPERTIES[what]) if (properties[name] !== undefined) return properties[name];
}

function nameOf(properties: Properties): string {
  const name = valueOf(properties, "name");
  return typeof name === "string" && name.length <= MAX_NAME ? name.trim() : "";
}
