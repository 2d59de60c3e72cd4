// The record of a charger whose device is renamed, or replaced by another one. Its sessions and readings are not touched.
import { newCharger } from "../store/new_charger.ts";
import type { Charger, PasswordHash, Store } from "../store/store.ts";
import { endReservation, reservationsOf } from "./authorization/reservations.ts";
import type { Context } from "./context.ts";
import { withFormer } from "./device_identity.ts";
import { certificatesOf } from "./security/certificates.ts";
import { chargerByDefaults } from "./site_defaults.ts";
import { clearProfiles } from "./smart_charging/profiles.ts";

/** Returns the record of the same device under another OCPP identity. */
export function renamed(charger: Charger, identity: string, now: number): Charger {
  const { identity: _old, ...rest } = charger;
  const former = withFormer(charger, "renamed", now);
  return { ...rest, former, ...(identity !== charger.charger_id && { identity }) };
}

/** The device that comes: its OCPP identity, and the hash of its key. */
export interface NewDevice {
  identity: string;
  password: PasswordHash | null;
}

/**
 * Returns the record of a charger for another device. What belongs to the place stays: name, position, circuit, card
 * rules, notes. What belongs to the old device goes: what it reported, its keys, profile and certificates, its quirks.
 */
export function replaced(
  charger: Charger,
  { identity, password }: NewDevice,
  { store, now }: Pick<Context, "store" | "now">,
): Charger {
  const { charger_id, name, registration, require_rfid, config, latitude, longitude, plan_x, plan_y } =
    charger;
  const { created_at, load, marked_simulated } = charger;
  const { quirks } = chargerByDefaults(charger_id, registration, { store, now });
  return {
    ...newCharger(charger_id, registration, now()), // with a record_id of its own, to which certificates are bound
    ...{ name, require_rfid, config, latitude, longitude, plan_x, plan_y, created_at, password },
    ...(quirks && { quirks }),
    ...(load && { load }),
    ...(marked_simulated && { marked_simulated, simulated: true }),
    ...(identity !== charger_id && { identity }),
    former: withFormer(charger, "replaced", now()),
  };
}

/** Deletes what is known of a device that is gone: configuration, lists, profiles, reservations; its certificates are revoked. */
export async function forgetDevice(context: Context): Promise<void> {
  const { store, charger_id, now } = context;
  const ended_at = new Date(now()).toISOString();
  const active = reservationsOf(store, now(), charger_id).filter(({ state }) => state === "active");
  await Promise.all([
    revokeIssued(charger_id, store, ended_at),
    clearProfiles({}, context),
    store.configurations.delete(charger_id),
    store.local_lists.delete(charger_id),
    store.certificate_requests.delete(charger_id),
    ...active.map((reservation) => endReservation(reservation, { state: "cancelled", ended_at }, context)),
  ]);
}

async function revokeIssued(charger_id: string, store: Store, revoked_at: string): Promise<void> {
  const reason = "The device was replaced";
  const { issued } = certificatesOf(store, charger_id);
  await Promise.all(issued.map(({ serial_number }) => {
    const certificate = serial_number.toLowerCase().replace(/^0+(?=.)/, "");
    return store.revocations.put({ certificate, charger_id, reason, revoked_at });
  }));
  await store.certificates.delete(charger_id);
}
