// From what a meter says to the currents of its phases.
import type { FeedReading } from "../../../site/load/feed_reading.ts";
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

/** The flow through a feed, export as negative. */
export type FeedValues = Pick<FeedReading, "current_a" | "net_a">;

/** Returns the flow on L1, L2, L3 and in sum. Throws Error for values that are missing or cannot be. */
export function feedValues(values: PhaseValues): FeedValues {
  const current_a = phaseCurrents(values);
  const { power_w, inverted } = values;
  const sum = (all: readonly number[]) => all.reduce((sum, each) => sum + each, 0);
  if (power_w) return { current_a, net_a: sum(power_w) / VOLTS * (inverted ? -1 : 1) };
  return { current_a, net_a: values.current_a!.length === 1 ? current_a[0] : sum(current_a) };
}

function phaseCurrents({ current_a, power_w, inverted = false }: PhaseValues): PhaseCurrents {
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
