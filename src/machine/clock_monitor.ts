// Keeping an eye on the clock: its steps are noticed, recorded, and taken out of the sessions that they fell into.
import type { Events } from "../site/events.ts";
import { describeError, type Log } from "../log.ts";
import { exceptStorageErrors } from "../store/kv/commits.ts";
import type { ClockRecord, Store, Transaction } from "../store/store.ts";
import type { Alarms } from "./alarms.ts";
import type { Clock, Step } from "./clock.ts";

const LOOK_EVERY = 1_000;
const STORE_EVERY = 600_000;
const STEPS_KEPT = 20;
/** A charger whose time was this near to ours had it from us. */
const FROM_US = 600_000;
const KEY = "clock";

/** What the watch works with. */
export interface ClockMonitorDeps {
  clock: Clock;
  store: Store;
  events: Events;
  alarms: Alarms;
  log: Log;
}

/** Looks at the clock every second. */
export class ClockMonitor {
  readonly #deps: ClockMonitorDeps;
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  /** Our time at the start, as it is reckoned now: sessions that began before it had another clock's time. */
  #since = 0;

  constructor(parts: ClockMonitorDeps) {
    this.#deps = parts;
  }

  /** Tells the clock what was stored, and begins to look. */
  start(): void {
    const { clock, store } = this.#deps;
    clock.remember(lastTimeOf(store));
    this.#since = clock.now();
    this.#alarm();
    this.#timers.push(setInterval(() => this.look(), LOOK_EVERY));
    this.#timers.push(setInterval(() => void this.store(), STORE_EVERY));
  }

  /** Stops looking; the time is stored for the next start. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.store();
  }

  /** Looks once. */
  look(): void {
    const step = this.#deps.clock.look();
    if (step) this.#stepped(step);
    this.#alarm();
  }

  /** The operator says what time it is. */
  set(time: number): void {
    this.#stepped(this.#deps.clock.set(time));
    this.#alarm();
  }

  #stepped(step: Step): void {
    const { clock, events, log } = this.#deps;
    const by_s = Math.round((step.to - step.from) / 1000);
    log.warn("The clock stepped", {
      by_s,
      from: iso(step.from),
      to: iso(step.to),
      source: clock.describe().source,
    });
    events.emit("clock", undefined, () => clock.describe());
    void this.store(step);
    void this.#correct(this.#since, step);
    this.#since += step.to - step.from;
  }

  /** Sessions that run and began by the time before a step began as much later as it has turned out wrong. */
  async #correct(since: number, step: Step): Promise<void> {
    const { transactions } = this.#deps.store;
    for (const transaction of transactions.active()) {
      if (shiftStart(transaction, since, step)) await this.#kept(transactions.put(transaction));
    }
  }

  #alarm(): void {
    const { alarms, clock } = this.#deps;
    const { reason, trusted } = clock.describe();
    if (reason === null) alarms.clear("clock");
    else {alarms.raise(
        "clock",
        trusted ? reason : `${reason}: set it in the admin, or connect the gateway to a time server`,
      );}
  }

  /** Stores the time, and a step of it. */
  async store(step?: Step): Promise<void> {
    const { clock, store } = this.#deps;
    const steps = [...store.clock.get(KEY)?.steps ?? [], ...(step ? [step] : [])].slice(-STEPS_KEPT);
    await this.#kept(store.clock.put({ at: clock.now(), steps } satisfies ClockRecord, { deferred: true }));
  }

  async #kept(written: Promise<void>): Promise<void> {
    await written.catch(
      exceptStorageErrors((error) =>
        this.#deps.log.error("Cannot store the time", { error: describeError(error) })
      ),
    );
  }
}

/** The newest time in the store: it has passed. */
function lastTimeOf(store: Store): number {
  const seen = [...store.seen.loaded.values()].map(([last_seen]) => last_seen);
  return Math.max(store.clock.get(KEY)?.at ?? 0, ...seen);
}

/** Moves a session's beginning by a step, where our wrong time is in it; returns whether it was. */
export function shiftStart(transaction: Transaction, since: number, { from, to }: Step): boolean {
  const received = Date.parse(transaction.start_received);
  const started = Date.parse(transaction.start_time);
  if (received < since || received > from) return false;
  transaction.start_received = iso(received + to - from);
  if (Math.abs(started - received) < FROM_US) {
    transaction.start_time = iso(started + to - from);
    if (transaction.energy.start_at !== null) transaction.energy.start_at += to - from;
  }
  if (!transaction.flags.includes("clock")) transaction.flags.push("clock");
  return true;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
