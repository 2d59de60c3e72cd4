// Ideal equal sharing: the same visits on the same fuse, as if currents could be any and followed at once.
import { Car } from "../../../src/simulator/physics/car.ts";
import { fairShares } from "./fairness.ts";
import type { Life } from "./life.ts";
import { roomOf } from "./sites.ts";
import type { Visit } from "./visits.ts";

const STEP_S = 60;
const VOLTS = 230;

interface Guest {
  visit: Visit;
  car: Car;
  phases: number[];
}

/** Returns the energy that cars get by max-min fair shares of what is not kept free, Wh. */
export function idealOf({ site, chargers, visits, loads }: Life): number {
  let guests: Guest[] = [];
  let energy = 0, next = 0;
  for (let at = 0; next < visits.length || guests.length > 0; at += STEP_S) {
    guests = guests.filter(({ visit }) => visit.leave > at);
    for (; next < visits.length && visits[next]!.arrive <= at; next++) {
      const visit = visits[next]!;
      guests.push({
        visit,
        car: new Car(visit.car),
        phases: chargers[visit.charger]!.phasesOf(visit.car.phases),
      });
    }
    const takers = guests.map(({ visit, car, phases }) => {
      const acceptance = car.acceptance_w() / VOLTS / phases.length;
      return {
        phases,
        most: Math.min(acceptance, car.spec.max_current, chargers[visit.charger]!.facts.max_a),
      };
    });
    const room = roomOf(site, loads.at(at), true);
    fairShares(takers, room).forEach((amperes, index) => {
      const { car, phases } = guests[index]!;
      const wh = Math.min(car.room_wh, amperes * phases.length * VOLTS * STEP_S / 3600);
      car.taken_wh += wh;
      energy += wh;
    });
  }
  return energy;
}
