// The sites of the simulation: fuses, chargers, what else is on the fuse, and who comes.
import type { PhaseCurrents } from "../../../src/site/load/phases.ts";
import { CarCharger } from "./car_charger.ts";
import type { Random, Use } from "./visits.ts";

/** A site with one fuse. */
export interface Site {
  name: string;
  chargers: number;
  fuse_a: number;
  /** Other loads on each phase, A: at least, and the most; null: there are none. */
  base: [least: number, most: number] | null;
  /** A kept free for a rise of these; left out: 0. */
  reserve_a?: number;
  use: Use;
}

/** The sites. */
export const SITES: readonly Site[] = [
  {
    name: "house",
    chargers: 4,
    fuse_a: 35,
    base: null,
    use: { from: 16, to: 22, shortest: 8, longest: 13, visits: 1.5 },
  },
  {
    name: "office",
    chargers: 12,
    fuse_a: 63,
    base: [5, 20],
    use: { from: 7, to: 15, shortest: 3, longest: 8, visits: 1 },
  },
  {
    name: "office, 15 A kept free",
    chargers: 12,
    fuse_a: 63,
    base: [5, 20],
    reserve_a: 15,
    use: { from: 7, to: 15, shortest: 3, longest: 8, visits: 1 },
  },
  {
    name: "car park",
    chargers: 24,
    fuse_a: 125,
    base: null,
    use: { from: 6, to: 22, shortest: 1.5, longest: 6, visits: 2.5 },
  },
  {
    name: "depot",
    chargers: 60,
    fuse_a: 250,
    base: null,
    use: { from: 14, to: 21, shortest: 7, longest: 12, visits: 1.5 },
  },
];

const THREE = ["RST", "STR", "TRS"];
const MIN_A = 6;

/** Returns what a site has for chargers on each phase while its other loads are these, A. `kept`: less what is kept free. */
export function roomOf({ fuse_a, base, reserve_a = 0 }: Site, loads: PhaseCurrents, kept: boolean): number[] {
  const most = base?.[1] ?? 0;
  return loads.map((load) => fuse_a - load - (kept ? Math.max(0, Math.min(reserve_a, most - load)) : 0));
}

/** Makes the chargers of a site: every fourth has one phase, every third 16 A. */
export function chargersOf({ chargers }: Site): CarCharger[] {
  return Array.from({ length: chargers }, (_, index) => {
    const single = index % 4 === 3;
    const rotation = THREE[Math.floor(index / (single ? 4 : 1)) % 3]!;
    return new CarCharger(
      `CP${index}/1`,
      "obeys",
      {
        circuit: "site",
        phases: single ? 1 : 3,
        phase_rotation: single ? rotation[0]! : rotation,
        min_a: MIN_A,
        max_a: index % 3 === 2 ? 16 : 32,
        failsafe_a: 0,
      },
      [],
    );
  });
}

/** The other loads of a site by time: a value on each phase that changes every few minutes. */
export class OtherLoads {
  readonly #values: PhaseCurrents[] = [];
  readonly step_s = 300;

  constructor({ base }: Site, days: number, random: Random) {
    if (base === null) return;
    const [least, most] = base;
    for (let at = 0; at < days * 86_400; at += this.step_s) {
      const hour = at / 3600 % 24;
      const busy = hour > 6 && hour < 19 ? 1 : 0.3;
      const value = () => Math.round(10 * (least + (most - least) * busy * random())) / 10;
      const before = this.#values.at(-1);
      this.#values.push(
        [0, 1, 2].map((phase) => before && random() < 0.6 ? before[phase]! : value()) as PhaseCurrents,
      );
    }
  }

  /** Returns the loads on each phase at a time, A. */
  at(second: number): PhaseCurrents {
    return this.#values[Math.min(this.#values.length - 1, Math.floor(second / this.step_s))] ?? [0, 0, 0];
  }
}
