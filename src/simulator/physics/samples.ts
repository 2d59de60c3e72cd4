// A meter's reading as an OCPP MeterValue (OCPP 1.6 §7.31, §7.43).
import type { MeterValue, SampledValue as Sample } from "../messages.ts";

type Context = NonNullable<Sample["context"]>;

/** All registers of a meter at one moment. */
export interface Reading {
  /** By the charger's clock, ms since 1970. */
  at: number;
  register_wh: number;
  /** Wh since the reading before. */
  interval_wh: number;
  power_w: number;
  /** A a phase. */
  amps: number;
  /** Phases in use. */
  phases: number;
  /** Phases of the supply. */
  wires: number;
  voltage: number;
  /** A a phase. */
  offered_amps: number;
  offered_w: number;
  /** %; null without a car. */
  soc: number | null;
}

const PHASES = ["L1", "L2", "L3"] as const;
type Phase = typeof PHASES[number];

/** Makes a MeterValue of the named measurands, also of one phase (`Current.Import.L1`); null if none of them is known. */
export function meterValue(
  reading: Reading,
  measurands: readonly string[],
  context: Context,
): MeterValue | null {
  const sampledValue = measurands.flatMap((measurand) => samplesOf(reading, measurand)).map((sample) => ({
    ...sample,
    context,
  }));
  return sampledValue.length ? { timestamp: new Date(reading.at).toISOString(), sampledValue } : null;
}

function samplesOf(reading: Reading, name: string): Sample[] {
  const [, measurand, phase] = /^(.+?)(?:\.(L[123]))?$/.exec(name)!;
  const samples = MEASURES[measurand!]?.(reading) ?? [];
  return phase ? samples.filter((sample) => sample.phase?.startsWith(phase)) : samples;
}

function one(measurand: Sample["measurand"], value: number, unit: Sample["unit"], digits = 1): Sample[] {
  return [{ value: value.toFixed(digits), measurand: measurand!, unit: unit!, location: "Outlet" }];
}

function each(wires: number, sample: (phase: Phase, index: number) => Sample): Sample[] {
  return PHASES.slice(0, wires).map(sample);
}

const MEASURES: Record<string, (reading: Reading) => Sample[]> = {
  "Energy.Active.Import.Register": (r) =>
    one("Energy.Active.Import.Register", Math.round(r.register_wh), "Wh", 0),
  "Energy.Active.Import.Interval": (r) => one("Energy.Active.Import.Interval", r.interval_wh, "Wh"),
  "Power.Active.Import": (r) => one("Power.Active.Import", r.power_w, "W"),
  "Power.Offered": (r) => one("Power.Offered", r.offered_w, "W"),
  "Power.Factor": () => [{ value: "1.00", measurand: "Power.Factor" }],
  "Current.Offered": (r) => one("Current.Offered", r.offered_amps, "A", 2),
  "Current.Import": (r) =>
    each(r.wires, (phase, index) => ({
      value: (index < r.phases ? r.amps : 0).toFixed(2),
      measurand: "Current.Import",
      unit: "A",
      phase,
      location: "Outlet",
    })),
  "Voltage": (r) =>
    each(r.wires, (phase) => ({
      value: r.voltage.toFixed(1),
      measurand: "Voltage",
      unit: "V",
      phase: `${phase}-N`,
      location: "Outlet",
    })),
  "Frequency": () => [{ value: "50.00", measurand: "Frequency" }],
  "SoC": (r) =>
    r.soc === null ? [] : [{ value: r.soc.toFixed(1), measurand: "SoC", unit: "Percent", location: "EV" }],
  "Temperature": (
    r,
  ) => [{ value: (20 + r.amps / 4).toFixed(1), measurand: "Temperature", unit: "Celsius", location: "Body" }],
};
