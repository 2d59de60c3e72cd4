// The record of a new charger.
import type { Charger, Registration } from "./records/charger.ts";

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
    simulated: false,
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
