// The meters at circuits' feeds: each is read about once a second, or heard by MQTT; one that is silent is an alarm.
import { alarmText } from "../../../i18n/alarm_text.ts";
import type { Alarms } from "../../../machine/alarms.ts";
import type { FeedMeter } from "../../../site/load/feed_meter.ts";
import type { FeedReading } from "../../../site/load/feed_reading.ts";
import type { Circuit, Store } from "../../../store/store.ts";
import { HttpSource } from "./http_source.ts";
import { currentsIn } from "./json_values.ts";
import { ModbusSource } from "./modbus_source.ts";
import type { FeedValues } from "./phase_values.ts";

/** The parts that meters work with. */
export interface FeedMetersDeps {
  store: Store;
  alarms: Alarms;
  load: { take(reading: FeedReading): void };
  mqtt: {
    listen(topic: string, heard: (text: string) => void): () => void;
    state: { state: string };
  };
  /** ms since 1970. */
  now: () => number;
}

/** A meter that is asked. */
interface Source {
  read(): Promise<FeedValues>;
  close(): void;
}

interface Meter {
  /** The circuit's meter as text, to notice a change. */
  text: string;
  is_mqtt: boolean;
  source: Source | null;
  close: () => void;
  busy: boolean;
  failures: number;
  /** Monotonic, ms. */
  next_at: number;
  heard_at: number;
  /** The reason of the last failure; null: the last reading was good. */
  error: string | null;
}

/** Time between two readings, ms: between the looks of a timer at half of it. */
const PERIOD_MS = 900;
const LOOK_MS = 500;
const MAX_WAIT_MS = 5_000;

/** Reads all meters but those of the kind `push`. */
export class FeedMeters {
  readonly #deps: FeedMetersDeps;
  readonly #meters = new Map<string, Meter>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(deps: FeedMetersDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#look();
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const name of [...this.#meters.keys()]) this.#remove(name);
  }

  /** Returns the reason why a circuit's meter failed last; null: it did not. */
  error(circuit: string): string | null {
    const meter = this.#meters.get(circuit);
    return meter ? this.#errorOf(meter) : null;
  }

  #errorOf({ error, is_mqtt }: Meter): string | null {
    return is_mqtt && this.#deps.mqtt.state.state !== "connected" ? "There is no MQTT broker" : error;
  }

  #look(): void {
    const { circuits } = this.#deps.store;
    for (const name of [...this.#meters.keys()]) if (!circuits.has(name)) this.#remove(name);
    for (const circuit of circuits.values()) {
      this.#keep(circuit);
      const meter = this.#meters.get(circuit.name);
      if (!meter) continue;
      if (meter.source && !meter.busy && performance.now() >= meter.next_at) {
        void this.#read(circuit.name, meter);
      }
      this.#watch(circuit, meter);
    }
  }

  /** Makes, changes or removes the meter of a circuit. */
  #keep({ name, meter }: Circuit): void {
    const text = JSON.stringify(meter);
    const before = this.#meters.get(name);
    if (before?.text === text) return;
    if (before) this.#remove(name);
    if (meter !== null) this.#meters.set(name, this.#make(name, meter as unknown as FeedMeter, text));
  }

  #make(name: string, meter: FeedMeter, text: string): Meter {
    const source = meter.kind === "modbus"
      ? new ModbusSource(meter)
      : meter.kind === "http"
      ? new HttpSource(meter)
      : null;
    const now = performance.now();
    const made: Meter = {
      text,
      is_mqtt: meter.kind === "mqtt",
      source,
      close: () => source?.close(),
      busy: false,
      failures: 0,
      next_at: now,
      heard_at: now,
      error: null,
    };
    if (meter.kind === "mqtt") {
      made.close = this.#deps.mqtt.listen(meter.topic, (message) => {
        try {
          this.#heard(name, made, currentsIn(message, meter));
        } catch (error) {
          made.error = (error as Error).message;
        }
      });
    }
    return made;
  }

  #remove(name: string): void {
    this.#meters.get(name)?.close();
    this.#meters.delete(name);
    this.#deps.alarms.clear(alarmOf(name));
  }

  async #read(name: string, meter: Meter): Promise<void> {
    meter.busy = true;
    const began = performance.now();
    try {
      const values = await meter.source!.read();
      if (this.#meters.get(name) !== meter) return;
      this.#heard(name, meter, values);
      meter.next_at = began + PERIOD_MS;
    } catch (error) {
      meter.error = (error as Error).message;
      meter.failures++;
      meter.next_at = performance.now() + Math.min(PERIOD_MS * meter.failures, MAX_WAIT_MS);
    } finally {
      meter.busy = false;
    }
  }

  #heard(name: string, meter: Meter, values: FeedValues): void {
    meter.error = null;
    meter.failures = 0;
    meter.heard_at = performance.now();
    this.#deps.load.take({ circuit_id: name, at: this.#deps.now(), ...values });
  }

  /** Meters of the kind `push` are watched by load management alone. */
  #watch({ name, meter_timeout_s, meter }: Circuit, kept: Meter): void {
    const { alarms } = this.#deps;
    if (meter?.kind === "push") return;
    if (performance.now() - kept.heard_at <= meter_timeout_s * 1000) return alarms.clear(alarmOf(name));
    const error = this.#errorOf(kept);
    const reason = error ? `: ${error}` : "";
    const facts = { circuit: name, seconds: meter_timeout_s, reason };
    alarms.raise(alarmOf(name), alarmText("meter_silent", facts));
  }
}

function alarmOf(circuit: string): string {
  return `meter_${circuit}`;
}
