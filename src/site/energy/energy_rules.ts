// Options, flags and limits of session energy (rules 7, 8 and 10 of docs/energy.md).
import type { EnergyState } from "../../store/store.ts";
import { WH } from "./meter_reading.ts";

/** Properties of a charger's meter. */
export interface EnergyOptions {
  /** Highest power that a step of the register may imply, W; default 400,000. */
  max_power_w?: number;
  /** Factor of register samples, not of meterStart and meterStop: 1000 for kWh labelled Wh. */
  register_factor?: number;
  /** Value at which the register restarts at 0, Wh. */
  register_modulus?: number | null;
  /** Preferred location of samples; default `Outlet`. */
  location?: string;
}

/** Options for the end of a session. */
export interface FinishOptions extends EnergyOptions {
  /** Time of the end, ms since 1970, used to check the plausibility of meterStop. */
  stop_at?: number;
}

/** The flags of doubtful energy, in the order in which they are listed. */
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
/** Allowed difference between the clocks of start, samples and stop, ms. */
export const GRACE = 60_000;
/** The same if the charger's power is unknown, ms: a charger that catches up may add 100 kWh at once. */
const UNKNOWN_GRACE = 900_000;
export const DEFAULTS: EnergyOptions = {};

/** Returns the most that can be drawn in `elapsed` ms, mWh; an unknown time counts as an hour. */
export function plausible(elapsed: number, options: EnergyOptions): number {
  const given = options.max_power_w ?? 0;
  const [power, grace] = given > 0 ? [given, GRACE] : [MAX_POWER_W, UNKNOWN_GRACE];
  return power * (elapsed >= 0 ? elapsed + grace : HOUR) / 3600 + KWH;
}

/** Returns true if a lower register was rounded, not reset: by at most 10 % and 1 kWh, or to whole kWh. */
export function isJitter(before: number, register: number): boolean {
  if (before - register > KWH) return false;
  return register * 10 >= before * 9 || register === Math.floor(before / KWH) * KWH;
}

/** Returns the modulus of a register that may have rolled over, which must have been within 1 % of it, else -Infinity (rule 8). */
export function modulusOf(before: number, options: EnergyOptions): number {
  const modulus = (options.register_modulus ?? 0) * WH;
  return modulus > 0 && before <= modulus && before >= modulus * 0.99 ? modulus : -Infinity;
}

/** Returns true if energy exceeds what can be drawn in a known time. */
export function isBeyond(energy: number, elapsed: number, options: EnergyOptions): boolean {
  return elapsed >= 0 && energy > plausible(elapsed, options);
}

/** Sorts flags in the order of ENERGY_FLAGS. */
export function inOrder(flags: Set<string>): string[] {
  return ENERGY_FLAGS.filter((word) => flags.has(word));
}
