// A car: a battery that takes what it can, less as it fills, until it has what its driver wants.
import type { ChargingCurve } from "../config.ts";

/** What a car is made of. */
export interface CarSpec {
  battery_wh: number;
  /** State of charge on arrival, %. */
  soc: number;
  curve: ChargingCurve;
  /** What its charger takes at most, W in all. */
  max_power_w: number;
  /** What its charger takes at most, A a phase. */
  max_current: number;
  phases: number;
  /** Where it stops drawing, Wh from arrival; left out: when it is full. */
  want_wh?: number;
}

/** A car at a connector. */
export class Car {
  readonly spec: CarSpec;
  /** Wh taken since it came. */
  taken_wh = 0;
  /** It does not draw, whatever is offered. */
  asleep = false;

  constructor(spec: CarSpec) {
    this.spec = spec;
  }

  /** State of charge, %. */
  get soc(): number {
    return Math.min(100, this.spec.soc + 100 * this.taken_wh / this.spec.battery_wh);
  }

  /** Wh that it still takes. */
  get room_wh(): number {
    const { battery_wh, soc, want_wh = Infinity } = this.spec;
    return Math.max(0, Math.min(want_wh, battery_wh * (100 - soc) / 100) - this.taken_wh);
  }

  /** W that it takes at most when it has taken `more_wh` more than now. */
  acceptance_w(more_wh = 0): number {
    if (this.asleep || this.room_wh - more_wh <= 1e-9) return 0;
    return this.spec.max_power_w * along(this.spec.curve, this.soc + 100 * more_wh / this.spec.battery_wh);
  }
}

/** A curve's value, linear between its points and level outside them. */
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
