// The record of a charger: lookup and changes.
import type { Charger, Store } from "../store/store.ts";
import type { Context } from "./context.ts";
import { chargerByDefaults } from "./site_defaults.ts";

/** Returns the record of the charger that sent a message; creates it again if it was deleted meanwhile. */
export function chargerOf({ store, charger_id, state, now }: Context): Charger {
  const { simulated } = state;
  return store.chargers.get(charger_id) ??
    { ...chargerByDefaults(charger_id, "Accepted", { store, now }), simulated, adopted: false };
}

/** Returns the identity of a charger's record, which its certificates are bound to; a record of an older program gets one. */
export async function recordIdOf(charger: Charger, { chargers }: Pick<Store, "chargers">): Promise<string> {
  if (charger.record_id !== undefined) return charger.record_id;
  const record_id = crypto.randomUUID();
  await chargers.put({ ...charger, record_id });
  return record_id;
}
