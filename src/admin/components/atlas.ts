// The map: Leaflet with the embedded base map, a grid, and markers. Loaded when a page shows a map.
// @ts-types="@types/leaflet"
import * as L from "leaflet";
import { baseMapLayer, cityLayer, coverOf, gridLayer, streetLayer } from "./base_layers.ts";
import { isPlaced, markersOn } from "./markers.ts";
import type { Pin, Plan } from "./pin.ts";
import type { SiteSettings } from "../types.ts";

interface AtlasOptions {
  centre: [number, number];
  /** The settings that name the source of street tiles; null: none. */
  site: SiteSettings | null;
  plan: Plan | undefined;
  face: (pins: readonly Pin[]) => HTMLElement;
  moved: (id: string, latitude: number, longitude: number) => void;
  picked: (id: string) => void;
}

/** An open map. */
export interface Atlas {
  /** Shows markers. `edit`: markers can be moved, and a click places this charger's. */
  show(pins: readonly Pin[], edit: string | null): void;
  /** Zooms to all markers. */
  fit(pins: readonly Pin[]): void;
  remove(): void;
}

const WORLD: L.MapOptions = {
  zoom: 13,
  minZoom: 2,
  maxZoom: 20,
  worldCopyJump: true,
  maxBounds: [[-85, -540], [85, 540]],
};
/** A plan's bounds, from its top left corner, in percent of its height and width. */
const SHEET: L.LatLngBoundsLiteral = [[0, 0], [100, 100]];
const FAR = -9;
/** The plan's bounds with room for a marker at the edge. */
const AROUND: L.LatLngBoundsLiteral = [[-12, -3], [104, 103]];

/** Opens a map in an element; the caller removes it. */
export function openAtlas(place: HTMLElement, { centre, site, plan, ...handlers }: AtlasOptions): Atlas {
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(place, {
    zoomAnimation: !reduced,
    fadeAnimation: !reduced,
    maxBoundsViscosity: 1,
    ...(plan ? planOptions(plan) : { ...WORLD, center: centre }),
  });
  const layers = plan
    ? [L.imageOverlay(`/ocpp/plan/picture?v=${plan.version}`, SHEET)]
    : worldLayers(map, site);
  for (const layer of layers) layer.addTo(map);
  const markers = markersOn(map, handlers);
  const watch = new ResizeObserver(() => {
    if (place.clientWidth === 0) return;
    map.invalidateSize();
    if (plan) boundZoom(map);
  });
  watch.observe(place);
  return {
    show: markers.show,
    fit(pins) {
      if (plan) return void map.fitBounds(AROUND, { animate: false });
      const placed = pins.filter(isPlaced).map((
        { latitude, longitude },
      ): [number, number] => [latitude, longitude]);
      if (placed.length > 0) map.fitBounds(L.latLngBounds(placed).pad(0.3), { maxZoom: 17, animate: false });
    },
    remove() {
      watch.disconnect();
      for (const layer of layers) layer.remove();
      map.remove();
    },
  };
}

function worldLayers(map: L.Map, site: SiteSettings | null): L.Layer[] {
  map.attributionControl.setPrefix(false).addAttribution("Natural Earth");
  L.control.scale({ imperial: false }).addTo(map);
  queueMicrotask(() => { // after the map has its first position, so that no tile is loaded in vain
    if (site?.map || site?.tile_url) streetLayer(site).addTo(map);
  });
  const covers = coverOf(map, site?.map ?? null);
  return [baseMapLayer(map), cityLayer(map, covers), gridLayer(map, covers)];
}

function planOptions({ width, height }: Plan): L.MapOptions {
  const transformation = L.transformation(width / 100, 0, height / 100, 0);
  return {
    crs: { ...L.CRS.Simple, transformation } as L.CRS,
    center: [50, 50],
    zoom: 0,
    minZoom: FAR,
    maxZoom: 4,
    zoomSnap: 0.1,
    maxBounds: AROUND,
    attributionControl: false,
  };
}

/** Limits zooming out to the whole plan. */
function boundZoom(map: L.Map): void {
  map.options.minZoom = FAR;
  map.setMinZoom(map.getBoundsZoom(AROUND));
}
