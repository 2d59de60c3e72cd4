// Faults of a site: links, restarts, a silent meter, clocks.
import type { SimulatedCharger, World } from "../../site/load/world.ts";
import type { Random } from "./visits.ts";

const HOUR = 3_600;
const MINUTE = 60;
/** Steps of the gateway's clock, s. */
const STEPS = [2, -2, 30, -30, 3_600, -3_600];
const SKEW_S = 2;

/** Draws faults, second by second. */
export class Disturbances {
  readonly #world: World;
  readonly #random: Random;
  /** Mean time that chargers stay away, s. */
  readonly #away_s = new Map<SimulatedCharger, number>();

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  /** A second passes. */
  pass(): void {
    const world = this.#world;
    for (const charger of world.chargers) this.#charger(charger);
    if (this.#happens(24 * HOUR)) world.restart();
    if (world.is_meter_dead ? this.#happens(10 * MINUTE) : this.#happens(6 * HOUR)) {
      world.is_meter_dead = !world.is_meter_dead;
    }
    if (this.#happens(24 * HOUR)) world.clock += STEPS[Math.floor(this.#random() * STEPS.length)]!;
  }

  /** A charger's link is cut, sometimes for hours; it loses its limits; it takes the gateway's time. */
  #charger(charger: SimulatedCharger): void {
    if (!charger.online) {
      if (this.#happens(this.#away_s.get(charger)!)) this.#world.link(charger, true);
      return;
    }
    if (this.#happens(12 * HOUR)) {
      this.#away_s.set(charger, this.#random() < 0.1 ? 3 * HOUR : 5 * MINUTE);
      this.#world.link(charger, false);
    }
    if (this.#happens(24 * HOUR)) charger.limit = null;
    if (this.#happens(150)) charger.clock = this.#world.clock + SKEW_S * (2 * this.#random() - 1);
  }

  /** Returns true once in a mean time, s. */
  #happens(every_s: number): boolean {
    return this.#random() < 1 / every_s;
  }
}
