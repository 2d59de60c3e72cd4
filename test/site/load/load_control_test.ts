import { assert, assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import { DAYS } from "../../../src/site/load/site_clock.ts";
import { pair, pass } from "./pair.ts";
import { circuit, type Manner, seeded, SimulatedCharger, World, type WorldOptions } from "./world.ts";

const FAULTS = { lost_requests: 0.1, lost_answers: 0.15, slowest: 4 };

/** Makes six chargers: one refuses, one never answers, one takes no limits; on a house and a garage below it. */
function site(seed: number, options: WorldOptions = {}): World {
  const manners: Manner[] = ["obeys", "obeys", "obeys", "obeys", "refuses", "mute", "deaf"];
  const wirings: [number, string | null, number[]][] = [
    [3, "RST", [0, 1, 2]],
    [1, "S", [1]],
    [3, "STR", [1]], // a car of one phase
    [1, null, [2]], // nobody knows its phase
    [3, "RST", [0, 1, 2]],
    [1, "R", [0]],
    [1, "T", [2]],
  ];
  const chargers = manners.map((manner, index) => {
    const [phases, phase_rotation, car_phases] = wirings[index]!;
    const max_a = manner === "obeys" ? 32 : 10;
    const circuit = index % 3 === 0 ? "garage" : "site";
    const failsafe_a = index === 0 ? 6 : 0;
    const surplus_floor_a = [null, null, 0, 6][(seed + index) % 4]!;
    const facts = { circuit, phases, phase_rotation, min_a: 6, max_a, failsafe_a, surplus_floor_a };
    return new SimulatedCharger(`CP${index}/1`, manner, facts, car_phases);
  });
  const circuits = [
    circuit({
      name: "site",
      max_current_a: 40,
      meter: options.metered ? { kind: "push" } : null,
      schedule: [scheduled(5 + seed % 10, 20, 27), scheduled(25, 30 + seed % 20, 33)],
    }),
    circuit({
      name: "garage",
      parent: "site",
      max_current_a: 20,
      schedule: [scheduled(2, 8 + seed % 9, 17)],
    }),
  ];
  return new World(circuits, chargers, { ...FAULTS, random: seeded(seed) }, options);
}

/** Returns a limit between two minutes after midnight. */
function scheduled(from: number, to: number, limit_a: number) {
  const time = (minute: number) => `00:${String(minute).padStart(2, "0")}`;
  return { days: [...DAYS], from: time(from), to: time(to), limit_a, limit_w: null };
}

const event = fc.record({
  after: fc.integer({ min: 1, max: 60 }),
  kind: fc.constantFrom(
    "session",
    "session",
    "session",
    "end",
    "link",
    "reboot",
    "restart",
    "base",
    "sun",
    "limit",
  ),
  charger: fc.integer({ min: 0, max: 6 }),
});
const story = fc.record({
  seed: fc.integer({ min: 1 }),
  events: fc.array(event, { minLength: 20, maxLength: 80 }),
});
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;

function live(world: World, { events }: Story): void {
  let sessions = 0;
  for (const { after, kind, charger: index } of events) {
    for (let second = 0; second < after; second++) world.pass();
    const charger = world.chargers[index]!;
    if (kind === "session") world.session(charger, ++sessions);
    else if (kind === "end") world.session(charger, null);
    else if (kind === "link") world.link(charger, !charger.online);
    else if (kind === "base") world.load([after / 8, (index * 2) % 7, 3]);
    else if (kind === "sun") world.load([-after / 2, -index, -after / 4]);
    else if (kind === "limit") {
      if (index % 2 === 0) world.limit("site", 26 + after % 12, after * 8);
      else world.limit("garage", 17 + after % 3, after * 8);
    } else if (kind === "reboot") charger.limit = null;
    else world.restart();
  }
  for (let second = 0; second < 60; second++) world.pass();
}

Deno.test("LoadControl never lets the worst case of the chargers exceed a circuit, whatever is lost, late or refused", () => {
  let raised = 0;
  fc.assert(
    fc.property(story, (told) => {
      const world = site(told.seed, { metered: told.seed % 2 === 0 });
      live(world, told);
      raised += world.orders;
      assert(world.worst_excess <= 1e-6, `${world.worst_excess} A too much`);
    }),
    { numRuns: 30, endOnFailure: true },
  );
  assertGreater(raised, 300, "and gives current: about 1,000 orders");
});

Deno.test("the world of that test shows a gateway that forgets its worst case at a restart", () => {
  const result = fc.check(
    fc.property(story, (told) => {
      const world = site(told.seed, { forgets_at_restart: true });
      live(world, told);
      assert(world.worst_excess <= 1e-6);
    }),
    { numRuns: 500, endOnFailure: true },
  );
  assert(result.failed);
});

Deno.test("LoadControl raises a car only when the other has followed its lower limit", () => {
  const world = pair();
  world.session(world.chargers[0]!, 1);
  assertEquals(pass(world, 30), [20, 0]);
  world.session(world.chargers[1]!, 2);
  assertEquals(pass(world, 5), [10, 0], "settling");
  assertEquals(pass(world, 20), [10, 10]);
});

Deno.test("LoadControl counts the old limit until it has run out if the answer to a lower one is lost", () => {
  const faults = { lost_answers: 0 };
  const world = pair(faults);
  world.session(world.chargers[0]!, 1);
  pass(world, 30);
  world.faults.lost_answers = 1;
  world.session(world.chargers[1]!, 2);
  assertEquals(pass(world, 60)[1], 0);
  world.faults.lost_answers = 0;
  assertEquals(pass(world, 60)[1], 10, "a later answer confirms");
});

Deno.test("LoadControl lowers a car that follows its limits, but whose answers are lost", () => {
  const world = pair();
  world.session(world.chargers[0]!, 1);
  pass(world, 30);
  world.faults.lost_answers = 1;
  world.limit("site", 12, 10_000);
  assertEquals(pass(world, 300), [12, 0]);
  world.limit("site", 5, 10_000);
  assertEquals(pass(world, 300), [0, 0], "too little for a car");
});

Deno.test("LoadControl resumes a car whose pause was never answered", () => {
  const world = pair();
  world.session(world.chargers[0]!, 1);
  pass(world, 30);
  world.faults.lost_answers = 1;
  world.limit("site", 5, 60);
  pass(world, 10);
  world.faults.lost_requests = 1;
  assertEquals(pass(world, 180), [0, 0]);
  world.faults.lost_answers = world.faults.lost_requests = 0;
  assertEquals(pass(world, 120), [20, 0]);
});

Deno.test("LoadControl leaves a car that is away its fail-safe limit once its limit has run out", () => {
  const world = pair();
  world.session(world.chargers[0]!, 1);
  pass(world, 30);
  world.link(world.chargers[0]!, false);
  world.session(world.chargers[1]!, 2);
  assertEquals(pass(world, 60)[1], 0, "it may still draw 20 A");
  assertEquals(pass(world, 60)[1], 20);
});

Deno.test("LoadControl has cars wait in turn where there is no room for all, and rotates them", () => {
  const world = pair();
  (world.circuits[0] as { max_current_a: number }).max_current_a = 10;
  world.session(world.chargers[0]!, 1);
  world.session(world.chargers[1]!, 2);
  assertEquals(pass(world, 200), [10, 0]);
  assertEquals(world.control.connectors.get("B/1")!.reason, "waits");
  assertEquals(pass(world, 200), [0, 10], "after the rotation time");
});

Deno.test("LoadControl gives what a car does not take to the others, and back when it wants more", () => {
  const world = pair();
  for (const [index, charger] of world.chargers.entries()) world.session(charger, index + 1);
  assertEquals(pass(world, 60), [10, 10]);
  const draws = (amperes: number, seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      const { demand, budget } = world.control.connectors.get("A/1")!;
      const drawn = Math.min(amperes, budget.confirmed_a ?? 0);
      demand.take([drawn, drawn, drawn], world.at * 1000, { by_phase: true, limit_a: budget.confirmed_a });
      world.pass();
    }
    return pass(world, 0);
  };
  assertEquals(draws(6, 120), [7, 13]);
  assertEquals(draws(16, 60), [10, 10]);
});

Deno.test("LoadControl holds a limit from outside, says whose it is, and gives back what it took when it ends", () => {
  const world = pair();
  for (const [index, charger] of world.chargers.entries()) world.session(charger, index + 1);
  assertEquals(pass(world, 60), [10, 10]);
  world.limit("site", 13, 100);
  assertEquals(pass(world, 20), [6.5, 6.5]);
  const { reason, reason_values } = world.control.connectors.get("A/1")!;
  assertEquals([reason, reason_values], ["outside", {
    circuit: "site",
    source: "EMS",
    until: new Date(160_000).toISOString(),
  }]);
  world.limit("site", 30, 60);
  assertEquals(pass(world, 40), [10, 10], "the lowest holds");
  assertEquals(world.control.connectors.get("A/1")!.reason, "shares");
  world.limit("site", 0, 30);
  assertEquals(pass(world, 25), [0, 0]);
  assertEquals(world.control.connectors.get("B/1")!.reason, "outside");
  pass(world, 10);
  const { reason: pause, reason_values: { until } } = world.control.connectors.get("B/1")!;
  assertEquals([pause, until], ["paused", new Date((world.at + 26) * 1000).toISOString()]);
  assertEquals(pass(world, 100), [10, 10], "after the pause of TIMES.dwell_s");
});

Deno.test("LoadControl has chargers below a scheduled limit when it begins, and names it as the reason", () => {
  const world = pair();
  Object.assign(world.circuits[0]!, { schedule: [scheduled(10, 20, 12)] });
  for (const [index, charger] of world.chargers.entries()) world.session(charger, index + 1);
  assertEquals(pass(world, 480), [10, 10]);
  assertEquals(pass(world, 30), [6, 6], "the longest that a limit may be in force comes first");
  const { reason, reason_values } = world.control.connectors.get("A/1")!;
  assertEquals([reason, reason_values.until], ["schedule", "1970-01-01T00:20:00.000Z"]);
  assertEquals(pass(world, 690), [6, 6]);
  assertEquals(pass(world, 60), [10, 10]);
  assertEquals(world.control.connectors.get("A/1")!.reason, "shares");
});

Deno.test("LoadControl falls to the fail-safe limits while the meter is silent, and lowers at once for other loads", () => {
  const world = pair();
  Object.assign(world.circuits[0]!, { meter: { kind: "push" }, max_current_a: 40 });
  world.session(world.chargers[0]!, 1);
  assertEquals(pass(world, 30)[0], 0);
  const measured = (base: number, seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      const { demand, budget } = world.control.connectors.get("A/1")!;
      const drawn = budget.confirmed_a ?? 0;
      demand.take([drawn, drawn, drawn], world.at * 1000, { by_phase: true, limit_a: null });
      world.control.measure("site", [base + drawn, drawn, drawn], world.at * 1000);
      world.pass();
    }
    return pass(world, 0)[0];
  };
  assertEquals(measured(10, 40), 30);
  assertEquals(measured(25, 3), 15, "within three seconds");
  assertEquals(measured(10, 25), 15, "a fall is believed later");
  assertEquals(measured(10, 60), 30);
  assertEquals(pass(world, 60)[0], 0, "silent");
});

Deno.test("LoadControl sends a limit again whose answer was lost, before it runs out", () => {
  const world = pair({ lost_answers: 0 });
  world.session(world.chargers[0]!, 1);
  pass(world, 55);
  world.faults.lost_answers = 1;
  pass(world, 10);
  world.faults.lost_answers = 0;
  const drawn = Array.from({ length: 150 }, () => {
    world.pass();
    return world.chargers[0]!.allowed(0);
  });
  assertEquals([...new Set(drawn)], [20]);
});

Deno.test("LoadControl does not take a car that begins to draw more for another load", () => {
  const world = pair();
  Object.assign(world.circuits[0]!, { meter: { kind: "push" }, max_current_a: 40 });
  world.session(world.chargers[0]!, 1);
  const measured = (drawn: number, seconds: number, reports: boolean) => {
    for (let second = 0; second < seconds; second++) {
      const { demand } = world.control.connectors.get("A/1")!;
      if (reports) demand.take([drawn, drawn, drawn], world.at * 1000, { by_phase: true, limit_a: null });
      world.control.measure("site", [10 + drawn, 10 + drawn, 10 + drawn], world.at * 1000);
      world.pass();
    }
    return pass(world, 0)[0];
  };
  world.pass();
  assertEquals(measured(8, 40, true), 30);
  measured(28, 5, false);
  assertEquals(world.control.moment(world.at * 1000, 0).available[0], 10, "it may be another load");
  measured(28, 1, true);
  assertEquals(world.control.moment(world.at * 1000, 0).available[0], 30);
});

Deno.test("LoadControl raises by less than an ampere where a message is due in any case", () => {
  const world = pair();
  world.session(world.chargers[0]!, 1);
  assertEquals(pass(world, 40)[0], 20);
  Object.assign(world.circuits[0]!, { max_current_a: 20.6 });
  assertEquals(pass(world, 1)[0], 20);
  assertEquals(pass(world, 60)[0], 20.6);
});

Deno.test("LoadControl counts a limit for longer where the clock by which its charger measures it was set back", () => {
  const world = pair();
  const [a, b] = world.chargers as [SimulatedCharger, SimulatedCharger];
  world.session(a, 1);
  pass(world, 30);
  for (const clocked of [world, a, b]) clocked.clock = -600;
  world.link(a, false);
  world.session(b, 2);
  pass(world, 530);
  assertEquals([a.allowed(0), b.allowed(0)], [20, 0], "the first has its limit again, by its clock");
  pass(world, 300);
  assertEquals([a.allowed(0), b.allowed(0)], [0, 20]);
  assert(world.worst_excess <= 1e-6);
});
