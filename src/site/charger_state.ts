// The live state of a charger, which is in memory only, beside its record.
import type { RawMeterValue } from "../store/readings/sample.ts";
import type { Charger, Connector, Store, Transaction } from "../store/store.ts";
import { currentLimitOf, powerOf } from "./energy/meter_reading.ts";

/** The latest figures of a connector from meter values. */
export interface LiveMeter {
  power_w: number | null;
  current_limit_a: number | null;
  /** ms since 1970 of the sample. */
  at: number;
}

/** The live state of one charger. */
export class ChargerState {
  readonly charger_id: string;
  connected_since: string | null = null;
  /** ms since 1970 of the last frame. */
  last_seen: number | null = null;
  /** ms since 1970 of the last Heartbeat. */
  last_heartbeat: number | null = null;
  /** URL by which the charger reaches the gateway, from its handshake, such as `http://192.168.1.5:8000`. */
  base_url: string | null = null;
  /** Requests for list updates that were made from the RFID table, not by the operator. */
  readonly own_lists = new WeakSet<object>();
  readonly meters = new Map<number, LiveMeter>();
  /** Listeners to each CALL of the charger, which wait for a triggered message. */
  readonly watchers = new Set<(action: string, payload: unknown) => void>();
  /** Timestamps of the last StatusNotification by connector: an older one does not replace a newer one. */
  readonly status_at = new Map<number, number>();

  constructor(charger_id: string) {
    this.charger_id = charger_id;
  }

  /** Returns the time of the connection, ms since 1970; NaN while the charger is not connected. */
  connectedAt(): number {
    return Date.parse(this.connected_since ?? "");
  }

  /** Updates a connector's figures from its newest meter value; figures that it lacks stay. `at`: times of the values, ms since 1970. */
  takeMeter(connector_id: number, values: RawMeterValue[], at: number[]): void {
    let meter = this.meters.get(connector_id);
    if (!meter) {
      this.meters.set(connector_id, meter = { power_w: null, current_limit_a: null, at: -Infinity });
    }
    for (let index = 0; index < values.length; index++) {
      if (at[index]! < meter.at) continue;
      meter.at = at[index]!;
      meter.power_w = powerOf(values[index]!) ?? meter.power_w;
      meter.current_limit_a = currentLimitOf(values[index]!) ?? meter.current_limit_a;
    }
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
  const meter = state.meters.get(connector_id);
  return {
    transaction_id: transaction?.transaction_id ?? null,
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
