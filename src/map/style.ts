// Style of features by class. The tables have the terms of Protomaps' basemap (versions 3 and 4) and of OpenMapTiles.

/** Colours of a map. */
export interface Palette {
  land: string;
  sand: string;
  built: string;
  green: string;
  wood: string;
  water: string;
  building: string;
  wall: string;
  casing: string;
  street: string;
  major: string;
  highway: string;
  path: string;
  rail: string;
  boundary: string;
  text: string;
  street_text: string;
  halo: string;
}

/** Colours by day, as those of the base map, which is visible if the file has no tile. */
export const LIGHT: Palette = {
  land: "#f6f5ee",
  sand: "#f3ecd2",
  built: "#eeebe3",
  green: "#dcebd3",
  wood: "#cde2c4",
  water: "#b4d5e4",
  building: "#e5dfd5",
  wall: "#d3cabb",
  casing: "#d8d2c6",
  street: "#ffffff",
  major: "#fdf0c6",
  highway: "#fadb98",
  path: "#b9a98c",
  rail: "#b3aea6",
  boundary: "#9c8fb3",
  text: "#33413c",
  street_text: "#59645f",
  halo: "#fffffa",
};

/** Colours by night. */
export const DARK: Palette = {
  land: "#18211e",
  sand: "#26271f",
  built: "#1c2623",
  green: "#1d2f24",
  wood: "#1b3325",
  water: "#12303d",
  building: "#26312d",
  wall: "#33403b",
  casing: "#111816",
  street: "#34413c",
  major: "#4a513f",
  highway: "#665a37",
  path: "#4d4d40",
  rail: "#4b514f",
  boundary: "#6d6485",
  text: "#d3ddd8",
  street_text: "#a3b0aa",
  halo: "#131b18",
};

/** Classes of areas, bottom to top. */
export const AREAS = ["land", "sand", "built", "green", "wood", "water", "building"] as const;
/** A class of areas. */
export type Area = typeof AREAS[number];

/** Classes of roads, bottom to top: casing, and width in pixels by zoom. */
export const ROADS = {
  path: { casing: false, width: [[14, 0.8], [16, 1.6], [19, 6]] },
  rail: { casing: false, width: [[11, 0.6], [14, 1], [16, 2], [19, 5]] },
  service: { casing: true, width: [[14, 1.1], [16, 4], [19, 22]] },
  street: { casing: true, width: [[12, 0.6], [14, 2.6], [16, 8], [19, 42]] },
  medium: { casing: true, width: [[10, 0.6], [12, 1.6], [14, 4.5], [16, 11], [19, 48]] },
  major: { casing: true, width: [[7, 0.5], [10, 1.4], [12, 2.6], [14, 6], [16, 13], [19, 54]] },
  highway: { casing: true, width: [[5, 0.6], [8, 1.4], [11, 3], [14, 7], [16, 15], [19, 60]] },
} as const satisfies Record<string, { casing: boolean; width: readonly (readonly [number, number])[] }>;
/** A class of roads. */
export type Road = keyof typeof ROADS;

/** Width of waterways, pixels by zoom. */
export const RIVER = [[8, 0.5], [12, 1.5], [15, 4], [19, 24]] as const;

/** The names of each property in the two schemas. */
export const PROPERTIES = {
  kind: ["kind", "pmap:kind", "class"],
  detail: ["kind_detail", "pmap:kind_detail", "subclass"],
  name: ["name"],
  level: ["kind_detail", "admin_level", "pmap:min_admin_level", "min_admin_level"],
  rank: ["population_rank", "pmap:population_rank"],
} as const;

/** The role of a layer in the picture. */
export const LAYERS: Record<string, "land" | "cover" | "water" | "building" | "road" | "border" | "place"> = {
  earth: "land",
  landcover: "cover",
  landuse: "cover",
  natural: "cover",
  park: "cover",
  aeroway: "road",
  water: "water",
  waterway: "water",
  physical_line: "water",
  building: "building",
  buildings: "building",
  roads: "road",
  transit: "road",
  transportation: "road",
  transportation_name: "road",
  boundary: "border",
  boundaries: "border",
  place: "place",
  places: "place",
};

const COVER: Record<string, Area> = table({
  sand: "beach sand desert barren",
  built: "hospital school university college kindergarten industrial commercial retail aerodrome airfield " +
    "military railway pedestrian parking residential urban_area stadium apron",
  green: "park national_park nature_reserve protected_area garden grass grassland meadow golf_course pitch " +
    "playground recreation_ground village_green cemetery zoo scrub allotments orchard vineyard wetland",
  wood: "forest wood",
});

const KINDS: Record<string, Road> = table({
  highway: "highway motorway",
  major: "major_road trunk primary secondary",
  medium: "medium_road tertiary",
  street: "minor_road minor residential unclassified living_street road busway aeroway runway taxiway",
  service: "service",
  path: "path footway cycleway steps pedestrian bridleway track other",
  rail: "rail transit subway light_rail tram funicular narrow_gauge",
});

/** Returns the class of an area by its kind; undefined if it is not drawn. */
export function coverOf(kind: unknown): Area | undefined {
  return COVER[String(kind)];
}

/** Returns the class of a road by its kind; a link has the class of the road it leads to. */
export function roadOf(kind: unknown, detail: unknown): Road | undefined {
  return KINDS[bare(detail)] ?? KINDS[bare(kind)];
}

/** Returns the width at a zoom, pixels: 0 before the first stop, interpolated between stops. */
export function widthAt(stops: readonly (readonly [zoom: number, pixels: number])[], zoom: number): number {
  if (zoom < stops[0]![0]) return 0;
  const next = stops.findIndex(([at]) => at > zoom);
  if (next < 0) return stops.at(-1)![1];
  const [[from, low], [to, high]] = [stops[next - 1]!, stops[next]!];
  return low * (high / low) ** ((zoom - from) / (to - from));
}

function bare(kind: unknown): string {
  return String(kind).replace(/_link$/, "");
}

function table<V extends string>(kinds: Record<V, string>): Record<string, V> {
  const entries = Object.entries(kinds) as [V, string][];
  return Object.assign(
    Object.create(null),
    Object.fromEntries(entries.flatMap(([value, keys]) => keys.split(" ").map((key) => [key, value]))),
  );
}
