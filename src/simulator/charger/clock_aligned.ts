// Readings at whole intervals of the day, in sessions and outside (OCPP 1.6 §3.16.3, ClockAlignedDataInterval).
import type { Timer } from "../../ocpp/client/clock.ts";
import { meterValue, type Reading } from "../physics/samples.ts";
import type { HasClock, HasConfiguration, HasConnectors, HasMessenger } from "./base.ts";
import type { Meters } from "./meters.ts";
import type { Sessions } from "./sessions.ts";

/** The parts of a charger that clock-aligned readings use. */
export interface ClockAlignedCharger extends HasClock, HasConfiguration, HasConnectors, HasMessenger {
  readonly meters: Pick<Meters, "of">;
  readonly sessions: Pick<Sessions, "sendMeterValues">;
}

const DAY = 86_400_000;

/** The clock-aligned readings of a charger. */
export class ClockAligned {
  readonly #charger: ClockAlignedCharger;
  #timer: Timer | null = null;

  constructor(charger: ClockAlignedCharger) {
    this.#charger = charger;
  }

  /** Reads at every whole interval since midnight, UTC. */
  start(): void {
    this.stop();
    const interval = this.#charger.configuration.number("ClockAlignedDataInterval") * 1000;
    if (interval <= 0) return;
    const now = this.#charger.now();
    const today = now % DAY;
    const due = Math.min(DAY, (Math.floor(today / interval) + 1) * interval);
    this.#timer = this.#charger.clock.after(due - today, () => {
      this.#read();
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #read(): void {
    const { connectors, configuration, sessions, meters, messenger } = this.#charger;
    const measurands = configuration.list("MeterValuesAlignedData");
    const readings = connectors.map((connector) => meters.of(connector).read());
    connectors.forEach((connector, index) => {
      const value = meterValue(readings[index]!, measurands, "Sample.Clock");
      if (value) sessions.sendMeterValues(connector, value);
      meters.of(connector).note(readings[index]!, "StopTxnAlignedData", "Sample.Clock");
    });
    const main = meterValue(sum(readings), measurands, "Sample.Clock");
    if (main) messenger.trySend("MeterValues", { connectorId: 0, meterValue: [main] });
  }
}

/** Adds the readings of all connectors: the reading of the main meter. */
function sum(readings: Reading[]): Reading {
  const total = (value: (reading: Reading) => number) =>
    readings.reduce((total, reading) => total + value(reading), 0);
  return {
    ...readings[0]!,
    register_wh: total(({ register_wh }) => register_wh),
    interval_wh: total(({ interval_wh }) => interval_wh),
    power_w: total(({ power_w }) => power_w),
    amps: total(({ amps }) => amps),
    phases: Math.max(...readings.map(({ phases }) => phases)),
    offered_amps: total(({ offered_amps }) => offered_amps),
    offered_w: total(({ offered_w }) => offered_w),
    soc: null,
  };
}
