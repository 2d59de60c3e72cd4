// Time on a machine whose clock may be wrong: a Raspberry Pi has no battery, and a site may have no Internet access.
import type { Text } from "../i18n/messages.ts";
import { alarmText } from "../i18n/alarm_text.ts";
import type { ClockState } from "../site/events.ts";
import type { ClockRecord, LeapRecord } from "../store/store.ts";

/** Earliest plausible time, ms since 1970: the program is younger than that. */
export const EARLIEST = Date.UTC(2025, 0, 1);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Allowed lag of the clock behind the last stored time, ms: time servers correct by less. */
const BEHIND = MINUTE;
/** Smallest step of the system's clock that counts, ms. */
const STEP = 2_000;
/** A step forward by more than this is not used until it is confirmed, ms. */
const LEAP = DAY;
/** The same for the time in which the machine was off: a clock module keeps its time meanwhile. */
const LONG_OFF = 30 * DAY;
/**
 * A leap that has lasted for so long is used, ms: faults that heal by themselves take minutes (NTP's stepout threshold is
 * 15 minutes, a satellite receiver has its week after 12.5), and a gateway without time server must come to its time.
 */
const CONFIRM_USE = HOUR;
/** A leap that has lasted for so long is right, ms: old data may be deleted by it. */
const CONFIRM_AFTER = DAY;

/** Dependencies of the clock; all times in ms. */
export interface ClockDeps {
  /** The system's clock, ms since 1970. */
  wall: () => number;
  /** A monotonic clock. */
  mono: () => number;
  /** Returns the times, by the system's clock, at which time servers last set or confirmed it. */
  confirmations: () => readonly number[];
}

/** A step of the gateway's time. */
export interface Step {
  at: number;
  /** The gateway's time just before and just after the step, ms since 1970. */
  from: number;
  to: number;
  /** Present: the clock has come back from a leap to this time, by the clock that leapt. */
  leapt_to?: number;
}

/** The source of the time: a time server, the operator, the system's clock if there is no evidence against it, the time before a leap, or none. */
export type ClockSource = ClockState["source"];

/** Time that goes on without a step from a point on the monotonic clock. */
interface Line {
  time: number;
  mono: number;
  /** Its begin, by the system's clock: a confirmation since then was one of this line. */
  since: number;
}

/** A line of the system's clock that a leap has left: it was right if the clock comes back to it. */
interface LeftLine extends Line {
  /** The time after the leap. */
  leapt_to: number;
}

/** `floor`: the system's clock is wrong, and time goes on from the last known one. `held`: time goes on as before a leap. */
type Mode = "system" | "operator" | "held" | "floor";

/** The gateway's clock: the system's, unless there is evidence against it or the operator has set another time. */
export class Clock {
  readonly #deps: ClockDeps;
  /** Wall and monotonic time of the last check: a difference between their progress is a step. */
  #seen: { wall: number; mono: number };
  #mode: Mode = "system";
  /** The gateway's time while the system's is not used. */
  #own: Line | null = null;
  /** The time of the system's clock since which it has not stepped. */
  #since: number;
  /** Monotonic time of the last step. */
  #stepped_at: number;
  /** The lines that unconfirmed leaps have left, newest last. */
  #left: LeftLine[] = [];
  #floor = 0;
  last_step: Step | null = null;
  /** The time by which the gateway's clock was set back while the program was down, at least; ms. */
  set_back_ms = 0;

  constructor(deps: ClockDeps) {
    this.#deps = deps;
    this.#seen = { wall: deps.wall(), mono: deps.mono() };
    this.#since = this.#seen.wall - DAY; // a confirmation before that says nothing about now
    this.#stepped_at = this.#seen.mono;
    this.#judge(0);
  }

  /** Returns the monotonic time, ms. */
  mono(): number {
    return this.#deps.mono();
  }

  /** Returns the gateway's time, ms since 1970. It is never before the last stored time while the system's clock is not trusted. */
  readonly now = (): number => {
    const { wall, mono } = this.#deps;
    return this.#own ? timeOn(this.#own, mono()) : wall();
  };

  /** True if the gateway's time is trusted; false only on evidence. */
  get trusted(): boolean {
    return this.#mode !== "floor";
  }

  /** True if old data may be deleted, which is not so after an unconfirmed leap. */
  get settled(): boolean {
    return this.trusted && !this.#hasLeapt;
  }

  /** True after an unconfirmed leap beyond a day, used or not. */
  get #hasLeapt(): boolean {
    const wall = this.#deps.wall(), mono = this.#deps.mono();
    return this.#mode === "held" || this.#left.some((line) => wall - timeOn(line, mono) > LEAP);
  }

  /**
   * Sets the last stored time, which reveals a clock that was reset or has leapt. `record` is what was stored last. Returns
   * the step that the clock has made since then, where it has come back from a leap.
   */
  remember(stored: number, record?: ClockRecord): Step | null {
    const step = this.#takeUp(stored, record);
    this.set_back_ms = Math.max(0, stored - this.now());
    return step;
  }

  #takeUp(stored: number, record?: ClockRecord): Step | null {
    if (record?.leap) {
      const step = this.#resume(record.at, record.leap);
      if (step !== undefined) return step;
    }
    this.#judge(stored);
    const { wall, mono } = this.#deps;
    const off = wall() - stored;
    if (stored > 0 && this.#mode === "system" && off > LONG_OFF && !this.#isConfirmed()) {
      this.#hold({ time: stored, mono: mono(), since: stored - DAY });
    }
    return null;
  }

  /** Sets the time by the operator, ms since 1970. */
  set(time: number): Step {
    const step = { at: time, from: this.now(), to: time };
    this.#adopt();
    this.#mode = "operator";
    this.#own = { time, mono: this.#deps.mono(), since: Infinity };
    return this.last_step = step;
  }

  /** Checks for a step of the system's clock; to be called every second. Returns the step of the gateway's time, or null. */
  check(): Step | null {
    const wall = this.#deps.wall(), mono = this.#deps.mono();
    const before = this.#expected(mono);
    const { leapt_to } = this.#follow(before, { wall, mono }) ?? {};
    if (mono - this.#stepped_at > CONFIRM_AFTER) this.#left = [];
    const after = this.now();
    if (Math.abs(after - before) <= STEP) return null;
    return this.last_step = { at: after, from: before, to: after, ...(leapt_to && { leapt_to }) };
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
      reason: this.reason?.en ?? null,
      offset_ms: this.now() - this.#deps.wall(),
      last_step: step && { at: iso(step.at), from: iso(step.from), to: iso(step.to) },
    };
  }

  /** Returns the unconfirmed leaps, to be stored for the next start; null: there are none. */
  leap(): Omit<LeapRecord, "since"> | null {
    const wall = this.#deps.wall(), mono = this.#deps.mono();
    if (this.#left.length === 0 && this.#mode !== "held") return null;
    return {
      wall,
      held: this.#mode === "held",
      stepped_ms: mono - this.#stepped_at,
      left: this.#left.map((line) => ({ time: timeOn(line, mono), leapt_to: line.leapt_to })),
    };
  }

  /** Decides which time to use. Returns the line to which the system's clock has come back, if it has. */
  #follow(before: number, { wall, mono }: { wall: number; mono: number }): LeftLine | undefined {
    const stepped = Math.abs(wall - this.#seen.wall - (mono - this.#seen.mono)) > STEP;
    const since = this.#since;
    this.#seen = { wall, mono };
    if (stepped) this.#since = wall, this.#stepped_at = mono;
    const line = stepped && this.#mode !== "operator" ? this.#comeBack(wall, mono) : undefined;
    if (this.#isConfirmed()) this.#adopt();
    else if (this.#mode === "operator" || line) return line;
    else if (stepped) this.#weigh({ time: before, mono, since: this.#own?.since ?? since, leapt_to: wall });
    else if (this.#own && mono - this.#stepped_at > CONFIRM_USE && wall >= before - BEHIND) {
      this.#use(this.#own);
    }
    return line;
  }

  /** Decides on a step of the system's clock, away from the line `before`. */
  #weigh(before: LeftLine): void {
    const ahead = before.leapt_to - before.time;
    if (ahead > (this.#mode === "floor" ? LONG_OFF : LEAP)) this.#hold(before);
    else if (ahead > BEHIND && this.#mode !== "floor") {
      this.#left.push(before);
      this.#useSystem();
    } else this.#judge(Math.max(this.#floor, before.time));
  }

  /** Uses the system's clock if it is back on a line that it has left. Returns that line if its time was not kept. */
  #comeBack(wall: number, mono: number): LeftLine | undefined {
    const isOn = (line: Line) => Math.abs(wall - timeOn(line, mono)) <= BEHIND;
    const kept = this.#mode === "held" && this.#own && isOn(this.#own) ? this.#own : null;
    const index = kept ? this.#left.length : this.#left.findLastIndex(isOn);
    const line = kept ?? this.#left[index];
    if (!line) return;
    this.#left.length = index;
    this.#useSystem();
    this.#since = line.since;
    return kept ? undefined : line as LeftLine;
  }

  /** Goes on as before a leap; without trust if there was none before. */
  #hold({ time, mono, since }: Line): void {
    if (this.#mode === "system") this.#mode = "held";
    this.#own = { time, mono, since };
  }

  /** Uses the time after a leap that has lasted; the time before is still one to come back to. */
  #use(own: Line): void {
    if (this.#mode === "held") this.#left.push({ ...own, leapt_to: this.#deps.wall() });
    this.#useSystem();
  }

  #useSystem(): void {
    this.#own = null;
    this.#mode = "system";
  }

  /** Follows the system's clock from now on, since a time server has confirmed it. */
  #adopt(): void {
    this.#useSystem();
    this.#left = [];
    this.#floor = 0;
  }

  /**
   * Goes on where the gateway stopped during a leap: on either side of it. Returns the step if the clock came back
   * meanwhile; undefined if it is elsewhere.
   */
  #resume(at: number, leap: LeapRecord): Step | null | undefined {
    const wall = this.#deps.wall(), mono = this.#deps.mono();
    const off = wall - leap.wall;
    const lines = leap.left.map((line) => ({ ...line, mono, since: line.time - DAY }));
    if (off < -BEHIND || off > LONG_OFF) {
      const line = leap.held ? undefined : lines.findLast(({ time }) => wall >= time - BEHIND && time < at);
      if (!line || wall > at) return undefined;
      return this.last_step = { at: wall, from: wall + at - line.time, to: wall, leapt_to: line.leapt_to };
    }
    this.#left = lines.map((line) => ({ ...line, time: line.time + off }));
    this.#stepped_at = mono - leap.stepped_ms - off;
    this.#since = wall - leap.stepped_ms - off;
    if (leap.held) this.#hold({ time: at + off, mono, since: at - DAY });
    return null;
  }

  /** Returns the gateway's time computed from the last check. */
  #expected(mono: number): number {
    return timeOn(this.#own ?? { time: this.#seen.wall, mono: this.#seen.mono }, mono);
  }

  /** Uses the system's clock if it is plausible, else continues from `floor`. */
  #judge(floor: number): void {
    const { wall, mono } = this.#deps;
    this.#floor = floor;
    if (this.#mode === "operator") return;
    const right = wall() >= EARLIEST && wall() >= floor - BEHIND;
    if (right || this.#isConfirmed()) return this.#useSystem();
    this.#mode = "floor";
    this.#own = { time: Math.max(wall(), floor), mono: mono(), since: Infinity };
  }

  /** Returns true if a time server has confirmed the system's clock since its last step. */
  #isConfirmed(): boolean {
    const latest = this.#deps.wall() + BEHIND;
    return this.#deps.confirmations().some((at) => at >= this.#since - STEP && at <= latest);
  }

  #source(): ClockSource {
    if (this.#mode === "operator" || this.#mode === "held") return this.#mode;
    if (this.#mode === "floor") return "none";
    return this.#isConfirmed() ? "synchronized" : "system";
  }

  /** The reason why the clock is not trusted, or why nothing is deleted; null: all is well. */
  get reason(): Text | null {
    const day = dayOf(this.#deps.wall());
    if (this.#mode === "floor") return this.#reasonOfFloor(day);
    if (this.#mode === "held") return alarmText("clock_held", { day });
    return this.#hasLeapt ? alarmText("clock_unconfirmed") : null;
  }

  #reasonOfFloor(day: string): Text {
    const wall = this.#deps.wall();
    if (wall < EARLIEST) return alarmText("clock_not_set");
    return wall < this.now() - BEHIND ? alarmText("clock_behind") : alarmText("clock_leapt", { day });
  }
}

function timeOn({ time, mono }: Pick<Line, "time" | "mono">, now: number): number {
  return Math.round(time + now - mono);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
