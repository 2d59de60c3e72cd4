// The currents in a charger's meter values.
import type { PhaseCurrents } from "./phases.ts";
import { VOLTS } from "./phases.ts";

/** Currents at a charger's L1, L2 and L3, A; `by_phase`: each was measured. */
export interface DrawnCurrents {
  currents: PhaseCurrents;
  by_phase: boolean;
}

interface Sample {
  measurand?: unknown;
  phase?: unknown;
  unit?: unknown;
  value?: unknown;
}

/** Returns the currents in sampled values: those of the phases, else one for all, else those of the power; null without any. */
export function drawnIn(samples: readonly unknown[], phases: number): DrawnCurrents | null {
  const currents: PhaseCurrents = [0, 0, 0];
  let by_phase = false;
  let whole = NaN, watts = NaN;
  for (const sample of samples as Sample[]) {
    const value = Number(sample?.value);
    if (!Number.isFinite(value) || sample.value === "") continue;
    const phase = /^L([123])(-N)?$/i.exec(String(sample.phase ?? ""))?.[1];
    if (sample.measurand === "Current.Import") {
      if (phase) [currents[Number(phase) - 1], by_phase] = [value, true];
      else if (!sample.phase) whole = value;
    } else if (sample.measurand === "Power.Active.Import" && !sample.phase) {
      watts = String(sample.unit).toLowerCase() === "kw" ? value * 1000 : value;
    }
  }
  if (by_phase) return { currents, by_phase };
  const each = Number.isNaN(whole) ? watts / VOLTS / phases : whole;
  if (Number.isNaN(each)) return null;
  return {
    currents: currents.map((_, phase) => phase < phases ? each : 0) as PhaseCurrents,
    by_phase: false,
  };
}
