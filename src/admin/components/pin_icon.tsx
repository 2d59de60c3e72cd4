// A marker: coloured by state, with the state's icon or a count in it, and the power that flows below it.
// @ts-types="@types/leaflet"
import * as L from "leaflet";
import { render } from "preact";
import { number } from "../format.ts";
import { Icon } from "../icons.tsx";
import { powerOf, stateOf } from "./clusters.ts";
import type { Pin } from "./pin.ts";
import { lookOf } from "./status.tsx";

/** Returns the marker icon of a charger, or of several. */
export function pinIcon(pins: readonly Pin[]): L.DivIcon {
  const { tone, icon } = lookOf(stateOf(pins));
  const power_w = powerOf(pins);
  const place = document.createElement("div");
  render(
    <>
      <div class={`${pins.length > 1 ? "pins" : "pin"} tone-${tone}`}>
        {pins.length > 1 ? <b>{pins.length}</b> : <Icon name={icon} size={20} />}
      </div>
      {power_w !== null && <span class="pin-power">{number(power_w / 1000, power_w < 9950 ? 1 : 0)} kW</span>}
    </>,
    place,
  );
  const anchor: L.PointTuple = pins.length > 1 ? [22, 22] : [19, 46];
  return L.divIcon({
    html: place,
    className: "",
    iconSize: pins.length > 1 ? [44, 44] : [38, 38],
    iconAnchor: anchor,
  });
}

/** Returns what a marker shows, so that the same is not drawn again. */
export function looksOf(pins: readonly Pin[]): string {
  return JSON.stringify(
    pins.map(({ id, title, status, power_w }) => [id, title, status, Math.round((power_w ?? 0) / 100)]),
  );
}
