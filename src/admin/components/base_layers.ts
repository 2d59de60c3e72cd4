// The layers of the map that need no Internet: land, borders, place names, a grid.
// @ts-types="@types/leaflet"
import * as L from "leaflet";
import { groundLayer, type Land } from "./ground_layer.ts";
import type { SiteSettings } from "../types.ts";

/** The base map's address, put in by the bundler. */
declare const BASE_MAP: string;

const METRES_A_DEGREE = 111_320;
const METRE_GRID_ZOOM = 11;
/** The pane of names and lines, below the pins. */
const BELOW = "below";
const WORLD = [-180, -85, 180, 85] as const;

type City = [name: string, latitude: number, longitude: number, zoom: number];

interface BaseMap extends Land {
  cities: City[];
}

let loaded: Promise<BaseMap> | undefined;

/** Loads the base map once; after a failure the next call tries again. */
function baseMap(): Promise<BaseMap> {
  loaded ??= fetch(BASE_MAP).then((answer) => answer.json());
  loaded.catch(() => loaded = undefined);
  return loaded;
}

/** Returns the layer of street tiles, which the gateway serves; the base map shows where a tile is missing. */
export function streetLayer({ map, tile_attribution }: SiteSettings): L.Layer {
  const url = "/ocpp/tiles/{z}/{x}/{y}";
  if (!map) return L.tileLayer(url, { maxNativeZoom: 19, maxZoom: 20, attribution: plain(tile_attribution) });
  const drawn = map.tile_type === "mvt"; // SVG drawn by the gateway: any size, and zooms above the file's own
  const [west, south, east, north] = map.bounds ?? WORLD;
  return L.tileLayer(`${url}?v=${map.version}${shade("", "&dark=1")}`, {
    minZoom: map.min_zoom + (drawn ? 1 : 0),
    maxNativeZoom: map.max_zoom + (drawn ? 7 : 0),
    maxZoom: 20,
    tileSize: sideOf(map),
    zoomOffset: drawn ? -1 : 0,
    bounds: [[south, west], [north, east]],
    attribution: plain(map.attribution),
  });
}

function sideOf({ tile_type }: NonNullable<SiteSettings["map"]>): number {
  return tile_type === "mvt" ? 512 : 256;
}

/** Escapes an attribution: Leaflet reads it as HTML. */
function plain(text: string): string {
  const place = document.createElement("i");
  place.textContent = text;
  return place.innerHTML;
}

/** Returns the layer of land and borders, below all others. */
export function baseMapLayer(map: L.Map): L.Layer {
  const colours = { land: shade("#f6f5ee", "#18211e"), border: shade("#9fb2a8", "#33463f") };
  map.createPane(BELOW).style.zIndex = "350";
  return groundLayer(map, baseMap(), colours);
}

/** True for a position on a tile of the site's own map, which shows names and streets itself. */
export type Covers = (at: L.LatLngExpression) => boolean;

/** Returns the test for positions that the site's own map covers at the current zoom. */
export function coverOf(map: L.Map, own: SiteSettings["map"]): Covers {
  return (at) => {
    if (!own || map.getZoom() <= own.min_zoom) return false;
    const [west, south, east, north] = own.bounds ?? WORLD;
    const [place, from, to] = [at, [north, west], [south, east]].map((at) =>
      map.project(at as L.LatLngExpression).divideBy(sideOf(own)).floor()
    );
    return place!.x >= from!.x && place!.x <= to!.x && place!.y >= from!.y && place!.y <= to!.y;
  };
}

/** Returns the layer of place names; closer zooms show more of them. */
export function cityLayer(map: L.Map, covers: Covers): L.LayerGroup {
  const group = L.layerGroup();
  let cities: City[] = [];
  const draw = () => {
    group.clearLayers();
    const bounds = map.getBounds().pad(0.05);
    const places: Place[] = [];
    for (const [name, latitude, longitude, zoom] of cities) {
      const at: L.LatLngTuple = [latitude, longitude];
      if (map.getZoom() < zoom || !bounds.contains(at) || covers(at)) continue;
      const { x, y } = map.latLngToContainerPoint(at);
      const place = { x, y, width: name.length * LETTER };
      if (places.some((one) => overlap(one, place))) continue;
      places.push(place);
      text(name, at, "map-city").addTo(group);
    }
    for (const { label_text, at } of covers(map.getCenter()) ? [] : signposts(map, cities)) {
      text(label_text, at, "map-city tick", [30, 8]).addTo(group);
    }
  };
  map.on("moveend zoomend", draw);
  void baseMap().then((loaded) => {
    cities = loaded.cities.toSorted(([, , , a], [, , , b]) => a - b); // the greater ones first
    if (map.hasLayer(group)) draw(); // not if the page was left meanwhile
  }, () => {});
  return group;
}

/** The place of a name, CSS pixels. */
interface Place {
  x: number;
  y: number;
  width: number;
}

const LETTER = 7.5;
const LINE = 15;

function overlap(one: Place, other: Place): boolean {
  return Math.abs(one.y - other.y) < LINE && one.x < other.x + other.width && other.x < one.x + one.width;
}

const ARROWS = ["→", "↗", "↑", "↖", "←", "↙", "↓", "↘"];
const SIGNPOSTS = 3;

/** Returns signposts to places outside the view, with distances, for close zooms; one for each direction. */
function signposts(map: L.Map, cities: City[]): { label_text: string; at: L.LatLng }[] {
  if (map.getZoom() < METRE_GRID_ZOOM) return [];
  const bounds = map.getBounds();
  const signs = cities.filter(([, latitude, longitude]) => !bounds.contains([latitude, longitude]))
    .map((city) => signpostTo(map, city)).sort((a, b) => a.metres - b.metres);
  const nearest = signs.filter(({ arrow }, index) =>
    signs.findIndex((sign) => sign.arrow === arrow) === index
  );
  return nearest.slice(0, SIGNPOSTS);
}

function signpostTo(map: L.Map, [name, latitude, longitude]: City) {
  const metres = map.distance(map.getCenter(), [latitude, longitude]);
  const to = map.latLngToContainerPoint([latitude, longitude]);
  const { x, y } = map.getSize();
  const [dx, dy] = [to.x - x / 2, to.y - y / 2];
  const scale = Math.min((x / 2 - 70) / Math.abs(dx), (y / 2 - 40) / Math.abs(dy));
  const arrow = ARROWS[(Math.round(Math.atan2(-dy, dx) / (Math.PI / 4)) + 8) % 8]!;
  const label_text = `${arrow} ${name} ${(metres / 1000).toFixed(metres < 10_000 ? 1 : 0)} km`;
  return {
    metres,
    arrow,
    label_text,
    at: map.containerPointToLatLng([x / 2 + dx * scale, y / 2 + dy * scale]),
  };
}

/** Returns the grid: lines of latitude and longitude, at close zooms squares in metres. */
export function gridLayer(map: L.Map, covers: Covers): L.LayerGroup {
  const group = L.layerGroup();
  const draw = () => {
    group.clearLayers();
    if (covers(map.getCenter())) return;
    const bounds = map.getBounds();
    const { x, y } = map.getSize();
    const { step_lat, step_lng, label } = gridOf(map);
    for (const lat of ticks(bounds.getSouth(), bounds.getNorth(), step_lat)) {
      line([lat, bounds.getWest()], [x, 1]).addTo(group);
      if (!label) {
        text(degrees(lat, "N", "S"), [lat, bounds.getWest()], "map-city tick", [-4, 14]).addTo(group);
      }
    }
    for (const lng of ticks(bounds.getWest(), bounds.getEast(), step_lng)) {
      line([bounds.getNorth(), lng], [1, y]).addTo(group);
      if (!label) {
        text(degrees(lng, "E", "W"), [bounds.getNorth(), lng], "map-city tick", [-4, -2]).addTo(group);
      }
    }
    if (label) {
      text(`▦ ${label}`, map.containerPointToLatLng([56, 26]), "map-city tick", [0, 12]).addTo(group);
    }
  };
  map.on("moveend zoomend resize", draw);
  draw();
  return group;
}

/** Returns the grid's steps in degrees, about 120 pixels apart. */
function gridOf(map: L.Map): { step_lat: number; step_lng: number; label: string } {
  const { lat } = map.getCenter();
  const wide = (map.getBounds().getEast() - map.getBounds().getWest()) * 120 / Math.max(1, map.getSize().x);
  if (map.getZoom() < METRE_GRID_ZOOM) {
    const step = roundStep(wide);
    return { step_lat: step, step_lng: step, label: "" };
  }
  const metres_a_degree = METRES_A_DEGREE * Math.cos(lat * Math.PI / 180);
  const metres = roundStep(wide * metres_a_degree);
  const label = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
  return { step_lat: metres / METRES_A_DEGREE, step_lng: metres / metres_a_degree, label };
}

/** Rounds up to 1, 2 or 5 times a power of ten. */
function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 2, 5, 10].find((factor) => factor * power >= wanted) ?? 10) * power;
}

function ticks(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step);
  const count = Math.min(60, Math.floor(to / step) - first + 1);
  return Array.from({ length: Math.max(0, count) }, (_, index) => (first + index) * step);
}

function degrees(value: number, positive: string, negative: string): string {
  return `${Number(Math.abs(value).toFixed(3))}° ${value < 0 ? negative : positive}`;
}

/** A line to the right or down, CSS pixels. */
function line(at: L.LatLngExpression, iconSize: [number, number]): L.Marker {
  const icon = L.divIcon({ className: "map-line", iconSize, iconAnchor: [0, 0] });
  return L.marker(at, { icon, pane: BELOW, interactive: false, keyboard: false });
}

function text(
  label_text: string,
  at: L.LatLngExpression,
  name: string,
  anchor: [number, number] = [0, 8],
): L.Marker {
  const label = document.createElement("span");
  label.className = name;
  label.textContent = label_text;
  const icon = L.divIcon({ html: label, className: "", iconSize: [0, 0], iconAnchor: anchor });
  return L.marker(at, { icon, pane: BELOW, interactive: false, keyboard: false });
}

function shade(light: string, dark: string): string {
  return getComputedStyle(document.documentElement).colorScheme === "dark" ||
      (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches)
    ? dark
    : light;
}
