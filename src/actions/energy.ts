// The energy of one charging session from its meter values: a state machine whose state is plain JSON. Inside, energy
// is whole mWh (no float noise), times are ms since 1970.
import type { RawMeterValue } from "../ocpp/types.ts";
import type { EnergyState } from "../store/store.ts";

/** What is known of a charger's meter. */
export interface EnergyOptions {
  /** No step of the register may imply more, W; 400,000 if not given. */
  max_power_w?: number;
  /** What register samples (not meterStart, not meterStop) are multiplied by: 1000 for kWh labelled Wh. */
  register_factor?: number;
  /** Where the register starts again from zero, Wh. */
  register_modulus?: number | null;
  /** The location whose samples are preferred; `Outlet` if not given. */
  location?: string;
}

/** What is known when a session ends. */
export interface FinishOptions extends EnergyOptions {
  /** When it stopped, ms since 1970: with it, meterStop is checked for plausibility. */
  stop_at?: number;
}

/** The words that say why a session's energy is doubtful, in the order in which they are given. */
export const ENERGY_FLAGS = [
  "no-meter-start",
  "no-meter-stop",
  "session-relative",
  "meter-reset",
  "rollover",
  "rebased",
  "unit",
  "from-interval",
  "outlier",
  "inconsistent",
  "clock",
] as const;

export type EnergyFlag = typeof ENERGY_FLAGS[number];

type Verdict = "forward" | "jitter" | EnergyFlag;
type Point = EnergyState["head"];

const WH = 1000;
const KWH = 1000 * WH;
/** Beyond, whole mWh are no longer exact. */
const MOST = 9e15;
const MAX_POWER_W = 400_000;
const HOUR = 3_600_000;
/** How far the clocks behind start, samples and stop may be apart. */
const GRACE = 60_000;
/** The same where the charger's power is not known: 100 kWh more or less come from a charger that catches up. */
const UNKNOWN_GRACE = 900_000;
const DEFAULTS: EnergyOptions = {};

/** The state of a session that starts at `at` (ms since 1970; NaN: no usable time) with `meter_start` (Wh). */
export function beginEnergy(meter_start: number | null, at: number): EnergyState {
  const start = milliOf(meter_start);
  const start_at = Number.isFinite(at) ? at : null;
  return {
    meter_start: start,
    start_at,
    source: null,
    counted: false,
    head: { at: start_at, register: start, total: 0 },
    base: { at: start_at, register: start, total: 0 },
    verdict: "forward",
    odd: null,
    odd_was: null,
    origin: null,
    interval: null,
    live: null,
    flags: start_at === null ? ["clock"] : [],
  };
}

/**
 * Takes the energy in a meter value into `state`; `at` is its time in ms since 1970, NaN when it has none. What is not
 * a number, not energy or not plausible changes nothing but the flags.
 */
export function addSample(state: EnergyState, value: RawMeterValue, at: number, options = DEFAULTS): void {
  if (!state.counted || state.meter_start === null) addBaseline(state, value, at, options);
  const reading = scan(value, REGISTER, false, options.location);
  if (reading) addRegister(state, reading, at, borneOut(state.head, value, options, reading.milli, at));
  else if (state.source === null) addInterval(state, value, at, options);
}

/** A step that is beyond the limit, but not beyond the power that the same meter value reports, is none too far. */
function borneOut(
  from: Point,
  value: RawMeterValue,
  options: EnergyOptions,
  register: number,
  at: number,
): EnergyOptions {
  if (from.register === null || register - from.register <= plausible(at - (from.at ?? at), options)) {
    return options;
  }
  const power = powerOf(value) ?? 0;
  return power > (options.max_power_w ?? MAX_POWER_W) ? { ...options, max_power_w: power } : options;
}

/** Wh since the start as far as samples tell, never decreasing; null before the first one. */
export function liveEnergy(state: EnergyState): number | null {
  return state.live === null ? null : state.live / WH;
}

/** Why the energy is doubtful so far. */
export function flagsOf(state: EnergyState): string[] {
  if (isUndoubted(state)) return [];
  const flags = new Set(state.flags);
  flags.add(state.verdict);
  if (state.meter_start === null) flags.add("no-meter-start");
  if (state.source === null && state.interval) flags.add("from-interval");
  return inOrder(flags);
}

function isUndoubted(state: EnergyState): boolean {
  return state.flags.length === 0 && state.meter_start !== null && state.source !== null &&
    (state.verdict === "forward" || state.verdict === "jitter");
}

/**
 * The session's energy in Wh when it ended with `meter_stop` (Wh), null when nothing tells; without `meter_stop`, the
 * energy up to the last sample. `state` stays as it is.
 */
export function finishEnergy(
  state: EnergyState,
  meter_stop: number | null,
  options: FinishOptions = DEFAULTS,
): { energy_wh: number | null; flags: string[] } {
  const flags = new Set(flagsOf(state));
  const energy = finalOf(state, milliOf(meter_stop), options, flags);
  return { energy_wh: energy === null ? null : energy / WH, flags: inOrder(flags) };
}

/**
 * Wh that the meter counted between a session that ended without StopTransaction and the next one's `meter_start` (Wh);
 * null when the two do not compare.
 */
export function unaccountedEnergy(state: EnergyState, meter_start: number | null): number | null {
  const next = milliOf(meter_start);
  const last = state.head.register;
  if (next === null || last === null || next < last || isOffScale(new Set(flagsOf(state)))) return null;
  return (next - last) / WH;
}

/**
 * The active power drawn, W: the overall value, else the sum of the phases. null without Power.Active.Import: volts
 * times amperes is not it, since neither the power factor nor what the voltages refer to is known.
 */
export function powerOf(value: RawMeterValue): number | null {
  const reading = scan(value, POWER, false, undefined);
  return reading ? reading.milli / 1000 : null;
}

/** The current offered to the vehicle, A: the highest of the phases; null without Current.Offered. */
export function currentLimitOf(value: RawMeterValue): number | null {
  let limit = -1;
  for (const each of samplesOf(value)) {
    const sample = each ?? NO_SAMPLE;
    if (!isWord(sample.measurand, "Current.Offered") || !isRaw(sample.format)) continue;
    if (sample.phase === "N" || !(isAbsent(sample.unit) || isWord(sample.unit, "A"))) continue;
    const amperes = numberOf(sample.value);
    if (amperes > limit && amperes <= MOST) limit = amperes;
  }
  return limit < 0 ? null : limit;
}

// ---- Reading a meter value: rules 2 to 5.

/** A sampled value of which nothing is certain. */
interface Sample {
  value?: unknown;
  context?: unknown;
  format?: unknown;
  measurand?: unknown;
  phase?: unknown;
  location?: unknown;
  unit?: unknown;
}

/** What a meter value says of one measurand: mWh or mW, from which location and phases, and whether it is the last. */
interface Reading {
  milli: number;
  source: number;
  end: boolean;
}

interface Measure {
  measurand: string;
  unit: string;
  kilo: string;
  /** Whether a sample without measurand is one (OCPP 1.6 §7.43). */
  implied: boolean;
}

const REGISTER: Measure = {
  measurand: "Energy.Active.Import.Register",
  unit: "Wh",
  kilo: "kWh",
  implied: true,
};
const INTERVAL: Measure = {
  measurand: "Energy.Active.Import.Interval",
  unit: "Wh",
  kilo: "kWh",
  implied: false,
};
const POWER: Measure = { measurand: "Power.Active.Import", unit: "W", kilo: "kW", implied: false };

const NONE = -Infinity;
const NO_SAMPLES: Sample[] = [];
const NO_SAMPLE: Sample = {};

/**
 * The measure's value in a meter value: of the best location (rule 3), the overall value or else the sum of the phases
 * (rule 4), in the context Transaction.Begin or in any other (rule 5). Of several, the highest.
 */
function scan(
  value: RawMeterValue,
  measure: Measure,
  begin: boolean,
  location: string | undefined,
): Reading | null {
  const samples = samplesOf(value);
  let rank = Infinity, end = false;
  let overall = NONE, l1 = NONE, l2 = NONE, l3 = NONE;
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i] ?? NO_SAMPLE;
    if (!isMeasure(sample.measurand, measure)) continue;
    if (isWord(sample.context, "Transaction.Begin") !== begin || !isRaw(sample.format)) continue;
    const phase = phaseOf(sample.phase);
    const place = rankOf(sample.location, location);
    if (phase < 0 || place > rank) continue;
    const milli = amountOf(sample.value, sample.unit, measure);
    if (milli !== milli) continue;
    if (place < rank) {
      rank = place;
      overall =
        l1 =
        l2 =
        l3 =
          NONE;
      end = false;
    }
    if (phase === 0) overall = Math.max(overall, milli);
    else if (phase === 1) l1 = Math.max(l1, milli);
    else if (phase === 2) l2 = Math.max(l2, milli);
    else l3 = Math.max(l3, milli);
    end ||= isWord(sample.context, "Transaction.End");
  }
  if (rank === Infinity) return null;
  if (overall !== NONE) return { milli: overall, source: rank * 32, end };
  return phasesSummed(l1, l2, l3, rank, end);
}

/** The sum of the phases there are; the source tells which, and more of them make the better one. */
function phasesSummed(l1: number, l2: number, l3: number, rank: number, end: boolean): Reading {
  let milli = 0, mask = 0, missing = 4;
  if (l1 !== NONE) milli += l1, mask |= 1, missing--;
  if (l2 !== NONE) milli += l2, mask |= 2, missing--;
  if (l3 !== NONE) milli += l3, mask |= 4, missing--;
  return { milli, source: rank * 32 + missing * 8 + mask, end };
}

function samplesOf(value: RawMeterValue): readonly Sample[] {
  const samples: unknown = value?.sampledValue;
  return Array.isArray(samples) ? samples : NO_SAMPLES;
}

function isMeasure(word: unknown, measure: Measure): boolean {
  return isAbsent(word) ? measure.implied : isWord(word, measure.measurand);
}

/** An empty word says as much as none. */
function isAbsent(word: unknown): boolean {
  return word === undefined || word === null || word === "";
}

function isRaw(format: unknown): boolean {
  return isAbsent(format) || isWord(format, "Raw");
}

/** Whether a word is the expected one; the case of letters varies in the field (`Current.import`, `KWH`). */
function isWord(word: unknown, expected: string): boolean {
  if (word === expected) return true;
  if (typeof word !== "string" || word.length !== expected.length) return false;
  if ((word.charCodeAt(0) | 32) !== (expected.charCodeAt(0) | 32)) return false;
  return word.toLowerCase() === expected.toLowerCase();
}

/** 0: overall, 1 to 3: L1 to L3 or L1-N to L3-N, -1: N, between phases, or unknown. */
function phaseOf(phase: unknown): number {
  if (isAbsent(phase)) return 0;
  if (typeof phase !== "string" || (phase.charCodeAt(0) | 32) !== 108) return -1;
  if (phase.length !== 2 && !(phase.length === 4 && (phase.charCodeAt(3) | 32) === 110)) return -1;
  const digit = phase.charCodeAt(1) - 48;
  return digit >= 1 && digit <= 3 ? digit : -1;
}

/** The lower, the better; a sample without location is from the outlet (OCPP 1.6 §7.43). */
function rankOf(location: unknown, preferred: string | undefined): number {
  const place = isAbsent(location) ? "Outlet" : location;
  if (preferred !== undefined && isWord(place, preferred)) return 0;
  if (isWord(place, "Outlet")) return 1;
  if (isWord(place, "Inlet")) return 2;
  if (isWord(place, "Cable")) return 3;
  if (isWord(place, "Body")) return 4;
  return isWord(place, "EV") ? 5 : 6;
}

/** A sampled value in thousandths of the measure's unit; NaN when it is not usable. */
function amountOf(value: unknown, unit: unknown, measure: Measure): number {
  const factor = isAbsent(unit) || isWord(unit, measure.unit) ? 1e3 : isWord(unit, measure.kilo) ? 1e6 : NaN;
  const milli = Math.round(numberOf(value) * factor) + 0; // never -0
  return milli <= MOST && milli >= -MOST ? milli : NaN;
}

function milliOf(wh: number | null): number | null {
  const milli = Math.round(Number.isFinite(wh) ? wh! * WH : NaN) + 0;
  return Math.abs(milli) <= MOST ? milli : null;
}

const POWERS_OF_TEN = [1, 10, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/** A decimal number as text, exactly; NaN for anything else: `""`, `NaN`, `1,5`, `0x10`. */
function numberOf(text: unknown): number {
  if (typeof text !== "string") return typeof text === "number" ? text : NaN;
  const length = text.length;
  if (length === 0 || length > 15) return unusualNumber(text);
  let digits = 0, fraction = -1;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i) - 48;
    if (code >= 0 && code <= 9) digits = digits * 10 + code;
    else if (code === -2 && fraction < 0) fraction = length - 1 - i;
    else return unusualNumber(text);
  }
  if (fraction <= 0) return length === 1 && fraction === 0 ? NaN : digits;
  return digits / POWERS_OF_TEN[fraction]!;
}

/** Signs, blanks around, many digits, and the exponents of Java's doubles (`1.0E7`). */
function unusualNumber(text: string): number {
  return text.length <= 64 && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : NaN;
}

// ---- Counting a register: rules 5, 7, 8 and 10.

function addRegister(state: EnergyState, reading: Reading, time: number, options: EnergyOptions): void {
  const register = Math.round(reading.milli * (options.register_factor ?? 1));
  if (!(register >= 0 && register <= MOST)) return;
  const at = timeOf(state, reading.end, time);
  if (!follows(state, reading.source, at)) return;
  const { at: last, register: before } = state.head;
  if (last === null || before === null || !(at <= last)) advance(state, register, at, options);
  else if (at === last) replace(state, register, at, options);
  else addLate(state, register, at, options);
}

/** Transaction.End is the last sample whatever its time says (rule 5); the first may be a little before the start. */
function timeOf(state: EnergyState, end: boolean, time: number): number {
  if (!Number.isFinite(time)) {
    flag(state, "clock");
    return NaN;
  }
  const last = state.head.at;
  if (last === null || time >= last) return time;
  return end || (!state.counted && time >= last - GRACE) ? last : time;
}

/** Whether a sample is of the register that is followed: the first there was, until there is a better one. */
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

/** Starts again with a better register; what was shown stays. */
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

/** Takes a sample that is newer than all before. */
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

/** Takes a sample of the same time as the newest: the one that makes more energy stands, whichever came first. */
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

/** Takes a sample older than the newest: a register that was higher then means that the clock was set back (rule 13). */
function addLate(state: EnergyState, register: number, at: number, options: EnergyOptions): void {
  const head = state.head;
  if (hasRestarted(state)) return;
  if (register <= head.register!) return lowerOrigin(state, register, at, options);
  if (judge(state, head, register, at, options) === "outlier") return flag(state, "outlier");
  if (at < head.at! - GRACE) flag(state, "clock");
  advance(state, register, at, options);
}

/** How a register follows from an earlier point; nothing but the two and what came before them decides. */
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

/** The register to go on from: jitter does not lower it. */
function settled(verdict: Verdict, from: Point, register: number): number {
  return verdict === "jitter" ? from.register! : register;
}

/** The energy between a point and a register that follows from it. */
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

/** Whether nothing was counted yet, on the scale of meterStart. */
function isStart(state: EnergyState, point: Point): boolean {
  return point.total === 0 && point.register === state.meter_start;
}

/** Rule 7; but a thousandth of meterStart is rather a register in kWh that is labelled Wh (register_factor). */
function relativeTo(start: number, register: number, most: number): Verdict {
  const thousandfold = register * 1000 - start;
  const isThousandth = start >= 100 * KWH && thousandfold >= -KWH && thousandfold <= most;
  return isThousandth ? "unit" : "session-relative";
}

/** What can have been drawn at most in a time: of unknown length, an hour. */
function plausible(elapsed: number, options: EnergyOptions): number {
  const given = options.max_power_w ?? 0;
  const [power, grace] = given > 0 ? [given, GRACE] : [MAX_POWER_W, UNKNOWN_GRACE];
  return power * (elapsed >= 0 ? elapsed + grace : HOUR) / 3600 + KWH;
}

/** A register a little lower than before has been rounded, not reset: by 10 % and 1 kWh at most, or to whole kWh. */
function isJitter(before: number, register: number): boolean {
  if (before - register > KWH) return false;
  return register * 10 >= before * 9 || register === Math.floor(before / KWH) * KWH;
}

/** What a register lost that has passed its end: only when it was within 1 % of it, else -Infinity (rule 8). */
function modulusOf(before: number, options: EnergyOptions): number {
  const modulus = (options.register_modulus ?? 0) * WH;
  return modulus > 0 && before <= modulus && before >= modulus * 0.99 ? modulus : -Infinity;
}

/** The implausible sample between a point and a time: a next one that follows from it shows that the scale has changed. */
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

function hasRestarted(state: EnergyState): boolean {
  return state.verdict === "meter-reset" || state.verdict === "rollover" ||
    state.flags.includes("meter-reset") || state.flags.includes("rollover");
}

function show(state: EnergyState, total: number): void {
  state.counted = true;
  if (state.live === null || total > state.live) state.live = total;
}

function flag(state: EnergyState, word: string): void {
  if (!state.flags.includes(word)) state.flags.push(word);
}

function orNull(at: number): number | null {
  return Number.isNaN(at) ? null : at;
}

// ---- Where counting begins: Transaction.Begin is a baseline and nothing else (rule 5).

function addBaseline(state: EnergyState, value: RawMeterValue, time: number, options: EnergyOptions): void {
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

/** Without meterStart, the earliest sample is where counting begins; `at` NaN: it is the earliest. */
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

// ---- Intervals, where there is no register (rule 9).

function addInterval(state: EnergyState, value: RawMeterValue, time: number, options: EnergyOptions): void {
  const reading = scan(value, INTERVAL, false, options.location);
  if (!reading || reading.milli < 0) return;
  if (!Number.isFinite(time)) flag(state, "clock");
  const last = state.interval;
  const at = Number.isFinite(time) ? time : last?.at ?? null;
  const repeated = last !== null && time === last.at;
  if (last && last.at !== null && time < last.at) return;
  const since = repeated ? last.since : last ? last.at : state.start_at;
  const elapsed = since === null || !Number.isFinite(time) ? NaN : time - since;
  if (reading.milli > plausible(elapsed, options)) return flag(state, "outlier");
  if (repeated) last.amount = Math.max(last.amount, reading.milli);
  else state.interval = { since, at, amount: reading.milli, total: last ? last.total + last.amount : 0 };
  const { total, amount } = state.interval!;
  state.live = Math.max(state.live ?? 0, total + amount);
}

// ---- The end: rules 6, 8 and 11.

type Flags = Set<string>;

function inOrder(flags: Flags): string[] {
  return ENERGY_FLAGS.filter((word) => flags.has(word));
}

/** Whether samples are on another scale than meterStart and meterStop. */
function isOffScale(flags: Flags): boolean {
  return flags.has("session-relative") || flags.has("unit") || flags.has("rebased");
}

function finalOf(
  state: EnergyState,
  stop: number | null,
  options: FinishOptions,
  flags: Flags,
): number | null {
  const { head, meter_start } = state;
  if (stop === null) flags.add("no-meter-stop");
  if (stop === null || head.register === null) return estimateOf(state);
  if (meter_start === null || flags.has("meter-reset") || flags.has("rollover")) {
    return head.total + restOf(state, stop, options, flags);
  }
  if (isOffScale(flags)) return finalOffScale(state, stop - meter_start, options, flags);
  if (flags.has("from-interval") && stop <= meter_start) {
    if (stop < meter_start) flags.add("inconsistent");
    return estimateOf(state);
  }
  flags.delete("from-interval");
  if (stop < head.register && !isJitter(head.register, stop)) {
    return head.total + restOf(state, stop, options, flags);
  }
  return differenceOf(state, stop - meter_start, options, flags);
}

/** The energy up to the last sample (rule 11). */
function estimateOf(state: EnergyState): number | null {
  return state.counted ? state.head.total : state.live;
}

/** Rule 6: meterStop - meterStart, flagged where it lies implausibly far above the last sample. */
function differenceOf(state: EnergyState, difference: number, options: FinishOptions, flags: Flags): number {
  const { at, total } = state.head;
  if (difference < 0) flags.add("inconsistent");
  if (isBeyond(difference - total, sinceOf(at, options), options)) flags.add("outlier");
  return Math.max(0, difference);
}

/** Rule 7: meterStop is on meterStart's scale when that gives what the samples counted, else on that of the samples. */
function finalOffScale(state: EnergyState, difference: number, options: FinishOptions, flags: Flags): number {
  const { start_at, meter_start, head } = state;
  const isImplausible = isBeyond(difference, sinceOf(start_at, options), options);
  const isOnScale = difference >= head.total || (difference >= 0 && isJitter(head.total, difference));
  if (isOnScale && !isImplausible) return difference;
  return head.total + restOf(state, difference + meter_start!, options, flags);
}

/** What the meter counted between the last sample and meterStop, on the scale of the samples (rule 8). */
function restOf(state: EnergyState, stop: number, options: FinishOptions, flags: Flags): number {
  const { at, register, total } = state.head;
  const most = plausible(sinceOf(at, options), options);
  const step = stop - register!;
  if (step >= 0 && step <= most) return step;
  if (step < 0 && isJitter(register!, stop)) return 0;
  const rolled = step < 0 ? step + modulusOf(register!, options) : -1;
  if (rolled >= 0 && rolled <= most) {
    flags.add("rollover");
    return rolled;
  }
  const isReset = step < 0 && total > 0 && stop * 2 < register! && stop <= most;
  flags.add(isReset ? "meter-reset" : step > 0 ? "outlier" : "inconsistent");
  return isReset ? Math.max(0, stop) : 0;
}

/** Whether energy is more than can have been drawn in a known time. */
function isBeyond(energy: number, elapsed: number, options: FinishOptions): boolean {
  return elapsed >= 0 && energy > plausible(elapsed, options);
}

function sinceOf(at: number | null, options: FinishOptions): number {
  return at === null || options.stop_at === undefined ? NaN : options.stop_at - at;
}
