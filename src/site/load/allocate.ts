// The shares of connectors in what circuits have: weighted max-min fairness with a minimum below which a car waits.
import { addUse, roomFor, type Uses } from "./constraints.ts";

/** A connector that wants current. All currents are A a phase. */
export interface Candidate {
  uses: Uses;
  /** The current that it may draw in any case; its share is never less. */
  floor_a: number;
  /** Below it it waits. */
  min_a: number;
  max_a: number;
  /** The charger's step. */
  step_a: number;
  /** Its part where it shares with others. */
  weight: number;
  /** True: it gets all that those before it leave, in place of a share. */
  in_turn: boolean;
  /** True: it wants nothing now, and gets its minimum of what all others leave. */
  asleep: boolean;
}

const EPSILON = 1e-9;

/**
 * Returns the share of each candidate, A a phase; one that waits has its floor. They are admitted in their order while
 * each has its minimum; then those in turn take what there is, one after the other, and the others rise together
 * until a constraint or their maximum is reached (water-filling). `room` is what the constraints have left; it is used up.
 */
export function allocate(candidates: readonly Candidate[], room: Float64Array): Float64Array {
  const given = Float64Array.from(candidates, ({ floor_a }) => floor_a);
  for (const { uses, floor_a } of candidates) addUse(room, uses, -floor_a);
  const filling = { candidates, given, room };
  const indexes = [...candidates.keys()];
  const admitted = admit(indexes.filter((index) => !candidates[index]!.asleep), filling);
  for (const index of admitted.filter((index) => candidates[index]!.in_turn)) {
    const { uses, max_a } = candidates[index]!;
    take(Math.min(max_a - given[index]!, roomFor(room, uses)), { index, ...filling });
  }
  fill(admitted.filter((index) => !candidates[index]!.in_turn), filling);
  admit(indexes.filter((index) => candidates[index]!.asleep), filling);
  for (let index = 0; index < given.length; index++) {
    const { step_a, floor_a } = candidates[index]!;
    given[index] = Math.max(floor_a, floorTo(given[index]!, step_a));
  }
  return given;
}

/** Rounds down to a charger's step; a sum of steps is itself. */
export function floorTo(amperes: number, step: number): number {
  return Math.round(Math.floor(amperes / step + 1e-6) * step * 100) / 100;
}

interface Filling {
  candidates: readonly Candidate[];
  given: Float64Array;
  room: Float64Array;
}

/** Gives the minimum to those for whom there is room, in order; returns their indexes. */
function admit(indexes: readonly number[], filling: Filling): number[] {
  const { candidates, room } = filling;
  return indexes.filter((index) => {
    const { uses, min_a, max_a, floor_a } = candidates[index]!;
    const more = Math.max(0, min_a - floor_a);
    if (max_a < min_a - EPSILON || more > 0 && roomFor(room, uses) < more - EPSILON) return false;
    take(more, { index, ...filling });
    return true;
  });
}

function take(more: number, { index, candidates, given, room }: Filling & { index: number }): void {
  if (!(more > 0)) return;
  given[index]! += more;
  addUse(room, candidates[index]!.uses, -more);
}

/** Raises the level of all open candidates together; each follows it from its minimum to its maximum. */
function fill(admitted: readonly number[], filling: Filling): void {
  const { candidates, given, room } = filling;
  const rising = new Rising(admitted, filling);
  const joins = admitted.toSorted((a, b) => levelOf(given[a]!, a) - levelOf(given[b]!, b));
  const ends = admitted.toSorted((a, b) =>
    levelOf(candidates[a]!.max_a, a) - levelOf(candidates[b]!.max_a, b)
  );
  function levelOf(amperes: number, index: number): number {
    return amperes / candidates[index]!.weight;
  }
  const started = Float64Array.from(given);
  let level = 0, joined = 0, ended = 0;
  for (;;) {
    const nextJoin = joined < joins.length ? levelOf(started[joins[joined]!]!, joins[joined]!) : Infinity;
    const nextEnd = ended < ends.length ? levelOf(candidates[ends[ended]!]!.max_a, ends[ended]!) : Infinity;
    const { constraint, rise } = rising.nextFull(room);
    const next = Math.min(nextJoin, nextEnd, level + rise);
    if (!(next < Infinity) || (joined === joins.length && rising.open === 0)) return;
    rising.rise(Math.max(0, next - level), room);
    level = Math.max(level, next);
    if (next === nextJoin) rising.join(joins[joined++]!, level);
    else if (next === nextEnd) rising.leave(ends[ended++]!, level);
    else rising.leaveFull(constraint, level);
  }
}

/** The candidates that rise with the level, and the weight that each constraint carries of them. */
class Rising {
  open = 0;
  readonly #filling: Filling;
  readonly #weights: Float64Array;
  readonly #members: number[][];
  readonly #isOpen: Uint8Array;
  /** Constraints with members. */
  readonly #used: number[];

  constructor(admitted: readonly number[], filling: Filling) {
    this.#filling = filling;
    this.#weights = new Float64Array(filling.room.length);
    this.#members = Array.from(filling.room, () => []);
    this.#isOpen = new Uint8Array(filling.candidates.length);
    for (const index of admitted) {
      for (const constraint of filling.candidates[index]!.uses.at) this.#members[constraint]!.push(index);
    }
    this.#used = [...this.#members.keys()].filter((constraint) => this.#members[constraint]!.length > 0);
  }

  /** Returns the constraint that is full first, and how far the level rises until then; Infinity: none. */
  nextFull(room: Float64Array): { constraint: number; rise: number } {
    const next = { constraint: -1, rise: Infinity };
    for (const constraint of this.#used) {
      const weight = this.#weights[constraint]!;
      if (weight <= EPSILON) continue;
      const rise = Math.max(0, room[constraint]!) / weight;
      if (rise < next.rise) [next.constraint, next.rise] = [constraint, rise];
    }
    return next;
  }

  rise(by: number, room: Float64Array): void {
    if (by === 0) return;
    for (const constraint of this.#used) room[constraint]! -= by * this.#weights[constraint]!;
  }

  join(index: number, level: number): void {
    const { uses, max_a, weight } = this.#filling.candidates[index]!;
    if (level >= max_a / weight || roomFor(this.#filling.room, uses) <= EPSILON) return;
    this.#isOpen[index] = 1;
    this.open++;
    addUse(this.#weights, uses, weight);
  }

  /** Ends the rise of a candidate at a level. */
  leave(index: number, level: number): void {
    if (!this.#isOpen[index]) return;
    const { candidates, given } = this.#filling;
    const { uses, weight, max_a } = candidates[index]!;
    this.#isOpen[index] = 0;
    this.open--;
    addUse(this.#weights, uses, -weight);
    given[index] = Math.min(max_a, Math.max(given[index]!, level * weight));
  }

  /** Ends the rise of all on a constraint that is full. */
  leaveFull(constraint: number, level: number): void {
    for (const index of this.#members[constraint]!) this.leave(index, level);
    this.#weights[constraint] = 0;
  }
}
