// The alarm on chargers that have used up their daily budget of readings.
import type { Alarms } from "../machine/alarms.ts";
import type { Store } from "../store/store.ts";

/** The parts that the service works with. */
export interface ReadingAlarmDeps {
  store: Store;
  alarms: Alarms;
  now: () => number;
  /** Milliseconds between two looks. */
  every_ms: number;
}

const SHOWN = 5;

/** Raises and clears the alarm. */
export class ReadingAlarm {
  readonly #deps: ReadingAlarmDeps;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(deps: ReadingAlarmDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), this.#deps.every_ms);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { store, alarms, now } = this.#deps;
    const ids = store.readings.budget.usedUpBy(store.settings.max_reading_bytes_per_day, now());
    if (ids.length === 0) return alarms.clear("readings");
    const names = ids.slice(0, SHOWN).join(", ");
    alarms.raise("readings", `Readings are refused until midnight UTC, there are too many today: ${names}`);
  }
}
