// What session energy is counted by: options, flags, and what can be true of a register (rules 7, 8 and 10).
import type { EnergyState } from "../../store/store.ts";
import { WH } from "./meter_reading.ts";

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

export type Verdict = "forward" | "jitter" | EnergyFlag;
export type Point = EnergyState["head"];

export const KWH = 1000 * WH;
export const MAX_POWER_W = 400_000;
const HOUR = 3_600_000;
/** How far the clocks behind start, samples and stop may be apart. */
export const GRACE = 60_000;
/** The same where the charger's power is not known: 100 kWh more or less come from a charger that catches up. */
const UNKNOWN_GRACE = 900_000;
export const DEFAULTS: EnergyOptions = {};

/** What can have been drawn at most in a time: of unknown length, an hour. */
export function plausible(elapsed: number, options: EnergyOptions): number {
  const given = options.max_power_w ?? 0;
  const [power, grace] = given > 0 ? [given, GRACE] : [MAX_POWER_W, UNKNOWN_GRACE];
  return power * (elapsed >= 0 ? elapsed + grace : HOUR) / 3600 + KWH;
}

/** A register a little lower than before has been rounded, not reset: by 10 % and 1 kWh at most, or to whole kWh. */
export function isJitter(before: number, register: number): boolean {
  if (before - register > KWH) return false;
  return register * 10 >= before * 9 || register === Math.floor(before / KWH) * KWH;
}

/** What a register lost that has passed its end: only when it was within 1 % of it, else -Infinity (rule 8). */
export function modulusOf(before: number, options: EnergyOptions): number {
  const modulus = (options.register_modulus ?? 0) * WH;
  return modulus > 0 && before <= modulus && before >= modulus * 0.99 ? modulus : -Infinity;
}

/** Whether energy is more than can have been drawn in a known time. */
export function isBeyond(energy: number, elapsed: number, options: EnergyOptions): boolean {
  return elapsed >= 0 && energy > plausible(elapsed, options);
}

/** Flags in the order of ENERGY_FLAGS. */
export function inOrder(flags: Set<string>): string[] {
  return ENERGY_FLAGS.filter((word) => flags.has(word));
}
