// Energy, power and current in a meter value: rules 2 to 5 of docs/energy.md.
import { numberIn } from "../../store/readings/reading.ts";
import type { RawMeterValue } from "../../store/readings/sample.ts";

export const WH = 1000;
/** Largest amount that is exact in whole mWh. */
export const MOST = 9e15;

/**
 * Returns the active power drawn, W: the overall value, else the sum of the phases. Null without Power.Active.Import:
 * it cannot be computed from volts and amperes without the power factor and the reference of the voltages.
 */
export function powerOf(value: RawMeterValue): number | null {
  const reading = scan(value, POWER, false, undefined);
  return reading ? reading.milli / 1000 : null;
}

/** Returns the current offered to the vehicle, A: the highest of the phases; null without Current.Offered. */
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

/** A sampled value as received; nothing about it is certain. */
interface Sample {
  value?: unknown;
  context?: unknown;
  format?: unknown;
  measurand?: unknown;
  phase?: unknown;
  location?: unknown;
  unit?: unknown;
}

/** The value of one measurand in a meter value, mWh or mW, with its location and phases, and a mark of the last one. */
export interface Reading {
  milli: number;
  source: number;
  end: boolean;
}

interface Measure {
  measurand: string;
  unit: string;
  kilo: string;
  /** True if a sample without measurand is of this one (OCPP 1.6 §7.43). */
  implied: boolean;
}

export const REGISTER: Measure = {
  measurand: "Energy.Active.Import.Register",
  unit: "Wh",
  kilo: "kWh",
  implied: true,
};
export const INTERVAL: Measure = {
  measurand: "Energy.Active.Import.Interval",
  unit: "Wh",
  kilo: "kWh",
  implied: false,
};
export const POWER: Measure = { measurand: "Power.Active.Import", unit: "W", kilo: "kW", implied: false };

const NONE = -Infinity;
const NO_SAMPLES: Sample[] = [];
const NO_SAMPLE: Sample = {};

/**
 * Returns the measure's value in a meter value: of the best location (rule 3), the overall value or else the sum of the phases
 * (rule 4), in the context Transaction.Begin or in any other (rule 5). Of several, the highest.
 */
export function scan(
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

/** Sums the available phases; the source encodes which, and more of them rank better. */
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

/** Returns true for a missing or empty text. */
function isAbsent(word: unknown): boolean {
  return word === undefined || word === null || word === "";
}

function isRaw(format: unknown): boolean {
  return isAbsent(format) || isWord(format, "Raw");
}

/** Compares texts without regard to case, which varies in the field (`Current.import`, `KWH`). */
function isWord(word: unknown, expected: string): boolean {
  if (word === expected) return true;
  if (typeof word !== "string" || word.length !== expected.length) return false;
  if ((word.charCodeAt(0) | 32) !== (expected.charCodeAt(0) | 32)) return false;
  return word.toLowerCase() === expected.toLowerCase();
}

/** Returns 0 for an overall value, 1 to 3 for L1 to L3 or L1-N to L3-N, -1 for N, between phases, or unknown. */
function phaseOf(phase: unknown): number {
  if (isAbsent(phase)) return 0;
  if (typeof phase !== "string" || (phase.charCodeAt(0) | 32) !== 108) return -1;
  if (phase.length !== 2 && !(phase.length === 4 && (phase.charCodeAt(3) | 32) === 110)) return -1;
  const digit = phase.charCodeAt(1) - 48;
  return digit >= 1 && digit <= 3 ? digit : -1;
}

/** Returns the rank of a location, the lower the better; a sample without location is from the outlet (OCPP 1.6 §7.43). */
function rankOf(location: unknown, preferred: string | undefined): number {
  const place = isAbsent(location) ? "Outlet" : location;
  if (preferred !== undefined && isWord(place, preferred)) return 0;
  if (isWord(place, "Outlet")) return 1;
  if (isWord(place, "Inlet")) return 2;
  if (isWord(place, "Cable")) return 3;
  if (isWord(place, "Body")) return 4;
  return isWord(place, "EV") ? 5 : 6;
}

/** Converts a sampled value to thousandths of the measure's unit; NaN if it is not usable. */
function amountOf(value: unknown, unit: unknown, measure: Measure): number {
  const factor = isAbsent(unit) || isWord(unit, measure.unit) ? 1e3 : isWord(unit, measure.kilo) ? 1e6 : NaN;
  const milli = Math.round(numberOf(value) * factor) + 0; // never -0
  return milli <= MOST && milli >= -MOST ? milli : NaN;
}

/** Converts Wh to whole mWh; null for null, and for amounts that are not exact. */
export function milliOf(wh: number | null): number | null {
  const milli = Math.round(Number.isFinite(wh) ? wh! * WH : NaN) + 0;
  return Math.abs(milli) <= MOST ? milli : null;
}

const POWERS_OF_TEN = [1, 10, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/** Parses a decimal number exactly; NaN for anything else, such as `""`, `NaN`, `1,5` or `0x10`. */
function numberOf(text: unknown): number {
  if (typeof text !== "string") return typeof text === "number" ? text : NaN;
  const length = text.length;
  if (length === 0 || length > 15) return numberIn(text);
  let digits = 0, fraction = -1;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i) - 48;
    if (code >= 0 && code <= 9) digits = digits * 10 + code;
    else if (code === -2 && fraction < 0) fraction = length - 1 - i;
    else return numberIn(text);
  }
  if (fraction <= 0) return length === 1 && fraction === 0 ? NaN : digits;
  return digits / POWERS_OF_TEN[fraction]!;
}
