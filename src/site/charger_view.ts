// The view of a charger in REST and events: its record with its live state.
import type { Charger, Quirks, Store } from "../store/store.ts";
import { type ChargerState, type ConnectorView, connectorViews } from "./charger_state.ts";
import { type TransactionView, transactionView } from "./charger_state.ts";
import { type FullLoadPlace, loadPlaceOf } from "./load/load_place.ts";
import { quirksOf } from "./quirks.ts";

/** A charger without its secrets, with its live state. */
export interface ChargerView extends
  Omit<
    Charger,
    | "password"
    | "passwords_sent"
    | "record_id"
    | "usual_address"
    | "marked_simulated"
    | "boot"
    | "connectors"
    | "quirks"
    | "load"
  >,
  FullLoadPlace {
  connected: boolean;
  connected_since: string | null;
  last_seen: string | null;
  last_heartbeat: string | null;
  /** The newest MeterValues.req, as received. */
  last_meter_values: unknown;
  connectors: ConnectorView[];
  /** The newest of its active sessions. */
  transaction: TransactionView | null;
  has_password: boolean;
  /** All quirks, with defaults filled in. */
  quirks: Quirks;
}

/** Returns a charger's view. */
export function chargerView(charger: Charger, state: ChargerState, store: Store): ChargerView {
  const { password, passwords_sent: _sent, record_id: _id, boot: _boot, load: _load, ...rest } = charger;
  const { usual_address: _address, marked_simulated: _marked, ...record } = rest;
  const active = store.transactions.active(charger.charger_id);
  return {
    ...record,
    ...loadPlaceOf(charger),
    connected: state.connected_since !== null,
    connected_since: state.connected_since,
    last_seen: isoOrNull(state.last_seen),
    last_heartbeat: isoOrNull(state.last_heartbeat),
    last_meter_values: store.readings.lastMeterValues(charger.charger_id),
    connectors: connectorViews(charger, state, store),
    transaction: active.length ? transactionView(active.at(-1)!) : null,
    has_password: password !== null,
    quirks: quirksOf(charger),
  };
}

/** Formats ms since 1970 as ISO 8601; null for null. */
function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
