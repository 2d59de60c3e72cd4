// Charging from the surplus alone: what a feed's meter shows as export is shared among the cars that wait for it, as caps.
import { allocate, floorTo } from "./allocate.ts";
import { SETTLE_MS } from "./budget.ts";
import type { ManagedConnector } from "./managed_connector.ts";

/** The flow through a feed: A, the sum of the phases, export negative; null: its meter is silent. `at`: monotonic, ms. */
export interface FeedFlow {
  net_a: number | null;
  at: number;
}

/** Time for which there must be enough before a car begins. */
const START_MS = 60_000;
/** Time for which there must be too little before it stops; until then it has its minimum. */
const STOP_MS = 180_000;
/** Time after which cars have followed their limits, and the meter shows it. */
const FOLLOWED_MS = SETTLE_MS + 2_000;
const FRESH_MS = 60_000;
/** The surplus by which a whole ampere more is given. */
const RAISE_A = 1.3;
const EPSILON = 1e-6;

interface Turn {
  on: boolean;
  /** Since when it should be the other way. */
  other_since: number | null;
  cap_a: number;
}

/** The surplus of one feed and those that charge from it. Times are monotonic, ms. */
export class Surplus {
  #has_a: number | null = null;
  readonly #turns = new WeakMap<ManagedConnector, Turn>();

  /** Sets the caps of the cars that charge from the surplus alone, in their order; null: there is no meter. */
  share(cars: readonly ManagedConnector[], feed: FeedFlow | null, now: number): void {
    for (const car of cars) car.surplus = null;
    this.#look(cars, feed, now);
    const queue = [...cars].sort((a, b) => Number(this.#turn(b).on) - Number(this.#turn(a).on));
    const room = Float64Array.of(this.#has_a ?? 0);
    const shares = allocate(queue.map(candidateOf), room);
    queue.forEach((car, index) => {
      const left = floorTo(Math.max(0, room[0]!) / phasesOf(car), 0.1);
      this.#cap(car, { share: shares[index]!, left, now });
      if (this.#has_a === null) this.#stop(car, feed === null ? "surplus_no_meter" : "surplus_unknown");
    });
  }

  /** The surplus is what is exported and what these cars take: known once all have followed their limits. */
  #look(cars: readonly ManagedConnector[], feed: FeedFlow | null, now: number): void {
    if (!feed || feed.net_a === null) return void (this.#has_a = null);
    const changed_at = Math.max(...cars.map((car) => car.changed_at));
    const is_settled = feed.at - changed_at >= FOLLOWED_MS &&
      cars.every(({ budget }) => budget.waiting === null);
    if (!is_settled && this.#has_a !== null) return;
    this.#has_a = Math.max(0, cars.reduce((sum, car) => sum + drawnBy(car, now), -feed.net_a));
  }

  #turn(car: ManagedConnector): Turn {
    const turn = this.#turns.get(car) ?? { on: false, other_since: null, cap_a: 0 };
    this.#turns.set(car, turn);
    return turn;
  }

  #cap(car: ManagedConnector, { share, left, now }: { share: number; left: number; now: number }): void {
    const turn = this.#turn(car);
    const { min_a } = car.facts;
    const enough = share >= min_a - EPSILON;
    turn.other_since = enough === turn.on ? null : turn.other_since ?? now;
    if (turn.other_since !== null && now - turn.other_since >= (turn.on ? STOP_MS : START_MS)) {
      turn.on = enough;
      turn.other_since = null;
    }
    const keeps = turn.cap_a >= min_a && share >= turn.cap_a && share < turn.cap_a + RAISE_A;
    turn.cap_a = !turn.on ? 0 : keeps ? turn.cap_a : Math.max(min_a, Math.floor(share + EPSILON));
    const floor_a = floorOf(car);
    const has_a = enough ? share : left;
    const waits = !turn.on && floor_a < min_a;
    car.surplus = {
      cap_a: Math.max(turn.cap_a, floor_a),
      reason: waits ? "surplus_waits" : "surplus",
      values: waits ? { has_a, needs_a: min_a } : { has_a },
    };
  }

  #stop(car: ManagedConnector, reason: string): void {
    const turn = this.#turn(car);
    Object.assign(turn, { on: false, other_since: null, cap_a: 0 });
    car.surplus = { cap_a: floorOf(car), reason, values: {} };
  }
}

function candidateOf(car: ManagedConnector) {
  const { min_a, step_a, sleeping: asleep } = car.facts;
  return {
    uses: { at: [0], by: [phasesOf(car)] },
    floor_a: 0,
    min_a,
    max_a: car.most().amperes,
    step_a,
    weight: 1,
    in_turn: false,
    asleep,
  };
}

function phasesOf({ demand }: ManagedConnector): number {
  return demand.phases().count;
}

function floorOf({ facts: { surplus_floor_a } }: ManagedConnector): number {
  return surplus_floor_a ?? 0;
}

/** Returns what a car takes, A, the sum of its phases: as measured since its limit has changed, else its limit. */
function drawnBy(car: ManagedConnector, now: number): number {
  const { demand, current_a, changed_at, facts: { min_a } } = car;
  const sum = demand.drawn_a?.reduce((sum, amperes) => sum + amperes, 0);
  const is_new = demand.drawn_at >= changed_at + SETTLE_MS && now - demand.drawn_at <= FRESH_MS;
  if (sum !== undefined && (sum === 0 || is_new)) return sum;
  return current_a < min_a - 0.05 ? 0 : Math.min(current_a, demand.cap_a ?? Infinity) * phasesOf(car);
}
