// The meters of a charger, one a connector.
import type { Connector } from "./connector.ts";
import { Metering, type MeteringCharger } from "./metering.ts";

/** All meters of a charger. */
export class Meters {
  readonly #meters: ReadonlyMap<number, Metering>;

  constructor(charger: MeteringCharger, connectors: readonly Connector[]) {
    this.#meters = new Map(connectors.map((connector) => [connector.id, new Metering(charger, connector)]));
  }

  /** Returns the meter of a connector. */
  of({ id }: Connector): Metering {
    return this.#meters.get(id)!;
  }

  /** Makes a change that affects the flow of energy: the energy up to now is counted by the old state. */
  changeSupply(change: () => void): void {
    this.#forEach((meter) => meter.update());
    change();
    this.#forEach((meter) => meter.onChange());
  }

  /** Sets a connector's register, as when its meter loses its memory. Does nothing for an unknown connector. */
  reset(connector_id: number, register_wh: number): void {
    this.#meters.get(connector_id)?.reset(register_wh);
  }

  /** Restarts all sample intervals: MeterValueSampleInterval has changed. */
  resample(): void {
    this.#forEach((meter) => meter.resample());
  }

  /** Stops all timers. */
  stop(): void {
    this.#forEach((meter) => meter.stop());
  }

  #forEach(run: (meter: Metering) => void): void {
    for (const meter of this.#meters.values()) run(meter);
  }
}
