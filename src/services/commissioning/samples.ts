// Meter values in numbers, as far as a commissioning asks.
import { powerOf } from "../../site/energy/meter_reading.ts";
import { readTime } from "../../ocpp/time.ts";
import type { RawMeterValue } from "../../store/readings/sample.ts";
import { readingLabels, readingValue } from "../../store/readings/reading.ts";

/** A meter value in numbers; null where it has no such value. */
export interface Sample {
  /** By the charger's clock, ms since 1970. */
  at: number;
  register_wh: number | null;
  power_w: number | null;
  /** The highest phase. */
  current_a: number | null;
}

/** Reads meter values as received. */
export function samplesOf(values: RawMeterValue[]): Sample[] {
  return values.map((value) => ({
    at: readTime(value.timestamp),
    register_wh: registerOf(value),
    power_w: powerOf(value),
    current_a: currentOf(value),
  }));
}

/** Returns a sample's current, A per phase; from the power where no current is reported. */
export function amperesOf({ current_a, power_w }: Sample): number | null {
  return current_a ?? (power_w === null ? null : power_w / 230 / 3);
}

/** Returns true for a current that is not above a limit, A, as far as meters tell. */
export function isWithin(sample: Sample, limit_a: number): boolean {
  return (amperesOf(sample) ?? Infinity) <= limit_a * 1.1 + 0.5;
}

interface Amount {
  measurand: string;
  phase: string | null;
  amount: number;
}

function amountsOf(value: RawMeterValue): Amount[] {
  const samples = Array.isArray(value.sampledValue) ? value.sampledValue : [];
  return samples.flatMap((sample) => {
    const { measurand, unit, phase, context, location, format } = sample as unknown as Record<string, string>;
    const words = readingLabels([measurand, unit, phase, context, location, format] as never);
    const amount = readingValue(String((sample as { value?: unknown }).value));
    if (typeof amount !== "number" || words.location !== "Outlet") return [];
    return [{
      measurand: words.measurand,
      phase: words.phase,
      amount: words.unit.startsWith("k") ? amount * 1000 : amount,
    }];
  });
}

/** Returns the total register, or the sum of the phases; Wh. */
function registerOf(value: RawMeterValue): number | null {
  const registers = amountsOf(value).filter(({ measurand }) => measurand === "Energy.Active.Import.Register");
  if (registers.length === 0) return null;
  const whole = registers.find(({ phase }) => phase === null);
  return whole ? whole.amount : registers.reduce((sum, { amount }) => sum + amount, 0);
}

function currentOf(value: RawMeterValue): number | null {
  const currents = amountsOf(value).filter(({ measurand, phase }) =>
    measurand === "Current.Import" && phase !== "N"
  );
  return currents.length ? Math.max(...currents.map(({ amount }) => amount)) : null;
}
