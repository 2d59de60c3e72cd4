// Time on a machine whose clock may be wrong: a Raspberry Pi has no battery, and a site may have no Internet access.
import type { ClockState } from "../site/events.ts";

/** Earliest plausible time, ms since 1970: the program is younger than that. */
export const EARLIEST = Date.UTC(2025, 0, 1);

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Allowed lag of the clock behind the last stored time, ms: time servers correct by less. */
const BEHIND = MINUTE;
/** Smallest step of the system's clock that counts, ms. */
const STEP = 2_000;
/** An unconfirmed step forward by this much suspends deletions, ms. */
const LEAP = DAY;
const LONG_OFF = 30 * DAY;
const CONFIRM_AFTER = DAY;

/** Dependencies of the clock; all times in ms. */
export interface ClockDeps {
  /** The system's clock, ms since 1970. */
  wall: () => number;
  /** A monotonic clock. */
  mono: () => number;
  /** Returns true if a time server has set the system's clock. */
  synchronized: () => boolean;
}

/** A step of the gateway's time. */
export interface Step {
  at: number;
  /** The gateway's time just before and just after the step, ms since 1970. */
  from: number;
  to: number;
}

/** The source of the time: a time server, the operator, the system's clock if there is no evidence against it, or none. */
export type ClockSource = ClockState["source"];

/** The gateway's clock: the system's, unless there is evidence against it or the operator has set another time. */
export class Clock {
  readonly #deps: ClockDeps;
  /** Wall and monotonic time of the last check: a difference between their progress is a step. */
  #seen: { wall: number; mono: number };
  /** Point from which the gateway's time runs on the monotonic clock while the system's is not used. */
  #own: { time: number; mono: number } | null = null;
  #operator = false;
  #leapt: number | null = null;
  #floor = 0;
  last_step: Step | null = null;

  constructor(deps: ClockDeps) {
    this.#deps = deps;
    this.#seen = { wall: deps.wall(), mono: deps.mono() };
    this.#judge(0);
  }

  /** Returns the gateway's time, ms since 1970. It is never before the last stored time while the system's clock is not trusted. */
  readonly now = (): number => {
    const { wall, mono } = this.#deps;
    return this.#own ? Math.round(this.#own.time + mono() - this.#own.mono) : wall();
  };

  /** True if the gateway's time is trusted; false only on evidence. */
  get trusted(): boolean {
    return this.#own === null || this.#operator;
  }

  /** True if old data may be deleted, which is not so after an unconfirmed step forward. */
  get settled(): boolean {
    return this.trusted && this.#leapt === null;
  }

  /** Sets the last stored time, which reveals a clock that was reset. */
  remember(stored: number, downtime_known = false): void {
    this.#judge(stored);
    const off = this.now() - stored;
    if (stored > 0 && !downtime_known && this.trusted && off > LONG_OFF && !this.#deps.synchronized()) {
      this.#leapt = this.#deps.mono();
    }
  }

  /** Sets the time by the operator, ms since 1970. */
  set(time: number): Step {
    const step = { at: time, from: this.now(), to: time };
    this.#own = { time, mono: this.#deps.mono() };
    this.#operator = true;
    this.#leapt = null;
    this.#floor = 0;
    return this.last_step = step;
  }

  /** Checks for a step of the system's clock; to be called every second. Returns the step of the gateway's time, or null. */
  check(): Step | null {
    const { wall, mono, synchronized } = this.#deps;
    const before = this.#expected();
    const stepped = Math.abs(wall() - this.#seen.wall - (mono() - this.#seen.mono)) > STEP;
    this.#seen = { wall: wall(), mono: mono() };
    if (synchronized()) this.#adopt();
    else if (stepped && !this.#operator) this.#judge(Math.max(this.#floor, before));
    if (this.#leapt !== null && mono() - this.#leapt > CONFIRM_AFTER) this.#leapt = null;
    const after = this.now();
    if (Math.abs(after - before) <= STEP) return null;
    if (after - before > LEAP && this.#own === null && !synchronized()) this.#leapt = mono();
    return this.last_step = { at: after, from: before, to: after };
  }

  /** Returns the state of the clock for the operator. */
  describe(): ClockState {
    const step = this.last_step;
    const iso = (time: number) => new Date(time).toISOString();
    return {
      now: iso(this.now()),
      system_now: iso(this.#deps.wall()),
      source: this.#source(),
      trusted: this.trusted,
      reason: this.#reason(),
      offset_ms: this.now() - this.#deps.wall(),
      last_step: step && { at: iso(step.at), from: iso(step.from), to: iso(step.to) },
    };
  }

  /** Returns the gateway's time computed from the last check. */
  #expected(): number {
    const { mono } = this.#deps;
    return this.#own ? this.now() : Math.round(this.#seen.wall + mono() - this.#seen.mono);
  }

  /** Follows the system's clock from now on, since a time server has set it. */
  #adopt(): void {
    this.#own = null;
    this.#operator = false;
    this.#leapt = null;
    this.#floor = 0;
  }

  /** Uses the system's clock if it is plausible, else continues from `floor`. */
  #judge(floor: number): void {
    const { wall, mono, synchronized } = this.#deps;
    this.#floor = floor;
    if (this.#operator) return;
    const right = wall() >= EARLIEST && wall() >= floor - BEHIND;
    if (right || synchronized()) this.#own = null;
    else this.#own = { time: Math.max(wall(), floor), mono: mono() };
  }

  #source(): ClockSource {
    if (this.#operator) return "operator";
    if (!this.trusted) return "none";
    return this.#deps.synchronized() ? "synchronized" : "system";
  }

  #reason(): string | null {
    if (!this.trusted) {
      return this.#deps.wall() < EARLIEST
        ? "The system's clock is not set"
        : "The system's clock is behind what was recorded";
    }
    return this.#leapt === null
      ? null
      : "The clock leapt ahead: nothing is deleted until that is confirmed, or a day has passed";
  }
}
