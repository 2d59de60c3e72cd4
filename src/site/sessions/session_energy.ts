// The energy of a running session.
import type { RawMeterValue } from "../../store/readings/sample.ts";
import type { Charger, Transaction } from "../../store/store.ts";
import type { EnergyCurve } from "../../store/sums/energy_curve.ts";
import type { Context } from "../context.ts";
import { addSample, flagsOf, liveEnergy } from "../energy/energy.ts";
import { DEFAULTS, ENERGY_FLAGS, type EnergyOptions } from "../energy/energy_rules.ts";
import { quirksOf } from "../quirks.ts";

/** Updates a running session's energy with samples that were just put into the journal. */
export function addSamples(
  transaction: Transaction,
  values: RawMeterValue[],
  at: number[],
  context: Context,
): void {
  const { chargers, transactions } = context.store;
  const curve = transactions.curves.get(transaction.transaction_id);
  applySamples(transaction, { values, at, curve }, chargers.get(transaction.charger_id));
  transaction.energy_seq = context.store.readings.sequence;
}

/** Returns the properties of a charger's meter (a register in kWh may be labelled Wh). */
export function energyOptions(charger: Charger | undefined): EnergyOptions {
  if (!charger?.quirks) return DEFAULTS;
  const { register_factor, register_modulus, max_power_w } = quirksOf(charger);
  return { register_factor, register_modulus, ...(max_power_w === null ? {} : { max_power_w }) };
}

/** Updates a session's energy without recording the position in the journal. */
export function applySamples(
  transaction: Transaction,
  samples: { values: RawMeterValue[]; at: number[]; curve?: EnergyCurve | undefined },
  charger: Charger | undefined,
): void {
  const options = energyOptions(charger);
  const { values, at, curve } = samples;
  for (const [index, value] of values.entries()) {
    addSample(transaction.energy, value, at[index]!, options);
    curve?.add(at[index]!, transaction.energy.live ?? 0);
  }
  transaction.energy_wh = liveEnergy(transaction.energy) ?? transaction.energy_wh;
  setEnergyFlags(transaction, flagsOf(transaction.energy));
}

/** Replaces a session's energy flags; its other flags stay. */
export function setEnergyFlags(transaction: Transaction, flags: readonly string[]): void {
  if (flags.length === 0 && transaction.flags.length === 0) return;
  transaction.flags = [
    ...transaction.flags.filter((flag) =>
      !(ENERGY_FLAGS as readonly string[]).includes(flag) || flag === "clock"
    ),
  ];
  addFlags(transaction, flags);
}

/** Adds flags to a session, each once. */
export function addFlags(transaction: Transaction, flags: readonly string[]): void {
  for (const flag of flags) {
    if (!transaction.flags.includes(flag)) transaction.flags = [...transaction.flags, flag];
  }
}
