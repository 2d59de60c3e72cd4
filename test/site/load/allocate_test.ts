import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { allocate, type Candidate } from "../../../src/site/load/allocate.ts";
import { Constraints, PER_CIRCUIT } from "../../../src/site/load/constraints.ts";
import { phaseCount } from "../../../src/site/load/phases.ts";
import type { Circuit } from "../../../src/store/store.ts";
import { circuit } from "./world.ts";

const L1 = 1, L2 = 2, L3 = 4, ALL = 7;

interface Car {
  phases?: number;
  max?: number;
  min?: number;
  floor?: number;
  step?: number;
  weight?: number;
  on?: string;
  in_turn?: boolean;
  asleep?: boolean;
}

/** Allocates on circuits; `left` is what L1, L2 and L3 of the first one have. */
function shares(circuits: Circuit[], cars: Car[], left?: [number, number, number]): number[] {
  const constraints = new Constraints(circuits);
  const room = new Float64Array(constraints.size).fill(Infinity);
  circuits.forEach(({ max_current_a, max_power_w, max_imbalance_a }, number) => {
    const at = number * PER_CIRCUIT;
    for (let phase = 0; phase < 3; phase++) {
      room[at + phase] = (number === 0 ? left?.[phase] : undefined) ?? max_current_a ?? Infinity;
    }
    room[at + 3] = max_power_w === null ? Infinity : max_power_w / 230;
    for (let pair = 4; pair < PER_CIRCUIT; pair++) room[at + pair] = max_imbalance_a ?? Infinity;
  });
  const candidates = cars.map((
    {
      phases = ALL,
      max = 32,
      min = 6,
      floor = 0,
      step = 0.1,
      weight = 1,
      on,
      in_turn = false,
      asleep = false,
    },
  ): Candidate => ({
    uses: constraints.allUses(on ?? circuits[0]!.name, {
      maybe: phases,
      surely: phases,
      count: phaseCount(phases),
    }),
    floor_a: floor,
    min_a: min,
    max_a: max,
    step_a: step,
    weight,
    in_turn,
    asleep,
  }));
  return [...allocate(candidates, room)];
}

function site(max_current_a: number | null, more: Partial<Circuit> = {}): Circuit[] {
  return [circuit({ name: "site", max_current_a, ...more })];
}

Deno.test("allocate shares equally what the phases of each car have", () => {
  const equal = (count: number, car: Car = {}) => Array.from({ length: count }, () => car);
  assertEquals(shares(site(35), equal(3, { max: 16 })), [11.6, 11.6, 11.6]);
  assertEquals(shares(site(20), [L1, L2, L3].map((phases) => ({ phases }))), [20, 20, 20]);
  assertEquals(shares(site(20), equal(3, { phases: L1 })), [6.6, 6.6, 6.6]);
  assertEquals(shares(site(50), [{ max: 10 }, { max: 16 }, {}]), [10, 16, 24]);
  assertEquals(shares(site(35), equal(3, { step: 1 })), [11, 11, 11]);
  assertEquals(shares(site(32), [{ phases: L1 }, { phases: L1 }, {}]), [10.6, 10.6, 10.6]);
  const mixed = [{ phases: L1 | L2 }, { phases: L3 }, { phases: L2 }];
  assertEquals(shares(site(25), mixed), [12.5, 25, 12.5]);
});

Deno.test("allocate lets a car wait for which there is no minimum, and never gives less", () => {
  assertEquals(shares(site(20), [{}, {}, {}, {}]), [6.6, 6.6, 6.6, 0]);
  assertEquals(shares(site(25), [{ phases: L1 }, {}], [25, 25, 3]), [25, 0]);
  assertEquals(shares(site(32), [{}], [32, 25, 20]), [20]);
  assertEquals(shares(site(5.9), [{}]), [0]);
});

Deno.test("allocate holds every circuit up to the root, powers, and differences between phases", () => {
  const nested = [
    circuit({ name: "site", max_current_a: 63 }),
    circuit({ name: "garage", parent: "site", max_current_a: 20 }),
  ];
  assertEquals(shares(nested, [{ on: "garage" }, { on: "garage" }, {}, {}]), [10, 10, 21.5, 21.5]);
  assertEquals(shares(site(null, { max_power_w: 4200 }), [{}]), [6]);
  assertEquals(shares(site(63, { max_imbalance_a: 20 }), [{ phases: L1 }]), [20]);
  const two = [{ phases: L1 }, { phases: L1 }, { phases: L2 }];
  assertEquals(shares(site(63, { max_imbalance_a: 20 }), two), [10, 10, 20]);
});

Deno.test("allocate weighs, serves in turn, and counts what a car draws in any case", () => {
  assertEquals(shares(site(30), [{ weight: 10 }, { weight: 5 }, { weight: 5 }], [40, 40, 40]), [20, 10, 10]);
  assertEquals(shares(site(40), [{ in_turn: true }, { in_turn: true }, { in_turn: true }]), [28, 6, 6]);
  assertEquals(shares(site(20), [{ floor: 6 }, { floor: 6 }, { floor: 6 }]), [6.6, 6.6, 6.6]);
  assertEquals(shares(site(10), [{}, { floor: 6, max: 6 }]), [0, 6], "its floor is not another's to take");
  const asleep = { asleep: true, max: 6 };
  assertEquals(shares(site(20), [asleep, {}]), [0, 20], "one that wants nothing takes nothing from others");
  assertEquals(shares(site(20), [asleep, { max: 14 }]), [6, 14]);
});

Deno.test("allocate is max-min fair: nobody with room has less than one that could give", () => {
  const car = fc.record({
    phases: fc.constantFrom(L1, L2, L3, ALL, L1 | L2),
    max: fc.integer({ min: 6, max: 32 }),
    on: fc.constantFrom("site", "garage"),
  });
  const circuits = [
    circuit({ name: "site", max_current_a: 63 }),
    circuit({ name: "garage", parent: "site", max_current_a: 35 }),
  ];
  fc.assert(
    fc.property(fc.array(car, { maxLength: 12 }), (cars) => {
      const given = shares(circuits, cars.map((each) => ({ ...each, step: 0.01 })));
      const sum = (of: string[], phase: number) =>
        cars.reduce(
          (amperes, { on, phases }, index) =>
            of.includes(on) && phases & phase ? amperes + given[index]! : amperes,
          0,
        );
      for (const phase of [L1, L2, L3]) {
        assert(sum(["site", "garage"], phase) <= 63 + 1e-6);
        assert(sum(["garage"], phase) <= 35 + 1e-6);
      }
      cars.forEach(({ max, on, phases }, index) => {
        if (given[index] === 0 || given[index]! >= max - 0.02) {
          return;
        }
        const isFull = (of: string[], limit: number) =>
          [L1, L2, L3].some((phase) =>
            phases & phase && sum(of, phase) > limit - 0.5 &&
            cars.every((other, i) =>
              !(of.includes(other.on) && other.phases & phase) ||
              given[i]! <= Math.max(6, given[index]!) + 0.02
            )
          );
        assert(
          isFull(["site", "garage"], 63) || on === "garage" && isFull(["garage"], 35),
          `car ${index}: ${given}`,
        );
      });
    }),
    { numRuns: 300 },
  );
});
