// The map itself: Leaflet with an embedded base map, a grid, and markers.
// @ts-types="@types/leaflet"
import * as L from "leaflet";
import { baseMapLayer, cityLayer, coverOf, gridLayer, streetLayer } from "./base_layers.ts";
import { pinIcon } from "./pin_icon.tsx";
import type { Pin } from "./map_view.tsx";
import type { SiteSettings } from "../types.ts";

interface AtlasOptions {
  centre: [number, number];
  /** Where street tiles come from, if anywhere. */
  site: SiteSettings | null;
  moved: (id: string, latitude: number, longitude: number) => void;
  picked: (id: string) => void;
}

/** An open map. */
export interface Atlas {
  /** Puts the markers where they belong; `edit`: may be moved, a click puts this one. */
  show(pins: readonly Pin[], edit: string | null): void;
  /** Shows all markers. */
  fit(pins: readonly Pin[]): void;
  remove(): void;
}

const DEGREES = 1e6; // a tenth of a metre is enough

/** Opens a map in an element. */
export function openAtlas(place: HTMLElement, { centre, site, moved, picked }: AtlasOptions): Atlas {
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(place, {
    center: centre,
    zoom: 13,
    minZoom: 2,
    maxZoom: 20,
    worldCopyJump: true,
    zoomAnimation: !reduced,
    fadeAnimation: !reduced,
    maxBoundsViscosity: 1,
    maxBounds: [[-85, -540], [85, 540]],
  });
  map.attributionControl.setPrefix(false).addAttribution("Natural Earth");
  L.control.scale({ imperial: false }).addTo(map);
  const covers = coverOf(map, site?.map ?? null);
  const layers = [baseMapLayer(map), cityLayer(map, covers), gridLayer(map, covers)];
  for (const layer of layers) layer.addTo(map);
  queueMicrotask(() => { // by then the map is where it begins: no tiles for nothing
    if (site?.map || site?.tile_url) streetLayer(site).addTo(map);
  });
  const markers = new Map<string, L.Marker>();
  let edited: string | null = null;
  map.on("click", ({ latlng }) => edited !== null && moved(edited, rounded(latlng.lat), rounded(latlng.lng)));
  const watch = new ResizeObserver(() => place.clientWidth > 0 && map.invalidateSize());
  watch.observe(place);
  return {
    show(pins, edit) {
      edited = edit;
      const placed = pins.filter(isPlaced);
      for (const [id, marker] of markers) {
        if (placed.some((pin) => pin.id === id)) continue;
        marker.remove();
        markers.delete(id);
      }
      for (const pin of placed) showPin(pin);
    },
    fit(pins) {
      const placed = pins.filter(isPlaced).map((
        { latitude, longitude },
      ): [number, number] => [latitude, longitude]);
      if (placed.length > 0) map.fitBounds(L.latLngBounds(placed).pad(0.3), { maxZoom: 17, animate: false });
    },
    remove() {
      watch.disconnect();
      for (const layer of layers) layer.remove(); // before their canvas: Leaflet would draw once more without it
      map.remove();
    },
  };

  function showPin(pin: Pin & { latitude: number; longitude: number }): void {
    const { id, title, latitude, longitude } = pin;
    let marker = markers.get(id);
    if (!marker) {
      marker = L.marker([latitude, longitude], { icon: pinIcon(pin), title, alt: title, autoPan: true });
      marker.on("dragend", () => {
        const { lat, lng } = marker!.getLatLng();
        moved(id, rounded(lat), rounded(lng));
      });
      marker.on("click", () => picked(id));
      markers.set(id, marker.addTo(map));
    }
    if (!marker.dragging?.enabled() || edited === null) marker.setLatLng([latitude, longitude]);
    marker.setIcon(pinIcon(pin));
    if (edited === null) marker.dragging?.disable();
    else marker.dragging?.enable();
    marker.getElement()?.setAttribute("data-id", id);
  }
}

function isPlaced(pin: Pin): pin is Pin & { latitude: number; longitude: number } {
  return pin.latitude !== null && pin.longitude !== null;
}

function rounded(degrees: number): number {
  return Math.round(degrees * DEGREES) / DEGREES;
}
