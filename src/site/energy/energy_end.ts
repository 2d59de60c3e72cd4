// The energy of a session that has ended: rules 6, 8 and 11.
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

type Flags = Set<string>;

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

function sinceOf(at: number | null, options: FinishOptions): number {
  return at === null || options.stop_at === undefined ? NaN : options.stop_at - at;
}
