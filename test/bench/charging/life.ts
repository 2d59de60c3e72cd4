// The life of a site: cars come and go, wires and clocks fail, and what flows is measured apart from the gateway's books.
import type { PhaseCurrents } from "../../../src/site/load/phases.ts";
import { circuit, seeded, World } from "../../site/load/world.ts";
import type { CarCharger, Outcome } from "./car_charger.ts";
import { Disturbances } from "./disturbances.ts";
import { fairShares } from "./fairness.ts";
import { chargersOf, OtherLoads, roomOf, type Site } from "./sites.ts";
import { drawVisits, type Visit } from "./visits.ts";

/** The times that are the gateway's defaults. */
const TIMES = { validity_s: 180, dwell_s: 300, rotation_s: 1800 };
/** The gateway decides every second; while nothing happens, that is left out here, for less long where other loads move. */
const CALM_S = { alone: 10, metered: 5 };
const DAY = 86_400;
const IDLE_S = 600;
const TOLERANCE_A = 0.05;
const SAMPLE_S = 60;
/** Time in which cars can follow a rise of other loads: a second for the meter, two for the message, five for the car. */
const FOLLOWED_S = 8;

/** The story of a site and what was measured. */
export interface Life {
  site: Site;
  chargers: CarCharger[];
  visits: Visit[];
  loads: OtherLoads;
  outcomes: Outcome[];
  /** Highest flow over the fuse's limit on a phase, A; negative: it was never reached. */
  highest_a: number;
  /** Seconds above it, and the longest time without a break. */
  above_s: number;
  longest_s: number;
  /** Seconds above it that a gateway could avoid: those after other loads rose and cars could have followed. */
  late_s: number;
  orders: number;
  car_hours: number;
}

/** Lives some days. */
export function live(site: Site, days: number, { seed, faulty }: { seed: number; faulty: boolean }): Life {
  const random = seeded(seed);
  const chargers = chargersOf(site);
  const loads = new OtherLoads(site, days, random);
  const visits = drawVisits(site.use, site.chargers, days, random);
  const measures = {
    outcomes: [],
    highest_a: -Infinity,
    above_s: 0,
    longest_s: 0,
    late_s: 0,
    orders: 0,
    car_hours: 0,
  };
  const life: Life = { site, chargers, visits, loads, ...measures };
  const lost = faulty ? 0.02 : 0;
  const wires = {
    random,
    lost_requests: lost,
    lost_answers: lost,
    refused: lost / 2,
    slowest: faulty ? 3 : 1,
  };
  const meter = site.base ? { kind: "push" } : null;
  const { fuse_a: max_current_a, reserve_a = 0 } = site;
  const world = new World([circuit({ max_current_a, meter, reserve_a })], chargers, wires, {
    metered: site.base !== null,
    reports: true,
    times: TIMES,
    calm_s: site.base ? CALM_S.metered : CALM_S.alone,
  });
  const disturbances = faulty ? new Disturbances(world, random) : null;
  const course = new Course(life, world);
  while (world.at < days * DAY) {
    course.comeAndGo();
    world.load(loads.at(world.at));
    disturbances?.pass();
    world.pass();
    course.note();
  }
  return { ...life, orders: world.orders };
}

/** The course of the visits. */
class Course {
  readonly #life: Life;
  readonly #world: World;
  readonly #present = new Map<CarCharger, Visit>();
  #next = 0;
  #stretch_s = 0;
  #rose_at = -Infinity;
  #before: PhaseCurrents = [0, 0, 0];
  #idle_s = 0;

  constructor(life: Life, world: World) {
    this.#life = life;
    this.#world = world;
  }

  /** Cars that stay to now leave, others come; an empty site's time passes at once. */
  comeAndGo(): void {
    const { visits, chargers, outcomes } = this.#life;
    const world = this.#world;
    for (const [charger, { leave }] of this.#present) {
      if (leave > world.at) continue;
      world.session(charger, null);
      charger.unplug();
      this.#present.delete(charger);
    }
    for (let visit = visits[this.#next]; visit && visit.arrive <= world.at; visit = visits[++this.#next]) {
      const charger = chargers[visit.charger]!;
      world.session(charger, this.#next + 1);
      outcomes.push(charger.plug(visit));
      this.#present.set(charger, visit);
    }
    this.#idle_s = this.#present.size > 0 ? 0 : this.#idle_s + 1;
    const until = (visits[this.#next]?.arrive ?? Infinity) - IDLE_S;
    if (this.#idle_s > IDLE_S && until > world.at) world.at = Math.min(until, world.at + DAY);
  }

  /** Measures what flows. */
  note(): void {
    const life = this.#life;
    const { base, at } = this.#world;
    if (base.some((amperes, phase) => amperes > this.#before[phase]!)) this.#rose_at = at;
    this.#before = base;
    const flow = [...base];
    for (const { amps, car_phases } of this.#present.keys()) {
      for (const phase of car_phases) flow[phase]! += amps;
    }
    const excess = Math.max(...flow) - life.site.fuse_a;
    life.highest_a = Math.max(life.highest_a, excess);
    this.#stretch_s = excess > TOLERANCE_A ? this.#stretch_s + 1 : 0;
    if (this.#stretch_s > 0) life.above_s++;
    if (this.#stretch_s > 0 && at - this.#rose_at > FOLLOWED_S) life.late_s++;
    life.longest_s = Math.max(life.longest_s, this.#stretch_s);
    life.car_hours += this.#present.size / 3600;
    if (this.#world.at % SAMPLE_S === 0) this.#compare();
  }

  /** Adds up what cars get and what would be fair, while there is not enough for all. */
  #compare(): void {
    const { base, is_meter_dead } = this.#world;
    const room = roomOf(this.#life.site, base, true);
    const cars = [...this.#present.keys()];
    this.#share(cars, room, "all");
    if (is_meter_dead) return;
    for (const { amps, car_phases } of cars.filter(({ online }) => !online)) {
      for (const phase of car_phases) room[phase]! -= amps;
    }
    this.#share(cars.filter(({ online }) => online), room, "reached");
  }

  #share(cars: readonly CarCharger[], room: readonly number[], which: keyof Outcome["shares"]): void {
    const takers = cars.map((charger) => ({ most: charger.acceptance_a, phases: charger.car_phases }));
    fairShares(takers, room).forEach((fair, index) => {
      const { amps, outcome } = cars[index]!;
      if (fair > takers[index]!.most - 0.5) return;
      const sums = outcome!.shares[which];
      sums.got += amps * SAMPLE_S;
      sums.fair += fair * SAMPLE_S;
      sums.contested_s += SAMPLE_S;
    });
  }
}
