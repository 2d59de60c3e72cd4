// The limits of all circuits as numbered linear constraints, and what a connector uses of them.
import type { Circuit } from "../../store/store.ts";
import { chainOf } from "./circuit_tree.ts";
import { phaseCount } from "./phases.ts";

/** Constraints of a circuit: L1, L2, L3, their sum, and the six differences between two phases. */
export const PER_CIRCUIT = 10;
/** Constraints of a circuit that a fuse or a contract sets: those before the differences. */
export const HARD = 4;

const PAIRS: readonly (readonly [number, number])[] = [[0, 1], [0, 2], [1, 0], [1, 2], [2, 0], [2, 1]];

/** The use of constraints by an ampere of a connector: numbers of constraints, and how much of each. */
export interface Uses {
  at: number[];
  by: number[];
}

/** The phases that a connector may load. */
export interface LoadedPhases {
  /** Those that it may load, as bits. */
  maybe: number;
  /** Those of which it is known that it loads them, as bits. */
  surely: number;
  /** The number of phases that it may load at once. */
  count: number;
}

/** The circuits as constraints. Disabled circuits limit nothing, but pass on what is below them. */
export class Constraints {
  readonly circuits: readonly Circuit[];
  readonly #number = new Map<string, number>();
  readonly #chains = new Map<string, number[]>();

  constructor(circuits: readonly Circuit[]) {
    this.circuits = circuits;
    circuits.forEach(({ name }, number) => this.#number.set(name, number));
    const circuitOf = (name: string) => circuits[this.#number.get(name) ?? -1];
    for (const { name } of circuits) {
      this.#chains.set(name, chainOf(name, circuitOf).map((each) => this.#number.get(each.name)!));
    }
  }

  /** The number of constraints. */
  get size(): number {
    return this.circuits.length * PER_CIRCUIT;
  }

  /** Returns the numbers of a circuit and of those above it; none for an unknown one. */
  chain(name: string): readonly number[] {
    return this.#chains.get(name) ?? [];
  }

  /** Returns the topmost circuit above one. */
  root(name: string): Circuit | undefined {
    return this.circuits[this.chain(name).at(-1) ?? -1];
  }

  /** Returns what an ampere on these phases uses of the fuses and contracts on the way up. */
  hardUses(circuit: string, { maybe, count }: LoadedPhases): Uses {
    const uses: Uses = { at: [], by: [] };
    for (const number of this.chain(circuit)) {
      if (!this.circuits[number]!.enabled) continue;
      for (let phase = 0; phase < 3; phase++) {
        if (maybe >> phase & 1) add(uses, number * PER_CIRCUIT + phase, 1);
      }
      add(uses, number * PER_CIRCUIT + HARD - 1, Math.min(count, phaseCount(maybe)));
    }
    return uses;
  }

  /** Returns the same with the differences between phases that it may make. */
  allUses(circuit: string, phases: LoadedPhases): Uses {
    const uses = this.hardUses(circuit, phases);
    for (const number of this.chain(circuit)) {
      const { enabled, max_imbalance_a } = this.circuits[number]!;
      if (!enabled || max_imbalance_a === null) continue;
      PAIRS.forEach(([more, less], pair) => {
        const differs = (phases.maybe >> more & 1) === 1 && (phases.surely >> less & 1) === 0;
        if (differs) add(uses, number * PER_CIRCUIT + HARD + pair, 1);
      });
    }
    return uses;
  }
}

function add({ at, by }: Uses, constraint: number, amount: number): void {
  at.push(constraint);
  by.push(amount);
}

/** Adds `amperes` with their uses to sums by constraint. */
export function addUse(sums: Float64Array, { at, by }: Uses, amperes: number): void {
  for (let i = 0; i < at.length; i++) sums[at[i]!]! += amperes * by[i]!;
}

/** Returns the amperes for which there is room on all constraints of `uses`; Infinity without any. */
export function roomFor(room: Float64Array, { at, by }: Uses): number {
  let least = Infinity;
  for (let i = 0; i < at.length; i++) {
    const amperes = room[at[i]!]! / by[i]!;
    if (amperes < least) least = amperes;
  }
  return least;
}
