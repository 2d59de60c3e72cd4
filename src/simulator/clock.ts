// The time that a simulator lives in: the host's, faster than the host's, or a test's.
import { setImmediate } from "node:timers";

/** Something that will happen, unless it is cancelled. */
export interface Timer {
  cancel(): void;
}

/** A simulator's time. */
export interface Clock {
  /** Whether this is the host's own time. */
  readonly real: boolean;
  /** ms since 1970. */
  now(): number;
  /** Calls `run` in `ms` of this clock's time. */
  after(ms: number, run: () => void): Timer;
  /** Marks work that takes the host's time; a virtual clock stands still until it is done. */
  during<T>(work: Promise<T>): Promise<T>;
}

const LONGEST = 2 ** 31 - 1; // ms that setTimeout can wait

/** The host's clock, `speed` times as fast. */
export class SystemClock implements Clock {
  readonly real: boolean;
  readonly #speed: number;
  readonly #origin = Date.now();

  constructor(speed = 1) {
    this.#speed = speed;
    this.real = speed === 1;
  }

  now(): number {
    return this.#origin + (Date.now() - this.#origin) * this.#speed;
  }

  after(ms: number, run: () => void): Timer {
    const wait = Math.max(0, ms / this.#speed);
    const next = wait > LONGEST ? () => inner = this.after(ms - LONGEST * this.#speed, run) : run;
    let inner: Timer | undefined;
    const timer = setTimeout(next, Math.min(wait, LONGEST));
    return {
      cancel: () => {
        clearTimeout(timer);
        inner?.cancel();
      },
    };
  }

  during<T>(work: Promise<T>): Promise<T> {
    return work;
  }
}

interface Due {
  at: number;
  seq: number;
  run: () => void;
}

/** A clock that only moves when it is told to, and waits for the work that each moment brings. */
export class VirtualClock implements Clock {
  readonly real = false;
  #now: number;
  #seq = 0;
  #working = 0;
  #due: Due[] = [];

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Timer {
    const due = { at: this.#now + Math.max(0, ms), seq: this.#seq++, run };
    const after = this.#due.findIndex((other) => other.at > due.at);
    this.#due.splice(after < 0 ? this.#due.length : after, 0, due);
    return { cancel: () => void (this.#due = this.#due.filter((other) => other !== due)) };
  }

  async during<T>(work: Promise<T>): Promise<T> {
    this.#working++;
    try {
      return await work;
    } finally {
      this.#working--;
    }
  }

  /** Moves on by `ms`, moment by moment, each when the work of the one before is done. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    while (this.#due[0] && this.#due[0].at <= end) await this.#next();
    this.#now = end;
  }

  /** Moves on until `work` is done. */
  async pass<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const end = () => void (over = true);
    work.then(end, end);
    await this.settle();
    while (!over) await this.#next();
    return await work;
  }

  /** Waits until no work is under way. */
  async settle(): Promise<void> {
    do await new Promise<void>((resolve) => setImmediate(resolve)); while (this.#working > 0);
  }

  async #next(): Promise<void> {
    const due = this.#due.shift();
    if (due) this.#now = Math.max(this.#now, due.at);
    due?.run();
    await this.settle();
  }
}

/** Resolves after `ms` of the clock's time, or when `signal` is aborted. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      timer.cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = clock.after(ms, done);
    signal?.addEventListener("abort", done);
  });
}
