// The energy of one charging session from its meter values (docs/energy.md): a state machine whose state is plain JSON.
// Energy is whole mWh, so that sums are exact; times are ms since 1970.
import type { RawMeterValue } from "../../store/readings/sample.ts";
import type { EnergyState } from "../../store/store.ts";
import { addBaseline, addRegister, flag } from "./energy_register.ts";
import { DEFAULTS, type EnergyOptions, inOrder, MAX_POWER_W, plausible, type Point } from "./energy_rules.ts";
import { INTERVAL, milliOf, powerOf, REGISTER, scan, WH } from "./meter_reading.ts";

/** Returns the state of a session that starts at `at` (ms since 1970; NaN: no usable time) with `meter_start` (Wh). */
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
 * Adds the energy of a meter value to `state`; `at` is its time in ms since 1970, NaN if it has none. A value that is not
 * a number, not energy or not plausible changes only the flags.
 */
export function addSample(state: EnergyState, value: RawMeterValue, at: number, options = DEFAULTS): void {
  if (!state.counted || state.meter_start === null) addBaseline(state, value, at, options);
  const reading = scan(value, REGISTER, false, options.location);
  if (reading) addRegister(state, reading, at, borneOut(state.head, value, options, reading.milli, at));
  else if (state.source === null) addInterval(state, value, at, options);
}

/** Raises the limit to the power in the same meter value, which confirms a step beyond the limit. */
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

/** Returns the energy since the start by the samples, Wh, which never decreases; null before the first sample. */
export function liveEnergy(state: EnergyState): number | null {
  return state.live === null ? null : state.live / WH;
}

/** Returns the flags of the energy so far. */
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

/** Adds interval values, which count if there is no register (rule 9). */
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
