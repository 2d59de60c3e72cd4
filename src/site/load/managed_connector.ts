// A connector under load management: its facts, its budget, the demand of its car, and its turn.
import { Budget, type BudgetTimes, SETTLE_MS } from "./budget.ts";
import type { Constraints, LoadedPhases, Uses } from "./constraints.ts";
import { Demand } from "./demand.ts";

/** The facts about a connector that decisions depend on. Currents are A a phase. */
export interface ConnectorFacts {
  circuit: string;
  phases: number;
  phase_rotation: string | null;
  min_a: number;
  max_a: number;
  /** Its limit while it cannot be reached. */
  failsafe_a: number;
  /** True: the fail-safe limit is in the charger. */
  failsafe_holds: boolean;
  /** False: it takes no limit, and is switched in place of that. */
  takes_limits: boolean;
  /** True: it is out of service for certain. */
  blocked: boolean;
  priority: number;
  step_a: number;
  connected: boolean;
  /** The running session; null: none. */
  session: number | null;
  /** True: the car has wanted nothing for long. */
  sleeping: boolean;
  /** The lowest cap besides its share, such as an operator's own profile; null: none. */
  cap_a: number | null;
  /** A code for the reason of the cap. */
  cap_reason: string | null;
  /** A that it may have without surplus; null or left out: it does not wait for surplus. */
  surplus_floor_a?: number | null;
}

/** The subjects of a reason: names, A, times. */
export type ReasonValues = Record<string, string | number | null>;

/** Time in which a car follows a raised limit, and its charger reports that, which most do every minute at least, ms. */
const FOLLOWS_MS = 75_000;

/** Time after which the others give way to a charger that has not answered, where there is too much flow, ms. */
const LATE_MS = 3_000;

/** A managed connector. Times are monotonic, ms. */
export class ManagedConnector {
  readonly id: string;
  readonly budget: Budget;
  facts: ConnectorFacts;
  demand: Demand;
  /** Place in the queue: those with the lowest come first. */
  queued_at = 0;
  /** Since when it has its minimum or more. */
  running_since: number | null = null;
  paused_at = -Infinity;
  raised_at = -Infinity;
  /** The time of the last limit that was another one. */
  changed_at = -Infinity;
  /** The cap of a car that charges from the surplus alone. */
  surplus: { cap_a: number; reason: string; values: ReasonValues } | null = null;
  /** Not before this is it tried again. */
  retry_at = -Infinity;
  /** True: it has not accepted its last limit. */
  is_stuck = false;
  /** True: it has not answered for seconds while a meter above it shows too much. */
  is_late = false;
  /** Since when it could have more. */
  wanting_since: number | null = null;
  switched_at = -Infinity;
  /** Its share by the last decision, A. */
  goal_a = 0;
  /** A code for the reason of its share, and the subjects of that. */
  reason = "idle";
  reason_values: ReasonValues = {};
  #uses: { phases: LoadedPhases; circuit: string; constraints: Constraints; hard: Uses; all: Uses } | null =
    null;

  constructor(id: string, facts: ConnectorFacts, times: () => BudgetTimes) {
    this.id = id;
    this.facts = facts;
    this.budget = new Budget(times);
    this.demand = new Demand(facts);
  }

  /** Takes new facts; a new session begins with what is known about its wiring only. */
  update(facts: ConnectorFacts, now: number): void {
    const before = this.facts;
    this.facts = facts;
    const rewired = before.phases !== facts.phases || before.phase_rotation !== facts.phase_rotation;
    if (facts.session !== before.session || rewired) this.demand = new Demand(facts);
    if (facts.session !== before.session) {
      this.queued_at = now;
      this.running_since = null;
      this.paused_at = -Infinity;
      this.retry_at = -Infinity;
      this.is_stuck = false;
    }
  }

  /** Returns for how long a pause goes on at least that lasts `dwell_ms`, ms; 0 or less: it is over. */
  pauseLeft(now: number, dwell_ms: number): number {
    return this.paused_at + dwell_ms - now;
  }

  /** Sets the reason of its share. */
  explain(reason: string, values: ReasonValues = {}): void {
    this.reason = reason;
    this.reason_values = values;
  }

  /** The most that it draws without a limit of ours in force, A. */
  get floor_a(): number {
    const { blocked, failsafe_holds, failsafe_a, max_a } = this.facts;
    if (blocked) return 0;
    return failsafe_holds ? Math.min(failsafe_a, max_a) : max_a;
  }

  /** Returns the most that it may draw by what is known for certain, A. */
  worst(now: number): number {
    if (this.facts.blocked) return 0;
    return Math.max(this.floor_a, Math.min(this.facts.max_a, this.budget.worst(now)));
  }

  /** True: it has a car to which a limit can be given. */
  get is_candidate(): boolean {
    const { session, connected, takes_limits, blocked } = this.facts;
    return session !== null && connected && takes_limits && !blocked;
  }

  /** The limit that it has, A. */
  get current_a(): number {
    return Math.max(this.floor_a, this.budget.sent_a ?? 0);
  }

  /** Returns the most that it may draw once the car has followed its last limit, A. */
  soon(now: number): number {
    return this.is_stuck || this.is_late || !this.is_candidate ? this.worst(now) : this.current_a;
  }

  /** Limits that were not accepted have run out: what it may draw now is certain again. */
  settle(now: number): void {
    if (this.is_stuck && this.worst(now) <= this.floor_a + 1e-6) this.is_stuck = false;
  }

  /** Notes whether a meter above it shows too much: then an answer that takes long is not waited for. */
  noteOver(is_over: boolean, now: number): void {
    this.is_late = is_over && this.budget.waiting !== null && now - this.budget.sent_at > LATE_MS;
  }

  /** Returns by how much its car may draw more than it has told, since its limit was raised just before, A. */
  rising(now: number): number {
    const { drawn_at, drawn_a } = this.demand;
    const { changed_at } = this;
    if (now - changed_at > FOLLOWS_MS || drawn_at - changed_at > SETTLE_MS) return 0;
    return Math.max(0, this.current_a - Math.max(0, ...drawn_a ?? []));
  }

  /** True: a message to it has no answer yet, or it is too early to try again. */
  isBusy(now: number): boolean {
    return this.budget.waiting !== null || now < this.retry_at;
  }

  /** Returns what an ampere of it uses of fuses and contracts. */
  hardUses(constraints: Constraints): Uses {
    return this.#usesOf(constraints).hard;
  }

  /** Returns the same with the differences between phases. */
  allUses(constraints: Constraints): Uses {
    return this.#usesOf(constraints).all;
  }

  /** The uses change rarely, and are asked for many times in a decision. */
  #usesOf(constraints: Constraints) {
    const { circuit } = this.facts;
    const phases = this.demand.phases();
    const last = this.#uses;
    if (last?.phases === phases && last.circuit === circuit && last.constraints === constraints) return last;
    const [hard, all] = [constraints.hardUses(circuit, phases), constraints.allUses(circuit, phases)];
    return this.#uses = { phases, circuit, constraints, hard, all };
  }

  /** Returns its maximum now, A, and a code for the reason if that is not the charger's own. */
  most(): { amperes: number; reason: string; values: ReasonValues } {
    const { max_a, cap_a, cap_reason, sleeping, min_a } = this.facts;
    const caps: [number, string][] = [[max_a, "maximum"]];
    if (cap_a !== null) caps.push([cap_a, cap_reason ?? "capped"]);
    if (this.demand.cap_a !== null) caps.push([Math.max(min_a, this.demand.cap_a), "takes_no_more"]);
    if (sleeping) caps.push([min_a, "wants_nothing"]);
    if (this.surplus) caps.push([this.surplus.cap_a, this.surplus.reason]);
    const [amperes, reason] = caps.reduce((least, cap) => cap[0] < least[0] ? cap : least);
    const values = reason === this.surplus?.reason ? this.surplus.values : {};
    return { amperes, reason, values };
  }
}
