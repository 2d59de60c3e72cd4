// From what a meter says to the currents of its phases.
import { type PhaseCurrents, VOLTS } from "../../../site/load/phases.ts";

/** The values of one reading: three phases, or one value that counts on each; export as negative power. */
export interface PhaseValues {
  /** A; where there is a power too, its sign counts. */
  current_a?: readonly number[];
  /** W. */
  power_w?: readonly number[];
  /** True: the meter counts export as positive. */
  inverted?: boolean;
}

/** A current that no meter of a site shows. */
const MAX_A = 20_000;

/** Returns the currents on L1, L2, L3, export as negative. Throws Error for values that are missing or cannot be. */
export function phaseCurrents({ current_a, power_w, inverted = false }: PhaseValues): PhaseCurrents {
  const currents = current_a && threeOf(current_a);
  const powers = power_w && threeOf(power_w);
  const signed = [0, 1, 2].map((phase) => {
    if (!currents) return (powers?.[phase] ?? NaN) / VOLTS;
    return powers ? Math.abs(currents[phase]!) * (powers[phase]! < 0 ? -1 : 1) : currents[phase]!;
  });
  const wrong = signed.find((value) => !(Math.abs(value) <= MAX_A));
  if (wrong !== undefined) throw new Error(`A current of ${wrong} A cannot be`);
  return signed.map((value) => value === 0 ? 0 : inverted ? -value : value) as PhaseCurrents;
}

function threeOf(values: readonly number[]): readonly number[] {
  return values.length === 1 ? [values[0]!, values[0]!, values[0]!] : values;
}
