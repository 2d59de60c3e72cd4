// A marker: coloured by state, with the state's icon in it.
// @ts-types="@types/leaflet"
import * as L from "leaflet";
import { render } from "preact";
import { Icon } from "../icons.tsx";
import type { Pin } from "./pin.ts";
import { lookOf } from "./status.tsx";

/** Returns the marker icon of a charger's state. */
export function pinIcon({ status }: Pin): L.DivIcon {
  const { tone, icon } = lookOf(status);
  const place = document.createElement("div");
  place.className = `pin tone-${tone}`;
  render(<Icon name={icon} size={20} />, place);
  return L.divIcon({ html: place, className: "", iconSize: [38, 38], iconAnchor: [19, 46] });
}
