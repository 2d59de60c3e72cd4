// Load management: the time of a decision, and a span of sessions on a shared fuse with faults.
import { circuit, seeded, SimulatedCharger, TIMES, World } from "../../site/load/world.ts";
import { LoadControl } from "../../../src/site/load/load_control.ts";
import type { ConnectorFacts } from "../../../src/site/load/managed_connector.ts";
import { type Bench } from "../bench.ts";
import { median } from "../report.ts";

const WIRINGS = ["RST", "STR", "TRS"];
const HOUR = 3600;

/** Times of decisions, and what a site's cars get. */
export function load(bench: Bench): Promise<void> {
  const { report, quick } = bench;
  report.title("load: load management");
  for (const connectors of [60, 1000]) {
    report.figure(`a decision at ${connectors} connectors on 11 circuits`, decisionMs(connectors), {
      at_most: 5,
    }, {
      unit: "ms",
      decimals: 3,
    });
  }
  const hours = quick ? 4 : 24;
  for (const [chargers, fuse] of [[4, 35], [12, 63]] as const) {
    const name = `${chargers} chargers on 3×${fuse} A, ${hours} h`;
    const faulty = span(chargers, fuse, { hours, lost: 0.1 });
    report.figure(`${name}, a tenth lost, links cut, restarts: above the limit`, faulty.seconds_above, {
      at_most: 0,
    }, { unit: "s", decimals: 0 });
    const { orders, car_hours, given, jain } = span(chargers, fuse, { hours, lost: 0 });
    report.figure(`${name}: fairness of equal cars`, jain, { at_least: 0.98 }, { unit: "", decimals: 4 });
    report.note(
      `${name}: ${(orders / car_hours).toFixed(1)} messages per car and hour, ${given.toFixed(1)} A a car`,
    );
  }
  return Promise.resolve();
}

function factsOf(index: number): ConnectorFacts {
  return {
    circuit: `hall ${index % 10}`,
    phases: index % 3 === 0 ? 1 : 3,
    phase_rotation: index % 3 === 0 ? "RST"[index % 9 / 3]! : WIRINGS[index % 3]!,
    min_a: 6,
    max_a: index % 4 === 0 ? 16 : 32,
    failsafe_a: 0,
    failsafe_holds: true,
    takes_limits: true,
    blocked: false,
    priority: index % 10,
    step_a: 0.1,
    connected: true,
    session: index + 1,
    sleeping: false,
    cap_a: index % 7 === 0 ? 6 + index % 20 : null,
    cap_reason: null,
  };
}

/** Returns the median time of a decision while limits move, ms. */
function decisionMs(connectors: number): number {
  const control = new LoadControl(() => TIMES);
  const halls = Array.from(
    { length: 10 },
    (_, hall) => circuit({ name: `hall ${hall}`, parent: "site", max_current_a: connectors / 2 }),
  );
  control.setCircuits([circuit({ max_current_a: connectors * 4 }), ...halls]);
  for (let index = 0; index < connectors; index++) control.setConnector(`CP${index}/1`, factsOf(index), 0);
  const times: number[] = [];
  for (let second = 1; second <= 300; second++) {
    const began = performance.now();
    const orders = control.decide(second * 1000, second * 1000);
    times.push(performance.now() - began);
    for (const order of orders) {
      if ("number" in order) control.answered(order.id, order.number, "accepted", second * 1000);
    }
    control.supply("site")!.limit({
      kind: "outside",
      source: "bench",
      limit_a: connectors * (2 + second % 3),
      limit_w: null,
      until: null,
      ends: Infinity,
    });
  }
  return median(times.slice(50));
}

/** Lives some hours on one circuit. `given`: the mean limit of a car, A; `jain`: of equal cars that are there all the time. */
function span(count: number, fuse: number, { hours, lost }: { hours: number; lost: number }) {
  const random = seeded(7);
  const chargers = Array.from({ length: count }, (_, index) =>
    new SimulatedCharger(`CP${index}/1`, "obeys", {
      circuit: "site",
      phases: 3,
      phase_rotation: WIRINGS[index % 3]!,
      min_a: 6,
      max_a: 32,
      failsafe_a: 0,
    }, [0, 1, 2]));
  const faults = { random, lost_requests: lost, lost_answers: lost, slowest: 2 };
  const world = new World([circuit({ max_current_a: fuse })], chargers, faults);
  const sums = { seconds_above: 0, car_seconds: 0, amperes: 0, sessions: 0 };
  const shares: number[] = [];
  const got = new Float64Array(count);
  for (let second = 0; second < hours * HOUR; second++) {
    if (second % (4 * HOUR) === 0) changeCars(world, sums);
    if (lost > 0) disturb(world, random);
    world.pass();
    if (world.sum("site", 0) > fuse + 1e-6) sums.seconds_above++;
    chargers.forEach(({ session, limit }, index) => {
      if (session === null) return;
      const amperes = limit && limit.until > world.at ? limit.amperes : 0;
      got[index]! += amperes;
      sums.car_seconds++;
      sums.amperes += amperes;
    });
    if ((second + 1) % (4 * HOUR) === 0) shares.push(jainOf(chargers, got));
  }
  const { seconds_above, car_seconds, amperes } = sums;
  const jain = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
  return {
    seconds_above,
    orders: world.orders,
    car_hours: car_seconds / HOUR,
    given: amperes / car_seconds,
    jain,
  };
}

/** Half of the chargers have a car for four hours, then the others. */
function changeCars(world: World, sums: { sessions: number }): void {
  world.chargers.forEach((charger, index) => {
    world.session(charger, index % 2 === Math.floor(world.at / (4 * HOUR)) % 2 ? ++sums.sessions : null);
  });
}

/** Links are cut, and the gateway restarts. */
function disturb(world: World, random: () => number): void {
  const { chargers } = world;
  for (const charger of chargers) if (random() < 1 / (2 * HOUR)) world.link(charger, false);
  for (const charger of chargers) if (!charger.online && random() < 1 / 120) world.link(charger, true);
  if (random() < 1 / (6 * HOUR)) world.restart();
}

/** Returns Jain's index of what the cars of the last four hours got, and begins anew. */
function jainOf(chargers: readonly SimulatedCharger[], got: Float64Array): number {
  const shares = [...got].filter((_, index) => chargers[index]!.session !== null);
  got.fill(0);
  const sum = shares.reduce((all, share) => all + share, 0);
  const squares = shares.reduce((all, share) => all + share * share, 0);
  return squares === 0 ? 1 : sum * sum / shares.length / squares;
}
