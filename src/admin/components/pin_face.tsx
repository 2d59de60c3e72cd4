// The face of a marker: coloured by state, with the state's icon or a count in it, and the power that flows below it.
import { render } from "preact";
import { number } from "../format.ts";
import { Icon } from "../icons.tsx";
import { type Pin, powerOf, stateOf } from "./pin.ts";
import { lookOf } from "./status.tsx";

/** Returns the face of a charger's marker, or of that of several. */
export function pinFace(pins: readonly Pin[]): HTMLElement {
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
  return place;
}
