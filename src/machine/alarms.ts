// Alarms: conditions that need an operator. Each is raised once and cleared once, with an event for both.
import type { Alarm, Events } from "../site/events.ts";
import type { Text } from "../i18n/messages.ts";
import type { Log } from "../log.ts";

/** The active alarms. */
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

  /** Raises an alarm, or changes the text of an active one. */
  raise(kind: string, texts: Text, failing = false): void {
    const before = this.#on.get(kind);
    const since = before?.since ?? new Date(this.#now()).toISOString();
    const text = texts.en;
    const alarm = { kind, text, texts, failing, since };
    this.#on.set(kind, alarm);
    if (before && before.failing === failing) return;
    this.#log[failing ? "error" : "warn"](text, { alarm: kind });
    this.#events.emit("alarm", undefined, () => ({ ...alarm, on: true }));
  }

  /** Clears an alarm. */
  clear(kind: string): void {
    const alarm = this.#on.get(kind);
    if (!this.#on.delete(kind) || !alarm) return;
    this.#log.info("Alarm cleared", { alarm: kind });
    this.#events.emit("alarm", undefined, () => ({ ...alarm, on: false }));
  }

  /** Returns true if an alarm is active. */
  has(kind: string): boolean {
    return this.#on.has(kind);
  }

  /** Returns the active alarms, oldest first. */
  all(): Alarm[] {
    return [...this.#on.values()];
  }
}
