// Supervision of the clock: steps are detected and recorded, and the times of affected sessions corrected.
import { alarmText } from "../i18n/alarm_text.ts";
import type { Events } from "../site/events.ts";
import { describeError, type Log } from "../log.ts";
import { exceptStorageErrors } from "../store/kv/commits.ts";
import type { ClockRecord, EnergyState, Store, Transaction } from "../store/store.ts";
import type { Alarms } from "./alarms.ts";
import type { Clock, Step } from "./clock.ts";

const CHECK_EVERY = 1_000;
const STORE_EVERY = 600_000;
const STEPS_KEPT = 20;
/** A charger whose time differs from the gateway's by less than this has taken it from the gateway, ms. */
const FROM_US = 600_000;
/** A sample that is ahead of the gateway's time by more than this has the time of a leap, ms. */
const FUTURE = 60_000;
const KEY = "clock";
/** Sessions that began so long before a leap are not looked for when the clock has come back, ms. */
const LONGEST = 7 * 86_400_000;

/** Dependencies of the clock monitor. */
export interface ClockMonitorDeps {
  clock: Clock;
  store: Store;
  events: Events;
  alarms: Alarms;
  log: Log;
}

/** Checks the clock every second. */
export class ClockMonitor {
  readonly #deps: ClockMonitorDeps;
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  /**
   * The gateway's time at its start, or since an unconfirmed leap before it, corrected by all steps since: sessions that
   * began earlier are not corrected.
   */
  #since = 0;

  constructor(deps: ClockMonitorDeps) {
    this.#deps = deps;
  }

  /** Passes the stored time to the clock and starts checking. */
  start(): void {
    const { clock, store } = this.#deps;
    const record = store.clock.get(KEY);
    const step = clock.remember(lastTimeOf(store), record);
    this.#since = (step || clock.leap() ? record?.leap?.since : undefined) ?? clock.now();
    if (step) this.#stepped(step);
    this.#alarm();
    this.#timers.push(setInterval(() => this.check(), CHECK_EVERY));
    this.#timers.push(setInterval(() => void this.store(), STORE_EVERY));
  }

  /** Stops checking and stores the time for the next start. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.store();
  }

  /** Checks once. */
  check(): void {
    const { clock, events } = this.#deps;
    const { source } = clock.describe();
    const step = clock.check();
    if (step) this.#stepped(step);
    else if (clock.describe().source !== source) {
      events.emit("clock", undefined, () => clock.describe());
      void this.store();
    }
    this.#alarm();
  }

  /** Sets the time by the operator, ms since 1970. */
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
    const since = this.#since;
    this.#since += step.to - step.from;
    void this.store(step);
    void this.#kept(this.#correct(since, step));
  }

  /**
   * Moves the start of each running session that began with the wrong time by the step; when the clock has come back from
   * a leap, also the sessions that ended meanwhile.
   */
  async #correct(since: number, step: Step): Promise<void> {
    const { transactions } = this.#deps.store;
    for (const transaction of transactions.active()) {
      const moved = [shiftStart(transaction, since, step), shiftEnergy(transaction.energy, step)];
      if (moved.includes(true)) await this.#kept(transactions.put(transaction));
    }
    if (step.leapt_to === undefined) return;
    const ended = (end: string | null) => end !== null && Date.parse(end) >= step.leapt_to!;
    for await (const transaction of transactions.scan({ from: Math.min(since, step.to) - LONGEST })) {
      if (transaction.state !== "completed" || !ended(transaction.stop_received)) continue;
      const before = structuredClone(transaction);
      if (shiftStart(transaction, since, step) && shiftEnd(transaction, step)) {
        await this.#kept(transactions.replace(before, transaction));
      }
    }
  }

  #alarm(): void {
    const { alarms, clock } = this.#deps;
    const { reason } = clock;
    if (reason === null) return alarms.clear("clock");
    alarms.raise("clock", clock.describe().trusted ? reason : alarmText("clock_to_do", { reason }));
  }

  /** Stores the time, and a step if there is one. */
  async store(step?: Step): Promise<void> {
    const { clock, store } = this.#deps;
    const { at, from, to } = step ?? {};
    const added = step ? [{ at: at!, from: from!, to: to! }] : [];
    const steps = [...store.clock.get(KEY)?.steps ?? [], ...added].slice(-STEPS_KEPT);
    const leap = clock.leap();
    const record: ClockRecord = {
      at: clock.now(),
      steps,
      ...(leap && { leap: { ...leap, since: this.#since } }),
    };
    await this.#kept(store.clock.put(record, { deferred: true }));
  }

  async #kept(written: Promise<void>): Promise<void> {
    await written.catch(
      exceptStorageErrors((error) =>
        this.#deps.log.error("Cannot store the time", { error: describeError(error) })
      ),
    );
  }
}

/** Returns the newest time in the store, which is in the past. */
function lastTimeOf(store: Store): number {
  const seen = [...store.seen.loaded.values()].map(([last_seen]) => last_seen);
  return Math.max(store.clock.get(KEY)?.at ?? 0, ...seen);
}

/** Moves the start of a session by a step if it was taken from the gateway's wrong time; returns true if it was. */
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

/** Moves the times of samples that a step back has left in the future; returns true if there were any. */
function shiftEnergy(
  { head, base, odd, odd_was, origin, interval }: EnergyState,
  { from, to }: Step,
): boolean {
  const ahead = [head, base, odd, odd_was, origin, interval].filter((part) =>
    part !== null && part.at !== null && to < from && part.at > to + FUTURE
  );
  for (const part of ahead) part!.at! += to - from;
  if (interval?.since && ahead.includes(interval)) interval.since += to - from;
  return ahead.length > 0;
}

/** Moves the end of a session by a step if it was taken from the gateway's wrong time; returns true if it was. */
function shiftEnd(transaction: Transaction, { from, to }: Step): boolean {
  const received = Date.parse(transaction.stop_received ?? "");
  const stopped = Date.parse(transaction.stop_time ?? "");
  if (!(received <= from)) return false;
  transaction.stop_received = iso(received + to - from);
  if (Math.abs(stopped - received) < FROM_US) transaction.stop_time = iso(stopped + to - from);
  return true;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
