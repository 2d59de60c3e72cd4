// The record of a charger: creation, lookup and changes.
import type { Charger, Registration } from "../store/store.ts";
import type { Context } from "./context.ts";

/** Makes the record of a new charger. */
export function newCharger(charger_id: string, registration: Registration, now: number): Charger {
  return {
    charger_id,
    name: charger_id,
    registration,
    require_rfid: false,
    config: {},
    latitude: null,
    longitude: null,
    plan_x: null,
    plan_y: null,
    record_id: crypto.randomUUID(),
    created_at: new Date(now).toISOString(),
    booted_at: null,
    last_path: null,
    remote_address: null,
    vendor: null,
    model: null,
    serial_number: null,
    firmware_version: null,
    boot: {},
    connectors: [],
    password: null,
  };
}

/** Returns the record of the charger that sent a message; creates it again if it was deleted meanwhile. */
export function chargerOf({ store, charger_id, now }: Context): Charger {
  return store.chargers.get(charger_id) ?? { ...newCharger(charger_id, "Accepted", now()), adopted: false };
}

/** Returns the identity of a charger's record, which its certificates are bound to; a record of an older program gets one. */
export async function recordIdOf(context: Context): Promise<string> {
  const charger = chargerOf(context);
  if (charger.record_id !== undefined) return charger.record_id;
  const record_id = crypto.randomUUID();
  await context.store.chargers.put({ ...charger, record_id });
  return record_id;
}
