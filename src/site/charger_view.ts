// The view of a charger in REST and events: its record with its live state.
import type { Charger, FormerDevice, Quirks, Store } from "../store/store.ts";
import { type ChargerState, type ConnectorView, connectorViews } from "./charger_state.ts";
import { type TransactionView, transactionView } from "./charger_state.ts";
import { identityOf } from "./device_identity.ts";
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
    | "identity"
    | "former"
  >,
  FullLoadPlace {
  /** The OCPP identity under which the device connects. */
  identity: string;
  /** The devices and identities that it had before, newest first. */
  former: FormerDevice[];
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

/** The fields of a charger that a list or a map has no use for: two thirds of its bytes. */
export const HEAVY = [
  "identity",
  "former",
  "config",
  "quirks",
  "last_meter_values",
  "transaction",
  "has_password",
  "circuit",
  "phases",
  "phase_rotation",
  "min_current_a",
  "max_current_a",
  "failsafe_current_a",
  "priority",
  "surplus",
  "surplus_floor_a",
] as const satisfies readonly (keyof ChargerView)[];

/** A charger for lists. */
export type SlimChargerView = Omit<ChargerView, typeof HEAVY[number]>;

/** Returns a charger's view. */
export function chargerView(charger: Charger, state: ChargerState, store: Store): ChargerView {
  const active = store.transactions.active(charger.charger_id);
  return {
    ...slimChargerView(charger, state, store),
    ...loadPlaceOf(charger),
    identity: identityOf(charger),
    former: charger.former ?? [],
    config: charger.config,
    last_meter_values: store.readings.lastMeterValues(charger.charger_id),
    transaction: active.length ? transactionView(active.at(-1)!) : null,
    has_password: charger.password !== null,
    quirks: quirksOf(charger),
  };
}

/** Returns a charger's view for lists. */
export function slimChargerView(charger: Charger, state: ChargerState, store: Store): SlimChargerView {
  const { password: _key, passwords_sent: _sent, record_id: _id, boot: _boot, load: _load, ...rest } =
    charger;
  const { usual_address: _address, marked_simulated: _marked, config: _config, quirks: _quirks, ...more } =
    rest;
  const { identity: _identity, former: _former, ...record } = more;
  return {
    ...record,
    connected: state.connected_since !== null,
    connected_since: state.connected_since,
    last_seen: isoOrNull(state.last_seen),
    last_heartbeat: isoOrNull(state.last_heartbeat),
    connectors: connectorViews(charger, state, store),
  };
}

/** Returns a view without what lists have no use for. */
export function slim(view: ChargerView): SlimChargerView {
  const left: Partial<ChargerView> = { ...view };
  for (const name of HEAVY) delete left[name];
  return left as SlimChargerView;
}

/** Formats ms since 1970 as ISO 8601; null for null. */
function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
