// The event log's service: it follows the site's events, notes start and stop of the gateway, and keeps the log bounded.
import { describeError, type Log } from "../log.ts";
import type { Clock } from "../machine/clock.ts";
import type { Activity } from "../site/activity/activity.ts";
import { LOGGED, Occurrences } from "../site/activity/occurrences.ts";
import type { Events } from "../site/events.ts";
import { exceptStorageErrors } from "../store/kv/commits.ts";
import type { Store } from "../store/store.ts";
import { VERSION } from "../version.ts";

/** The parts that the service works with. */
export interface ActivityServiceDeps {
  store: Store;
  events: Events;
  activity: Activity;
  log: Log;
  now: () => number;
  clock: Pick<Clock, "settled">;
  /** Milliseconds between two looks at the bounds. */
  every_ms: number;
}

const DAY = 86_400_000;

/** Feeds the event log while it runs. */
export class ActivityService {
  readonly #deps: ActivityServiceDeps;
  #unsubscribe: (() => void)[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;
  #pruning = false;

  constructor(deps: ActivityServiceDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { events, activity, store, now, every_ms } = this.#deps;
    activity.note({ kind: "gateway_started", values: { version: VERSION } });
    const occurrences = new Occurrences(store, now);
    const noted = events.subscribe((event) => {
      for (const occurrence of occurrences.of(event)) activity.note(occurrence);
    }, LOGGED);
    // at the stop all sockets are closed: that is told by one entry
    this.#unsubscribe = [noted, events.subscribe(noted, ["stopping"])];
    this.#timer = setInterval(() => void this.#prune(), every_ms);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await this.#deps.activity.noteNow({ kind: "gateway_stopped" });
  }

  /** Deletes old entries, a slice at a time; those that are too old only while the clock is right. */
  async #prune(): Promise<void> {
    if (this.#pruning) return;
    this.#pruning = true;
    const { store, clock, now, log } = this.#deps;
    const { event_days, event_entries } = store.settings;
    const before = clock.settled ? now() - event_days * DAY : -Infinity;
    try {
      while (await store.activity.prune({ entries: event_entries, before }));
    } catch (error) {
      exceptStorageErrors((reason) =>
        log.error("Cannot delete old entries of the event log", { error: describeError(reason) })
      )(error);
    } finally {
      this.#pruning = false;
    }
  }
}
