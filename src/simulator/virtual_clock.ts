// A clock for tests: it moves only when it is advanced.
import { setImmediate } from "node:timers";
import type { Clock, Timer } from "../ocpp/client/clock.ts";

interface ScheduledCall {
  at: number;
  run: () => void;
}

/** A clock that moves only when it is advanced, and waits for the work that each moment starts. */
export class VirtualClock implements Clock {
  readonly real = false;
  #now: number;
  #working = 0;
  /** Sorted by time; calls of the same time in the order in which they were scheduled. */
  #scheduled: ScheduledCall[] = [];

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Timer {
    const call = { at: this.#now + Math.max(0, ms), run };
    const later = this.#scheduled.findIndex(({ at }) => at > call.at);
    this.#scheduled.splice(later < 0 ? this.#scheduled.length : later, 0, call);
    return { cancel: () => void (this.#scheduled = this.#scheduled.filter((other) => other !== call)) };
  }

  async during<T>(work: Promise<T>): Promise<T> {
    this.#working++;
    try {
      return await work;
    } finally {
      this.#working--;
    }
  }

  /** Advances by `ms`, one scheduled call after the other, each when the work of the one before is done. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    while (this.#scheduled[0] && this.#scheduled[0].at <= end) await this.#runNext();
    this.#now = end;
  }

  /** Advances until `work` is done. */
  async pass<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const end = () => void (over = true);
    work.then(end, end);
    await this.settle();
    while (!over) await this.#runNext();
    return await work;
  }

  /** Waits until no work is under way. */
  async settle(): Promise<void> {
    do await new Promise<void>((resolve) => setImmediate(resolve)); while (this.#working > 0);
  }

  async #runNext(): Promise<void> {
    const call = this.#scheduled.shift();
    if (call) this.#now = Math.max(this.#now, call.at);
    call?.run();
    await this.settle();
  }
}
