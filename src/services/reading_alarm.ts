// The alarm on chargers that have used up their daily budget of readings.
import { alarmText, namesText } from "../i18n/alarm_text.ts";
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
    alarms.raise("readings", alarmText("readings", { names: namesText(ids) }));
  }
}
