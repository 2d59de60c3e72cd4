// Time on a machine whose clock may be wrong: a Raspberry Pi has no battery, and a site may have no Internet.
import type { ClockState } from "../site/events.ts";

/** Before it no clock is right: this program is younger. */
export const EARLIEST = Date.UTC(2025, 0, 1);

const MINUTE = 60_000;
const DAY = 86_400_000;
/** How far behind what was stored a clock may be: time servers correct by less. */
const BEHIND = MINUTE;
/** A change of the system's clock that is noticed, and one that is recorded. */
const STEP = 2_000;
/** A leap ahead that nobody has confirmed: nothing is deleted for a while. */
const LEAP = DAY;
const LONG_OFF = 30 * DAY;
const CONFIRM_AFTER = DAY;

/** What the clock is made of; all times in ms. */
export interface ClockDeps {
  /** The system's clock, since 1970. */
  wall: () => number;
  /** A clock that never steps. */
  mono: () => number;
  /** Whether a time server has set the system's clock. */
  synchronized: () => boolean;
}

/** A change of the system's clock. */
export interface Step {
  at: number;
  /** Our time just before and just after. */
  from: number;
  to: number;
}

/** Who vouches for the time: a time server, the operator, the system's clock because nothing speaks against it; or nobody. */
export type ClockSource = ClockState["source"];

/** The gateway's clock: the system's, unless there is evidence against it or the operator has set ours. */
export class Clock {
  readonly #deps: ClockDeps;
  /** Wall and monotonic time of the last look: a difference between their progress is a step. */
  #seen: { wall: number; mono: number };
  /** Our time runs from here on the monotonic clock, where the system's is not used. */
  #own: { time: number; mono: number } | null = null;
  #operator = false;
  #leapt: number | null = null;
  #floor = 0;
  last_step: Step | null = null;

  constructor(parts: ClockDeps) {
    this.#deps = parts;
    this.#seen = { wall: parts.wall(), mono: parts.mono() };
    this.#judge(0);
  }

  /** Our time, ms since 1970. Never before the last one that was stored, while the system's clock is not trusted. */
  readonly now = (): number => {
    const { wall, mono } = this.#deps;
    return this.#own ? Math.round(this.#own.time + mono() - this.#own.mono) : wall();
  };

  /** Whether anything may be believed of our time; false only on evidence. */
  get trusted(): boolean {
    return this.#own === null || this.#operator;
  }

  /** Whether what is old may be deleted: not after a leap ahead that nobody has confirmed. */
  get settled(): boolean {
    return this.trusted && this.#leapt === null;
  }

  /** The last time that was stored, by which a clock that has lost its memory is known. */
  remember(stored: number, downtime_known = false): void {
    this.#judge(stored);
    const off = this.now() - stored;
    if (stored > 0 && !downtime_known && this.trusted && off > LONG_OFF && !this.#deps.synchronized()) {
      this.#leapt = this.#deps.mono();
    }
  }

  /** The operator's word: this is the time now. */
  set(time: number): Step {
    const step = { at: time, from: this.now(), to: time };
    this.#own = { time, mono: this.#deps.mono() };
    this.#operator = true;
    this.#leapt = null;
    this.#floor = 0;
    return this.last_step = step;
  }

  /** Looks for a step of the system's clock; call it every second. Returns the step of our time, or null. */
  look(): Step | null {
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

  /** For the operator. */
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

  /** Our time by what was so a look ago. */
  #expected(): number {
    const { mono } = this.#deps;
    return this.#own ? this.now() : Math.round(this.#seen.wall + mono() - this.#seen.mono);
  }

  /** A time server knows better than anyone. */
  #adopt(): void {
    this.#own = null;
    this.#operator = false;
    this.#leapt = null;
    this.#floor = 0;
  }

  /** Uses the system's clock where it can be right, else goes on from `floor`. */
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
