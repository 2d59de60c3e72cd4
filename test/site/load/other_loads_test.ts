// Other loads on a circuit with a meter: rises that cars make, answers that are missing, and what is kept free.
import { assert, assertEquals } from "@std/assert";
import { pair, pass } from "./pair.ts";
import type { World } from "./world.ts";

const METER = { kind: "push" };
const DAY_S = 86_400;

/** Two cars that charge on 40 A, which other loads are on. */
function metered(more: Record<string, unknown> = {}): World {
  const world = pair();
  Object.assign(world.circuits[0]!, { meter: METER, max_current_a: 40, ...more });
  world.options.metered = true;
  world.load([10, 10, 10]);
  for (const [index, charger] of world.chargers.entries()) world.session(charger, index + 1);
  return world;
}

/** Returns the highest flow on L1 in some seconds, A. */
function highest(world: World, seconds: number): number {
  let most = 0;
  for (let second = 0; second < seconds; second++) {
    world.pass();
    most = Math.max(most, world.base[0] + world.sum("site", 0));
  }
  return most;
}

Deno.test("LoadControl lowers nobody for a car that follows its raised limit between two reports", () => {
  const world = metered();
  assertEquals(pass(world, 60), [15, 15]);
  world.load([0, 0, 0]);
  let lowest = 15;
  for (let second = 0; second < 240; second++) lowest = Math.min(lowest, ...pass(world, 1));
  assertEquals([lowest, ...pass(world, 0)], [15, 20, 20]);
});

Deno.test("LoadControl has the others give way within seconds to a car that does not answer while there is too much", () => {
  const world = metered();
  assertEquals(pass(world, 60), [15, 15]);
  const silent = world.chargers[1]!;
  const link = () => world.link(silent, false);
  world.load([16, 16, 16]);
  link();
  silent.online = true; // it is still connected, but what is sent to it is lost
  silent.take = () => null;
  assertEquals(pass(world, 20), [9, 15]);
  assert(world.base[0] + world.sum("site", 0) <= 40);
});

Deno.test("LoadControl keeps free what a circuit is told to, so that a rise of other loads exceeds nothing", () => {
  const reacts = metered();
  pass(reacts, 60);
  reacts.load([20, 20, 20]);
  assertEquals(highest(reacts, 30), 50);
  const keeps = metered({ reserve_a: 10 });
  assertEquals(pass(keeps, 60), [10, 10]);
  keeps.load([20, 20, 20]);
  assertEquals(highest(keeps, 30), 40);
  assertEquals(pass(keeps, 60), [10, 0], "10 A are kept free again: room for one car");
});

Deno.test("LoadControl keeps nothing free above the highest other loads of the last days", () => {
  const world = metered({ reserve_a: 10 });
  world.load([12, 12, 12]);
  pass(world, 300);
  world.load([10, 10, 10]);
  world.at += DAY_S;
  assertEquals(pass(world, 120), [13.5, 13.5], "40 - 12 - 1 A for two");
});
