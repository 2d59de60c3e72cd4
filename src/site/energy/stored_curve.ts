// The energy of a session over time from its stored readings.
import type { Reading } from "../../store/readings/readings.ts";
import type { RawMeterValue, RawSampledValue } from "../../store/readings/sample.ts";
import type { Charger, Store, Transaction } from "../../store/store.ts";
import { EnergyCurve } from "../../store/sums/energy_curve.ts";
import { addSample, beginEnergy } from "./energy.ts";
import type { EnergyOptions } from "./energy_rules.ts";

const HOUR = 3_600_000;

/** The parts that a curve is read from. */
export interface StoredCurveDeps {
  store: Pick<Store, "readings" | "chargers">;
  optionsOf: (charger: Charger | undefined) => EnergyOptions;
}

/**
 * Reads the energy of a session over time, by the rules by which it was counted. The curve has only its start where no
 * readings are stored (any more).
 */
export async function storedCurve(transaction: Transaction, deps: StoredCurveDeps): Promise<EnergyCurve> {
  const { charger_id, transaction_id, start_time, stop_time, meter_start } = transaction;
  const start = Date.parse(start_time);
  const options = deps.optionsOf(deps.store.chargers.get(charger_id));
  const state = beginEnergy(meter_start, transaction.energy.start_at ?? start);
  const curve = new EnergyCurve();
  curve.add(start, 0);
  const to = stop_time === null ? {} : { to: Date.parse(stop_time) + HOUR };
  const filter = { charger_id, transaction_id, from: start - HOUR, ...to };
  for await (const { at, value } of meterValues(deps.store.readings.scan(filter))) {
    addSample(state, value, at, options);
    curve.add(at, state.live ?? 0);
  }
  return curve;
}

/** Gathers readings of energy and power into meter values: those of one time, as they were sampled. */
async function* meterValues(
  readings: AsyncIterable<Reading>,
): AsyncGenerator<{ at: number; value: RawMeterValue }> {
  let value: RawMeterValue = { timestamp: "", sampledValue: [] };
  for await (const reading of readings) {
    if (!/^(Energy|Power)\.Active\.Import/.test(reading.measurand)) continue;
    if (reading.at !== value.timestamp) {
      if (value.timestamp) yield { at: Date.parse(value.timestamp), value };
      value = { timestamp: reading.at, sampledValue: [] };
    }
    value.sampledValue.push(sampleOf(reading));
  }
  if (value.timestamp) yield { at: Date.parse(value.timestamp), value };
}

function sampleOf({ value, measurand, unit, phase, context, location, format }: Reading): RawSampledValue {
  return {
    value: String(value),
    measurand,
    unit,
    context,
    location,
    format,
    ...(phase === null ? {} : { phase }),
  };
}
