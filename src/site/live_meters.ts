// The newest figures of a charger's connectors, and when they end.
import type { RawMeterValue } from "../store/readings/sample.ts";
import { currentLimitOf, powerOf } from "./energy/meter_reading.ts";

/** The latest figures of a connector from meter values. */
export interface LiveMeter {
  power_w: number | null;
  current_limit_a: number | null;
  /** ms since 1970 of the sample. */
  at: number;
  /** ms since 1970 at which it was received. */
  received: number;
  /** The time between samples, ms. */
  interval: number;
  /** The session in which it was taken; null: outside sessions. */
  transaction_id: number | null;
}

/** Meter values of one report. */
export interface LiveReport {
  values: RawMeterValue[];
  /** Times of the values, ms since 1970. */
  at: number[];
  /** ms since 1970. */
  received: number;
  transaction_id: number | null;
}

const FIRST_INTERVAL_MS = 300_000; // until a second sample has come
const BURST_MS = 1_000; // queued messages arrive at once: that is no interval
const INTERVALS = 3; // a figure that is older has ended

/** The figures of all connectors of one charger. */
export class LiveMeters {
  readonly #meters = new Map<number, LiveMeter>();

  /** Updates a connector's figures from its newest value; figures that it lacks stay. Hot. */
  take(connector_id: number, { values, at, received, transaction_id }: LiveReport): void {
    let meter = this.#meters.get(connector_id);
    if (meter === undefined || meter.transaction_id !== transaction_id) {
      meter = begin(received, transaction_id, meter);
      this.#meters.set(connector_id, meter);
    }
    const gap = received - meter.received;
    if (gap >= BURST_MS) meter.interval = gap;
    meter.received = received;
    for (let index = 0; index < values.length; index++) {
      if (at[index]! < meter.at) continue;
      meter.at = at[index]!;
      meter.power_w = powerOf(values[index]!) ?? meter.power_w;
      meter.current_limit_a = currentLimitOf(values[index]!) ?? meter.current_limit_a;
    }
  }

  /** Returns a connector's figures unless they are older than three sample intervals. `now`: ms since 1970. */
  get(connector_id: number, now: number): LiveMeter | undefined {
    const meter = this.#meters.get(connector_id);
    return meter && now - meter.received <= INTERVALS * meter.interval ? meter : undefined;
  }

  /** Ends the figures of a connector, or of all. */
  clear(connector_id?: number): void {
    if (connector_id === undefined) this.#meters.clear();
    else this.#meters.delete(connector_id);
  }

  /** Ends the figures that have become too old; returns their connectors. */
  expire(now: number): number[] {
    const old = [...this.#meters.keys()].filter((connector_id) => this.get(connector_id, now) === undefined);
    for (const connector_id of old) this.#meters.delete(connector_id);
    return old;
  }

  /** The connectors that have figures. */
  connectors(): number[] {
    return [...this.#meters.keys()];
  }
}

/** A session begins without figures, at the interval of the one before. */
function begin(received: number, transaction_id: number | null, before?: LiveMeter): LiveMeter {
  return {
    power_w: null,
    current_limit_a: null,
    at: -Infinity,
    received,
    interval: before?.interval ?? FIRST_INTERVAL_MS,
    transaction_id,
  };
}
