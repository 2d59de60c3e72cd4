// The markers of a map: those that would cover each other are one, unless they are being moved.
// @ts-types="@types/leaflet"
import * as L from "leaflet";
import { clustersOf } from "./clusters.ts";
import type { Pin } from "./pin.ts";

const DEGREES = 1e6; // 0.1 m

/** A pin with a position. */
export type PlacedPin = Pin & { latitude: number; longitude: number };

/** Returns true for a pin with a position. */
export function isPlaced(pin: Pin): pin is PlacedPin {
  return pin.latitude !== null && pin.longitude !== null;
}

interface Handlers {
  /** Returns the face of a marker. It is handed over so that the map's file needs none of the others. */
  face: (pins: readonly Pin[]) => HTMLElement;
  moved: (id: string, latitude: number, longitude: number) => void;
  picked: (id: string) => void;
}

interface Shown {
  marker: L.Marker;
  looks: string;
}

/** Keeps a map's markers. `edit`: they can be moved, and a click on the map places this charger's. */
export function markersOn(map: L.Map, { face, moved, picked }: Handlers) {
  const shown = new Map<string, Shown>();
  let pins: PlacedPin[] = [];
  let edited: string | null = null;
  let dragged: string | null = null; // the marker under the pointer: events must not move it
  map.on("click", ({ latlng }) => edited && moved(edited, rounded(latlng.lat), rounded(latlng.lng)));
  map.on("zoomend", draw);
  return {
    show(all: readonly Pin[], edit: string | null): void {
      edited = edit;
      pins = all.filter(isPlaced);
      draw();
    },
  };

  function draw(): void {
    const groups = groupsOf(map, pins, edited !== null);
    for (const [key, { marker }] of shown) {
      if (groups.has(key)) continue;
      marker.remove();
      shown.delete(key);
    }
    for (const [key, group] of groups) put(key, group);
  }

  function put(key: string, group: PlacedPin[]): void {
    if (dragged === key) return;
    const place = middleOf(group);
    const looks = looksOf(group);
    let one = shown.get(key);
    if (!one) {
      const title = group.map(({ title }) => title).join(", ");
      const marker = L.marker(place, { icon: iconOf(group, face), title, alt: title, autoPan: true });
      if (group.length === 1) follow(marker, key);
      else marker.on("click", () => open(group));
      shown.set(key, one = { marker: marker.addTo(map), looks });
    }
    one.marker.setLatLng(place);
    if (one.looks !== looks) one.marker.setIcon(iconOf(group, face));
    one.looks = looks;
    if (edited === null) one.marker.dragging?.disable();
    else one.marker.dragging?.enable();
    one.marker.getElement()?.setAttribute("data-id", key);
  }

  function follow(marker: L.Marker, id: string): void {
    marker.on("dragstart", () => dragged = id);
    marker.on("dragend", () => {
      dragged = null;
      const { lat, lng } = marker.getLatLng();
      moved(id, rounded(lat), rounded(lng));
    });
    marker.on("click", () => picked(id));
  }

  /** Zooms in until they come apart. */
  function open(group: PlacedPin[]): void {
    const bounds = L.latLngBounds(
      group.map(({ latitude, longitude }): L.LatLngTuple => [latitude, longitude]),
    );
    const least = map.getZoom() + 1;
    map.setView(
      bounds.getCenter(),
      Math.min(map.getMaxZoom(), Math.max(least, map.getBoundsZoom(bounds.pad(0.3)))),
    );
  }
}

/** Returns the pins of each marker. At the closest zoom, and while markers are moved, each has its own. */
function groupsOf(map: L.Map, pins: readonly PlacedPin[], apart: boolean): Map<string, PlacedPin[]> {
  if (apart || map.getZoom() >= map.getMaxZoom()) return new Map(pins.map((pin) => [pin.id, [pin]]));
  const placed = pins.map((pin) => {
    const { x, y } = map.project([pin.latitude, pin.longitude]);
    return { pin, x, y };
  });
  const groups = clustersOf(placed).map(({ pins }) => pins as PlacedPin[]);
  return new Map(groups.map((group) => [group.map(({ id }) => id).join("\n"), group]));
}

function iconOf(pins: readonly Pin[], face: Handlers["face"]): L.DivIcon {
  const several = pins.length > 1;
  return L.divIcon({
    html: face(pins),
    className: "",
    iconSize: several ? [44, 44] : [38, 38],
    iconAnchor: several ? [22, 22] : [19, 46],
  });
}

/** Returns what a marker shows, so that the same is not drawn again. */
function looksOf(pins: readonly Pin[]): string {
  return JSON.stringify(
    pins.map(({ id, title, status, power_w }) => [id, title, status, Math.round((power_w ?? 0) / 100)]),
  );
}

function middleOf(group: readonly PlacedPin[]): [number, number] {
  const mean = (value: (pin: PlacedPin) => number) =>
    group.reduce((sum, pin) => sum + value(pin), 0) / group.length;
  return [mean(({ latitude }) => latitude), mean(({ longitude }) => longitude)];
}

function rounded(degrees: number): number {
  return Math.round(degrees * DEGREES) / DEGREES;
}
