import { assert, assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import type { ConnectorFacts } from "../../../src/site/load/managed_connector.ts";
import { circuit, seeded, SimulatedCharger, World } from "./world.ts";

const WIRES = { lost_requests: 0, lost_answers: 0, slowest: 1 };

/** Makes cars at a feed with a meter. */
function site(cars: Partial<ConnectorFacts>[], more: Parameters<typeof circuit>[0] = {}): World {
  const facts = { circuit: "site", phases: 3, phase_rotation: "RST", min_a: 6, max_a: 16, failsafe_a: 0 };
  const chargers = cars.map((car, index) => {
    const all = { ...facts, surplus_floor_a: 0, ...car };
    return new SimulatedCharger(`CP${index}/1`, "obeys", all, all.phases === 1 ? [0] : [0, 1, 2]);
  });
  const feed = circuit({ max_current_a: 63, meter: { kind: "push" }, ...more });
  const world = new World([feed], chargers, { ...WIRES, random: seeded(3) }, { metered: true });
  chargers.forEach((charger, index) => world.session(charger, index + 1));
  return world;
}

function pass(world: World, seconds: number): (number | undefined)[] {
  for (let second = 0; second < seconds; second++) world.pass();
  return world.chargers.map((charger) => charger.limit?.amperes);
}

function reasonOf(world: World, id = "CP0/1"): unknown[] {
  const { reason, reason_values } = world.control.connectors.get(id)!;
  return [reason, reason_values];
}

Deno.test("a car that charges from the surplus waits until there is enough for a minute, and follows the sun", () => {
  const world = site([{}]);
  world.load([-3.1, -3.1, -3.1]);
  assertEquals(pass(world, 120), [undefined]);
  assertEquals(reasonOf(world), ["surplus_waits", { has_a: 3.1, needs_a: 6 }]);
  world.load([-9.4, -9.4, -9.4]);
  assertEquals(pass(world, 50), [undefined]);
  assertEquals(pass(world, 40), [9]);
  assertEquals(reasonOf(world)[0], "surplus");
  world.load([-12.5, -12.5, -12.5]);
  assertEquals(pass(world, 60), [12]);
  world.load([-7.5, -7.5, -7.5]);
  assertEquals(pass(world, 20), [7], "less at once");
  world.load([-2, -2, -2]);
  assertEquals(pass(world, 120), [6], "a cloud: its minimum");
  assertEquals(pass(world, 100), [0]);
  assertEquals(reasonOf(world), ["surplus_waits", { has_a: 2, needs_a: 6 }]);
});

Deno.test("a car with a floor has it without sun; one on one phase needs a third", () => {
  const world = site([{ surplus_floor_a: 8 }, { phases: 1, phase_rotation: "R" }]);
  assertEquals(pass(world, 60), [8, undefined]);
  assertEquals(reasonOf(world)[0], "surplus");
  world.load([-32, -1, -1]); // 10 A and the 24 A of the first, for four phases
  assertEquals(pass(world, 200), [8, 8]);
});

Deno.test("the sun is shared among those that wait for it, and cars at full power do not wait", () => {
  const world = site([{}, {}, { surplus_floor_a: null }]);
  world.load([-36.2, -36.2, -36.2]);
  assertEquals(pass(world, 200), [10, 10, 16]);
  world.load([-26, -26, -26]); // 10 A are left, too little for two
  assertEquals(pass(world, 300), [10, 0, 16]);
});

Deno.test("nobody charges from a surplus that is not known", () => {
  const world = site([{}], { meter: null });
  world.load([-20, -20, -20]);
  pass(world, 120);
  assertEquals(reasonOf(world), ["surplus_no_meter", {}]);
  const metered = site([{}]);
  metered.load([-20, -20, -20]);
  assertEquals(pass(metered, 120), [16]);
  (metered.options as { metered?: boolean }).metered = false; // the meter falls silent
  assertEquals(pass(metered, 60), [0]);
  assertEquals(reasonOf(metered), ["surplus_unknown", {}]);
});

Deno.test("what such cars take from the grid ends within minutes, whatever the sun does", () => {
  const weather = fc.array(
    fc.record({ sun: fc.integer({ min: -5, max: 40 }), seconds: fc.integer({ min: 5, max: 900 }) }),
    { minLength: 5, maxLength: 30 },
  );
  let drawn = 0;
  fc.assert(
    fc.property(weather, (times) => {
      const world = site([{}, { phases: 1, phase_rotation: "R" }]);
      let importing = 0;
      for (const { sun, seconds } of times) {
        world.load([-sun, -sun, -sun]);
        for (let second = 0; second < seconds; second++) {
          world.pass();
          const flow = [0, 1, 2].map((phase) => world.sum("site", phase));
          const net = flow.reduce((sum, amperes) => sum + amperes, -3 * sun);
          const charges = flow[0]! > 0;
          drawn += charges ? 1 : 0;
          // each of the two has its minimum for three minutes more
          importing = charges && net > 0.5 ? importing + 1 : 0;
          assert(importing < 440, `${net} A from the grid for ${importing} s`);
        }
      }
      assert(world.worst_excess <= 1e-6);
    }),
    { numRuns: 30, endOnFailure: true },
  );
  assertGreater(drawn, 1000, "and they charge");
});
