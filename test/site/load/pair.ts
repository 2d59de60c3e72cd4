// Two cars on one fuse, for cases.
import { circuit, type Faults, SimulatedCharger, World } from "./world.ts";

/** Two cars of three phases on 20 A, on perfect wires. */
export function pair(more: Partial<Faults> = {}): World {
  const facts = { circuit: "site", phases: 3, phase_rotation: "RST", min_a: 6, max_a: 32, failsafe_a: 0 };
  const chargers = ["A/1", "B/1"].map((id) => new SimulatedCharger(id, "obeys", facts, [0, 1, 2]));
  const none = { random: () => 0.5, lost_requests: 0, lost_answers: 0, slowest: 0 };
  return new World([circuit({ max_current_a: 20 })], chargers, { ...none, ...more });
}

/** Lets time pass; returns the limits that the chargers have, A. */
export function pass(world: World, seconds: number): number[] {
  for (let second = 0; second < seconds; second++) world.pass();
  return world.chargers.map((charger) => charger.limit?.amperes ?? 0);
}
