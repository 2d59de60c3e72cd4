// A car: its battery takes less power as it fills, and none once the driver has the energy that was wanted.
import type { ChargingCurve } from "../config.ts";

/** The data of a car. */
export interface CarSpec {
  battery_wh: number;
  /** State of charge on arrival, %. */
  soc: number;
  curve: ChargingCurve;
  /** Greatest power of its on-board charger, W in all. */
  max_power_w: number;
  /** Greatest current of its on-board charger, A a phase. */
  max_current: number;
  phases: number;
  /** Wh from arrival after which it stops; left out: until it is full. */
  want_wh?: number;
}

/** A car at a connector. */
export class Car {
  readonly spec: CarSpec;
  /** Wh taken since arrival. */
  taken_wh = 0;
  /** True while it draws nothing, whatever is offered. */
  asleep = false;

  constructor(spec: CarSpec) {
    this.spec = spec;
  }

  /** State of charge, %. */
  get soc(): number {
    return Math.min(100, this.spec.soc + 100 * this.taken_wh / this.spec.battery_wh);
  }

  /** Wh that it will still take. */
  get room_wh(): number {
    const { battery_wh, soc, want_wh = Infinity } = this.spec;
    return Math.max(0, Math.min(want_wh, battery_wh * (100 - soc) / 100) - this.taken_wh);
  }

  /** Returns the greatest power, W, that the battery accepts when it has taken `more_wh` more than now. */
  acceptance_w(more_wh = 0): number {
    if (this.asleep || this.room_wh - more_wh <= 1e-9) return 0;
    return this.spec.max_power_w * along(this.spec.curve, this.soc + 100 * more_wh / this.spec.battery_wh);
  }
}

/** Returns a curve's value at `x`: linear between its points, constant outside them. */
export function along(curve: ChargingCurve, x: number): number {
  const [first_x, first_y] = curve[0]!;
  if (x <= first_x) return first_y;
  for (let i = 1; i < curve.length; i++) {
    const [x0, y0] = curve[i - 1]!;
    const [x1, y1] = curve[i]!;
    if (x <= x1) return x1 === x0 ? y1 : y0 + (y1 - y0) * (x - x0) / (x1 - x0);
  }
  return curve.at(-1)![1];
}
