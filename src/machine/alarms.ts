// What an operator has to see to: raised once, cleared once, told to whoever listens.
import type { Alarm, Events } from "../site/events.ts";
import type { Log } from "../log.ts";

/** The alarms that are on. */
export class Alarms {
  readonly #on = new Map<string, Alarm>();
  readonly #events: Events;
  readonly #log: Log;
  readonly #now: () => number;

  constructor(events: Events, log: Log, now: () => number) {
    this.#events = events;
    this.#log = log;
    this.#now = now;
  }

  /** Turns an alarm on; its text may change while it is. */
  raise(kind: string, text: string, failing = false): void {
    const before = this.#on.get(kind);
    const alarm = { kind, text, failing, since: before?.since ?? new Date(this.#now()).toISOString() };
    this.#on.set(kind, alarm);
    if (before && before.failing === failing) return;
    this.#log[failing ? "error" : "warn"](text, { alarm: kind });
    this.#events.emit("alarm", undefined, () => ({ ...alarm, on: true }));
  }

  /** Turns an alarm off. */
  clear(kind: string): void {
    const alarm = this.#on.get(kind);
    if (!this.#on.delete(kind) || !alarm) return;
    this.#log.info("Alarm cleared", { alarm: kind });
    this.#events.emit("alarm", undefined, () => ({ ...alarm, on: false }));
  }

  /** Whether an alarm is on. */
  has(kind: string): boolean {
    return this.#on.has(kind);
  }

  /** The alarms that are on, oldest first. */
  all(): Alarm[] {
    return [...this.#on.values()];
  }
}
