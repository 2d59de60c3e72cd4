// The live state of a charger, which is in memory only, beside its record.
import type { Charger, Connector, Store, Transaction } from "../store/store.ts";
import { type LiveMeter, LiveMeters } from "./live_meters.ts";

/** The live state of one charger. */
export class ChargerState {
  readonly charger_id: string;
  connected_since: string | null = null;
  /** ms since 1970 of the last frame. */
  last_seen: number | null = null;
  /** ms since 1970 of the last Heartbeat. */
  last_heartbeat: number | null = null;
  /** The newest Authorize.req and the status that it was answered. `at`: ms since 1970. */
  last_authorization: { id_tag: string; status: string; at: number } | null = null;
  /** ms since 1970 of the first of its newest unusable timestamps; null while its clock is right. */
  clock_wrong_since: number | null = null;
  /** True if the charger has shown its key or a valid certificate on this connection. */
  proved = false;
  /** True for a device that another one has replaced: it has booted under the charger's id. */
  is_replaced = false;
  /** True if a simulator is, or was last, connected. */
  simulated = false;
  /** URL by which the charger reaches the gateway, from its handshake, such as `http://192.168.1.5:8000`. */
  base_url: string | null = null;
  /** Requests for list updates that were made from the RFID table, not by the operator. */
  readonly own_lists = new WeakSet<object>();
  readonly meters = new LiveMeters();
  /** Listeners to each CALL of the charger, which wait for a triggered message. */
  readonly watchers = new Set<(action: string, payload: unknown) => void>();
  /** Connectors that a message has named and that the charger can have. */
  readonly known_connectors = new Set<number>();
  /** Timestamps of the last StatusNotification by connector: an older one does not replace a newer one. */
  readonly status_at = new Map<number, number>();

  readonly #now: () => number;

  /** `now`: the wall clock, ms since 1970. */
  constructor(charger_id: string, now: () => number) {
    this.charger_id = charger_id;
    this.#now = now;
  }

  /** Returns the time of the connection, ms since 1970; NaN while the charger is not connected. */
  connectedAt(): number {
    return Date.parse(this.connected_since ?? "");
  }

  /**
   * Returns a connector's newest figures of its session, or outside one. They end with the session, with the connection,
   * with a status without flow, and after three sample intervals. REST, events, metrics and pages all ask here.
   */
  liveMeter(connector_id: number, transaction_id: number | null): LiveMeter | undefined {
    if (this.connected_since === null) return;
    const meter = this.meters.get(connector_id, this.#now());
    return meter?.transaction_id === transaction_id ? meter : undefined;
  }
}

/** A connector's live figures. */
export interface LiveFigures {
  transaction_id: number | null;
  power_w: number | null;
  energy_wh: number | null;
  current_limit_a: number | null;
}

/** A connector in REST: the record with its live figures. */
export interface ConnectorView extends Connector, LiveFigures {}

/** A transaction in REST: the record without the gateway's own accounting. */
export type TransactionView = Omit<Transaction, "energy" | "energy_seq" | "start_timestamp">;

/** Returns a charger's connectors with their live figures, connector 0 first if it has reported. */
export function connectorViews(charger: Charger, state: ChargerState, store: Store): ConnectorView[] {
  return charger.connectors.map((connector) => ({
    ...connector,
    ...liveFigures(connector.connector_id, state, store),
  }));
}

/** Returns the live figures of a charger's connector. */
export function liveFigures(connector_id: number, state: ChargerState, store: Store): LiveFigures {
  const transaction = store.transactions.activeOn(state.charger_id, connector_id);
  const transaction_id = transaction?.transaction_id ?? null;
  const meter = state.liveMeter(connector_id, transaction_id);
  return {
    transaction_id,
    power_w: meter?.power_w ?? null,
    energy_wh: transaction?.energy_wh ?? null,
    current_limit_a: meter?.current_limit_a ?? null,
  };
}

/** Returns the view of a transaction for REST. */
export function transactionView(transaction: Transaction): TransactionView {
  const { energy: _energy, energy_seq: _seq, start_timestamp: _start, ...view } = transaction;
  return view;
}
