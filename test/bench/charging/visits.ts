// Visits of cars, drawn by a seed: when they come and go, what they take, and how.
import { Car, type CarSpec } from "../../../src/simulator/physics/car.ts";

/** A visit of a car at a charger. Times in s. */
export interface Visit {
  charger: number;
  arrive: number;
  leave: number;
  car: CarSpec;
  /** Wh that it would take. */
  want_wh: number;
}

/** The use of a site. */
export interface Use {
  /** Hours of the day in which cars come. */
  from: number;
  to: number;
  /** Hours that they stay. */
  shortest: number;
  longest: number;
  /** Visits of a charger a day, if cars come whenever it is free. */
  visits: number;
}

/** A generator of numbers from 0 to 1. */
export type Random = () => number;

const DAY = 86_400;
const HOUR = 3_600;
const VOLTS = 230;
/** The state of charge from which a battery takes less, %, and the part that it takes when it is nearly full. */
export const TAPER_FROM = 80;
export const TAPER_END = 0.05;

/** Phases, A and frequency of onboard chargers. */
const ONBOARD: readonly [phases: number, amperes: number, part: number][] = [
  [3, 16, 0.4],
  [3, 32, 0.1],
  [2, 16, 0.15],
  [1, 32, 0.2],
  [1, 16, 0.1],
  [3, 10, 0.05],
];

/** Draws the visits of some days, in the order of their arrival. */
export function drawVisits(use: Use, chargers: number, days: number, random: Random): Visit[] {
  const visits: Visit[] = [];
  for (let charger = 0; charger < chargers; charger++) {
    for (let free = 0;;) {
      const arrive = Math.round(openAt(free + DAY / use.visits * (0.2 + 0.6 * random()), use, random));
      const leave = Math.round(arrive + HOUR * (use.shortest + (use.longest - use.shortest) * random()));
      if (leave >= days * DAY) break;
      visits.push(visit({ charger, arrive, leave }, random));
      free = leave + 300;
    }
  }
  return visits.sort((a, b) => a.arrive - b.arrive || a.charger - b.charger);
}

/** Moves a time outside the hours of arrival into the next ones. */
function openAt(at: number, { from, to }: Use, random: Random): number {
  const day = Math.floor(at / DAY) * DAY;
  const hour = (at - day) / HOUR;
  if (hour >= from && hour < to) return at;
  return (hour < from ? day : day + DAY) + HOUR * (from + (to - from) * random() ** 2);
}

function visit(stay: Pick<Visit, "charger" | "arrive" | "leave">, random: Random): Visit {
  const [phases, max_current] = onboard(random());
  const battery_wh = 1000 * Math.round(40 + 40 * random());
  const soc = Math.round(10 + 60 * random());
  const goal = random() < 0.5 ? 100 : 80;
  const car: CarSpec = {
    battery_wh,
    soc,
    curve: [[0, 1], [TAPER_FROM, 1], [100, TAPER_END]],
    max_power_w: max_current * phases * VOLTS,
    max_current,
    phases,
    want_wh: battery_wh * Math.max(5, goal - soc) / 100,
  };
  return { ...stay, car, want_wh: new Car(car).room_wh };
}

function onboard(at: number): [phases: number, amperes: number] {
  let sum = 0;
  for (const [phases, amperes, part] of ONBOARD) if (at < (sum += part)) return [phases, amperes];
  return [3, 16];
}
