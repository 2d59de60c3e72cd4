// Counting of a register: rules 5, 7, 8, 10 and 13 of docs/energy.md.
import type { RawMeterValue } from "../../store/readings/sample.ts";
import type { EnergyState } from "../../store/store.ts";
import {
  type EnergyOptions,
  GRACE,
  isJitter,
  KWH,
  modulusOf,
  plausible,
  type Point,
  type Verdict,
} from "./energy_rules.ts";
import { MOST, type Reading, REGISTER, scan } from "./meter_reading.ts";

/** Adds a sample of a register to the state of a session. */
export function addRegister(
  state: EnergyState,
  reading: Reading,
  time: number,
  options: EnergyOptions,
): void {
  const register = Math.round(reading.milli * (options.register_factor ?? 1));
  if (!(register >= 0 && register <= MOST)) return;
  const at = timeOf(state, reading.end, time);
  if (!follows(state, reading.source, at)) return;
  const { at: last, register: before } = state.head;
  if (last === null || before === null || !(at <= last)) advance(state, register, at, options);
  else if (at === last) replace(state, register, at, options);
  else addLate(state, register, at, options);
}

/** Returns the time to use for a sample. Transaction.End is always the last one (rule 5); the first may be slightly before the start. */
function timeOf(state: EnergyState, end: boolean, time: number): number {
  if (!Number.isFinite(time)) {
    flag(state, "clock");
    return NaN;
  }
  const last = state.head.at;
  if (last === null || time >= last) return time;
  return end || (!state.counted && time >= last - GRACE) ? last : time;
}

/** Returns true if a sample is of the followed register, which is the first one until a better one appears. */
function follows(state: EnergyState, source: number, at: number): boolean {
  if (source === state.source) return true;
  if (state.source === null) {
    state.source = source;
    return true;
  }
  if (source >> 3 >= state.source >> 3 || at < (state.head.at ?? at)) return false;
  follow(state, source);
  return true;
}

/** Restarts with a better register; the live energy stays. */
function follow(state: EnergyState, source: number): void {
  const { meter_start, start_at } = state;
  const total = meter_start === null ? state.head.total : 0;
  state.source = source;
  state.counted = false;
  state.head = { at: start_at, register: meter_start, total };
  state.base = { at: start_at, register: meter_start, total };
  state.verdict = "forward";
  state.odd = state.odd_was = state.origin = null;
  state.flags = state.flags.filter((word) => word === "clock");
}

/** Adds a sample that is newer than all before. */
function advance(state: EnergyState, register: number, at: number, options: EnergyOptions): void {
  const from = state.head;
  const verdict = judge(state, from, register, at, options);
  if (verdict === "outlier") return noteOdd(state, register, at);
  if (from.register === null && from.total === 0) state.origin = { at: orNull(at), register };
  const next = state.base;
  next.at = Number.isNaN(at) ? from.at : at;
  next.register = settled(verdict, from, register);
  next.total = from.total + rise(state, verdict, from, register, at, options);
  if (state.verdict !== "forward" && state.verdict !== "jitter") flag(state, state.verdict);
  state.base = from;
  state.head = next;
  state.verdict = verdict;
  show(state, next.total);
}

/** Adds a sample of the same time as the newest: the one with more energy is used, whichever came first. */
function replace(state: EnergyState, register: number, at: number, options: EnergyOptions): void {
  const { base: from, head } = state;
  const verdict = judge(state, from, register, at, options);
  if (verdict === "outlier") {
    return at < (from.at ?? at) ? flag(state, verdict) : noteOdd(state, register, at);
  }
  const total = from.total + rise(state, verdict, from, register, at, options);
  const stands = settled(verdict, from, register);
  if (total > head.total || (total === head.total && stands > (head.register ?? -1))) {
    if (from.register === null && state.origin) state.origin.register = register;
    head.register = stands;
    head.total = total;
    state.verdict = verdict;
  }
  show(state, head.total);
}

/** Adds a sample older than the newest: if its register is higher, the clock was set back (rule 13). */
function addLate(state: EnergyState, register: number, at: number, options: EnergyOptions): void {
  const head = state.head;
  if (hasRestarted(state)) return;
  if (register <= head.register!) return lowerOrigin(state, register, at, options);
  if (judge(state, head, register, at, options) === "outlier") return flag(state, "outlier");
  if (at < head.at! - GRACE) flag(state, "clock");
  advance(state, register, at, options);
}

/** Judges how a register follows from an earlier point, only by the two and by earlier samples. */
function judge(
  state: EnergyState,
  from: Point,
  register: number,
  at: number,
  options: EnergyOptions,
): Verdict {
  if (from.register === null) return "forward";
  const elapsed = from.at === null ? NaN : at - from.at;
  const most = plausible(elapsed, options);
  const step = register - from.register;
  if (step >= 0 && step <= most) return "forward";
  if (step < 0) {
    if (elapsed < 0 || isJitter(from.register, register)) return "jitter";
    const rolled = step + modulusOf(from.register, options);
    if (rolled >= 0 && rolled <= most) return "rollover";
    if (register <= most) {
      return isStart(state, from) ? relativeTo(from.register, register, most) : "meter-reset";
    }
  }
  const odd = oddBefore(state, from, at);
  const rest = odd ? register - odd.register : -1;
  return rest >= 0 && rest <= plausible(at - odd!.at, options) ? "rebased" : "outlier";
}

/** Returns the register to continue from, which jitter does not lower. */
function settled(verdict: Verdict, from: Point, register: number): number {
  return verdict === "jitter" ? from.register! : register;
}

/** Returns the energy between a point and a register that follows from it. */
function rise(
  state: EnergyState,
  verdict: Verdict,
  from: Point,
  register: number,
  at: number,
  options: EnergyOptions,
): number {
  if (verdict === "forward") return from.register === null ? 0 : register - from.register;
  if (verdict === "meter-reset" || verdict === "session-relative") return register;
  if (verdict === "rollover") return register - from.register! + modulusOf(from.register!, options);
  if (verdict === "rebased") return register - oddBefore(state, from, at)!.register;
  return 0;
}

/** Returns true if a point is the start, on the scale of meterStart. */
function isStart(state: EnergyState, point: Point): boolean {
  return point.total === 0 && point.register === state.meter_start;
}

/** Judges a register that counts from the session's start (rule 7); about a thousandth of meterStart is rather one in kWh that is labelled Wh (register_factor). */
function relativeTo(start: number, register: number, most: number): Verdict {
  const thousandfold = register * 1000 - start;
  const isThousandth = start >= 100 * KWH && thousandfold >= -KWH && thousandfold <= most;
  return isThousandth ? "unit" : "session-relative";
}

/** Returns the implausible sample between a point and a time: if the next one follows from it, the scale has changed. */
function oddBefore(state: EnergyState, from: Point, at: number): EnergyState["odd"] {
  const odd = state.odd !== null && state.odd.at >= at ? state.odd_was : state.odd;
  return odd !== null && odd.at < at && (from.at === null || odd.at > from.at) ? odd : null;
}

function noteOdd(state: EnergyState, register: number, at: number): void {
  flag(state, "outlier");
  const odd = state.odd;
  if (odd === null || at > odd.at) {
    if (Number.isNaN(at)) return;
    state.odd_was = odd;
    state.odd = { at, register };
  } else if (at === odd.at) {
    odd.register = Math.max(odd.register, register);
  }
}

/** Returns true if the register has been reset or has rolled over. */
export function hasRestarted(state: EnergyState): boolean {
  return state.verdict === "meter-reset" || state.verdict === "rollover" ||
    state.flags.includes("meter-reset") || state.flags.includes("rollover");
}

/** Updates the live energy, which never decreases, mWh. */
export function show(state: EnergyState, total: number): void {
  state.counted = true;
  if (state.live === null || total > state.live) state.live = total;
}

/** Adds a flag once. */
export function flag(state: EnergyState, word: string): void {
  if (!state.flags.includes(word)) state.flags.push(word);
}

/** Replaces NaN by null, which JSON can hold. */
export function orNull(at: number): number | null {
  return Number.isNaN(at) ? null : at;
}

/** Takes the register of context Transaction.Begin as the start if there is no meterStart (rule 5). */
export function addBaseline(
  state: EnergyState,
  value: RawMeterValue,
  time: number,
  options: EnergyOptions,
): void {
  const reading = scan(value, REGISTER, true, options.location);
  if (!reading || (state.source !== null && state.source !== reading.source)) return;
  const register = Math.round(reading.milli * (options.register_factor ?? 1));
  if (!(register >= 0 && register <= MOST)) return;
  const at = Number.isFinite(time) ? time : NaN;
  if (state.origin) return lowerOrigin(state, register, NaN, options);
  if (state.counted) return;
  if (state.head.register === null) {
    state.origin = { at: orNull(at), register };
    return moveStart(state, register);
  }
  if (!isStart(state, state.head)) return;
  const verdict = judge(state, state.head, register, at, options);
  if (verdict === "forward" || verdict === "jitter" || verdict === "rollover") return;
  flag(state, verdict === "outlier" ? "rebased" : verdict);
  moveStart(state, register);
}

function moveStart(state: EnergyState, register: number): void {
  state.head.register = register;
  state.base.register = register;
}

/** Moves the start of counting to an earlier sample if there is no meterStart; `at` NaN: the sample is the earliest. */
function lowerOrigin(state: EnergyState, register: number, at: number, options: EnergyOptions): void {
  const { origin, head, base } = state;
  if (!origin || at >= (origin.at ?? -Infinity) || hasRestarted(state)) return;
  const lower = origin.register - register;
  if (!(lower > 0 && lower <= plausible(origin.at === null ? NaN : origin.at - at, options))) return;
  state.origin = { at: orNull(at), register };
  if (!state.counted) return moveStart(state, register);
  head.total += lower;
  if (base.register === null) state.base = { at: orNull(at), register, total: 0 };
  else base.total += lower;
  show(state, head.total);
}
