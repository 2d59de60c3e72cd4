// A charger's place in load management, checked when it is changed.
import { type FailsafeExcess, failsafeExcess } from "../../../site/load/circuit_tree.ts";
import { contradictionIn, loadPlaceOf } from "../../../site/load/load_place.ts";
import type { Charger, LoadPlace, Store } from "../../../store/store.ts";
import { HttpError } from "../../http_error.ts";
import { invalidField } from "../../input.ts";

/** Returns a charger with changes of its place. Throws HttpError where they contradict each other or the circuit. */
export function withPlace(charger: Charger, changes: Partial<LoadPlace>, store: Store): Charger {
  if (Object.keys(changes).length === 0) return charger;
  const changed = { ...charger, load: { ...charger.load, ...changes } };
  const place = loadPlaceOf(changed);
  if (place.circuit !== null && !store.circuits.has(place.circuit)) {
    throw invalidField("circuit", "must be the name of a circuit");
  }
  const contradiction = contradictionIn(place);
  if (contradiction) throw invalidField(contradiction.field, contradiction.reason);
  if (place.circuit !== null) refuseExcess(failsafeExcess(store, { charger: changed }));
  return changed;
}

/** Throws HttpError 409 if chargers alone may load a circuit beyond its limit by their fail-safe limits. */
export function refuseExcess(excess: FailsafeExcess | undefined): void {
  if (!excess) return;
  const { circuit, chargers, sum, limit, unit } = excess;
  throw new HttpError(
    "state_forbids",
    `Without the gateway the ${chargers} chargers on ${circuit} may draw ${
      Math.round(sum * 10) / 10
    } ${unit}, ` +
      `but its limit is ${limit} ${unit}: lower failsafe_current_a of some of them, to 0 if need be`,
    { values: { ...excess } },
  );
}
