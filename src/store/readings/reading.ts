// A reading: one sampled value in the words of OCPP, what was left out filled in.
import type { SeriesWords } from "./chunk.ts";

/** One sampled value. `value` is a number, or the text as received where it is none. */
export interface Reading {
  /** ISO 8601, ms, Z. */
  at: string;
  charger_id: string;
  connector_id: number;
  transaction_id: number | null;
  measurand: string;
  value: number | string;
  unit: string;
  phase: string | null;
  context: string;
  location: string;
  format: string;
}

/** What readings of one series have in common. */
export type ReadingWords = Pick<Reading, "measurand" | "unit" | "phase" | "context" | "location" | "format">;

/** OCPP 1.6 §7.31, and the unit each is in where a sample names none (§7.45 says so for energy only). */
const UNIT_OF = new Map([
  ["Current.Export", "A"],
  ["Current.Import", "A"],
  ["Current.Offered", "A"],
  ["Energy.Active.Export.Register", "Wh"],
  ["Energy.Active.Import.Register", "Wh"],
  ["Energy.Reactive.Export.Register", "Wh"],
  ["Energy.Reactive.Import.Register", "Wh"],
  ["Energy.Active.Export.Interval", "Wh"],
  ["Energy.Active.Import.Interval", "Wh"],
  ["Energy.Reactive.Export.Interval", "Wh"],
  ["Energy.Reactive.Import.Interval", "Wh"],
  ["Frequency", "Hz"],
  ["Power.Active.Export", "W"],
  ["Power.Active.Import", "W"],
  ["Power.Factor", ""],
  ["Power.Offered", "W"],
  ["Power.Reactive.Export", "var"],
  ["Power.Reactive.Import", "var"],
  ["RPM", ""],
  ["SoC", "Percent"],
  ["Temperature", "Celsius"],
  ["Voltage", "V"],
]);
const MEASURANDS = new Map([...UNIT_OF.keys()].map((name) => [name.toLowerCase(), name]));
/** Errata-J 2.1, mobilityhouse#70. */
const UNITS = new Map([["Celcius", "Celsius"], ["C", "Celsius"], ["Hertz", "Hz"]]);
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/** A measurand in OCPP's spelling where it is one of OCPP's (OpenEVSE PR#726). */
export function measurandOf(name: string): string {
  return MEASURANDS.get(name.toLowerCase()) ?? name;
}

/** The words of a series with OCPP's defaults (OCPP 1.6 §7.45). */
export function readingWords([measurand, unit, phase, context, location, format]: SeriesWords): ReadingWords {
  const name = measurandOf(measurand ?? "Energy.Active.Import.Register");
  return {
    measurand: name,
    unit: unit == null ? UNIT_OF.get(name) ?? "" : UNITS.get(unit) ?? unit,
    phase: phase ?? null,
    context: context ?? "Sample.Periodic",
    location: location ?? "Outlet",
    format: format ?? "Raw",
  };
}

/** A value as a number where it is the text of one, else as received. */
export function readingValue(text: string): number | string {
  const number = NUMBER.test(text) ? Number(text) : NaN;
  return Number.isFinite(number) ? number : text;
}
