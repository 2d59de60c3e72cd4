// Readings: sampled values with OCPP's defaults filled in.
import type { SeriesLabels } from "./chunk.ts";

/** A sampled value. `value` is a number, or the text as received if it is not one. */
export interface Reading {
  /** ISO 8601 UTC with ms. */
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

/** The fields shared by all readings of a series. */
export type ReadingLabels = Pick<Reading, "measurand" | "unit" | "phase" | "context" | "location" | "format">;

/** The measurands of OCPP 1.6 §7.31 with their default units (§7.45 defines that of energy only). */
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
/** Misspelt units and their correct spelling (Errata-J 2.1; mobilityhouse/ocpp issue 70). */
const UNITS = new Map([["Celcius", "Celsius"], ["C", "Celsius"], ["Hertz", "Hz"]]);
/** Digits can be matched in one way only: a value of 64 kB that is no number would else take half a minute. */
const NUMBER = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** Returns a measurand in OCPP's spelling, whatever its case (OpenEVSE pull request 726); an unknown one unchanged. */
export function measurandOf(name: string): string {
  return MEASURANDS.get(name.toLowerCase()) ?? name;
}

/** Returns the labels of a series with OCPP's defaults filled in (OCPP 1.6 §7.45). */
export function readingLabels(
  [measurand, unit, phase, context, location, format]: SeriesLabels,
): ReadingLabels {
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

/** Returns a value as a number if it is one, else as received. */
export function readingValue(text: string): number | string {
  const number = numberIn(text);
  return Number.isFinite(number) ? number : text;
}

/** Returns a number with signs, surrounding spaces, many digits, or the exponent of Java's doubles (`1.0E7`); else NaN. */
export function numberIn(text: string): number {
  return NUMBER.test(text) ? Number(text) : NaN;
}
