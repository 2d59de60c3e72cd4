// The clock of a charger's end: real time, or real time sped up for simulators.

/** A call that is scheduled until it has run or is cancelled. */
export interface Timer {
  cancel(): void;
}

/** A source of time and of timers. */
export interface Clock {
  /** True for real time: what other machines call now is now here too. */
  readonly real: boolean;
  /** Returns ms since 1970. */
  now(): number;
  /** Calls `run` after `ms` of this clock's time. */
  after(ms: number, run: () => void): Timer;
  /** Marks work that takes real time, such as I/O: a virtual clock stands still until it is done. */
  during<T>(work: Promise<T>): Promise<T>;
}

const MAX_DELAY = 2 ** 31 - 1; // ms, the longest that setTimeout takes

/** The system's clock, `speed` times as fast. */
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
    const next = wait > MAX_DELAY ? () => inner = this.after(ms - MAX_DELAY * this.#speed, run) : run;
    let inner: Timer | undefined;
    const timer = setTimeout(next, Math.min(wait, MAX_DELAY));
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
