// The energy of a completed session: rules 6, 7, 8 and 11 of docs/energy.md.
import type { EnergyState } from "../../store/store.ts";
import {
  DEFAULTS,
  type FinishOptions,
  inOrder,
  isBeyond,
  isJitter,
  modulusOf,
  plausible,
} from "./energy_rules.ts";
import { flagsOf } from "./energy.ts";
import { milliOf, WH } from "./meter_reading.ts";

/**
 * Returns the session's energy, Wh, if it ended with `meter_stop` (Wh); without `meter_stop`, the energy up to the last
 * sample. Null if it is unknown. Does not change `state`.
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
 * Returns the energy that the meter counted between a session without StopTransaction and the next one's `meter_start`,
 * both in Wh; null if the two are not comparable.
 */
export function unaccountedEnergy(state: EnergyState, meter_start: number | null): number | null {
  const next = milliOf(meter_start);
  const last = state.head.register;
  if (next === null || last === null || next < last || isOffScale(new Set(flagsOf(state)))) return null;
  return (next - last) / WH;
}

type Flags = Set<string>;

/** Returns true if samples are on another scale than meterStart and meterStop. */
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

/** Returns the energy up to the last sample (rule 11). */
function estimateOf(state: EnergyState): number | null {
  return state.counted ? state.head.total : state.live;
}

/** Returns meterStop - meterStart, flagged if it is implausibly far above the last sample (rule 6). */
function differenceOf(state: EnergyState, difference: number, options: FinishOptions, flags: Flags): number {
  const { at, total } = state.head;
  if (difference < 0) flags.add("inconsistent");
  if (isBeyond(difference - total, sinceOf(at, options), options)) flags.add("outlier");
  return Math.max(0, difference);
}

/** Returns the energy if the samples are on another scale than meterStart: meterStop is on the scale of meterStart if their difference agrees with the samples, else on that of the samples (rule 7). */
function finalOffScale(state: EnergyState, difference: number, options: FinishOptions, flags: Flags): number {
  const { start_at, meter_start, head } = state;
  const isImplausible = isBeyond(difference, sinceOf(start_at, options), options);
  const isOnScale = difference >= head.total || (difference >= 0 && isJitter(head.total, difference));
  if (isOnScale && !isImplausible) return difference;
  return head.total + restOf(state, difference + meter_start!, options, flags);
}

/** Returns the energy between the last sample and meterStop, on the scale of the samples (rule 8). */
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

function sinceOf(at: number | null, options: FinishOptions): number {
  return at === null || options.stop_at === undefined ? NaN : options.stop_at - at;
}
