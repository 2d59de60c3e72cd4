// Samples that are too long for the store, such as a signed value of 40 kB, which no meter produces.
import type { RawMeterValue, RawSampledValue } from "../store/readings/sample.ts";

const LONGEST = 40_000; // characters of a value in ASCII
const LONGEST_ESCAPED = 6_000; // where each may take six

/** Returns true if every sampled value can be stored. */
export function isStorable({ sampledValue }: RawMeterValue): boolean {
  for (const sample of sampledValue) if (sample.value.length > LONGEST_ESCAPED && !fits(sample)) return false;
  return true;
}

/** Returns meter values without the samples that cannot be stored. */
export function storable(values: RawMeterValue[]): RawMeterValue[] {
  if (values.every(isStorable)) return values;
  return values.map((value) => ({ ...value, sampledValue: value.sampledValue.filter(fits) }));
}

function fits({ value }: RawSampledValue): boolean {
  return value.length <= LONGEST_ESCAPED || (value.length <= LONGEST && /^[\x20-\x7e]*$/.test(value));
}
