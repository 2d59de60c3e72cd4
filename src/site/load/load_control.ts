// The control of all circuits: from facts, meters and answers it makes the orders to chargers. It sends nothing itself, and
// an order that raises a limit is made only when the worst case of all connectors leaves room for it.
import type { Circuit } from "../../store/store.ts";
import { allocate, type Candidate } from "./allocate.ts";
import { type BudgetTimes, SETTLE_MS, SKEW_MS } from "./budget.ts";
import { addUse, Constraints, PER_CIRCUIT } from "./constraints.ts";
import type { SupplyLimit } from "./feed_reading.ts";
import { explain } from "./limited_by.ts";
import { type ConnectorFacts, ManagedConnector } from "./managed_connector.ts";
import type { LoadTimes, Moment } from "./moment.ts";
import { type Order, ordersFor, switchOrders } from "./orders.ts";
import type { PhaseCurrents } from "./phases.ts";
import { SiteClock } from "./site_clock.ts";
import { Supply } from "./supply.ts";
import { Surplus } from "./surplus.ts";
import { queueOf } from "./turns.ts";

/** The answer to an order. `unknown`: there was none, or it says nothing. */
export type Outcome = "accepted" | "refused" | "unknown";

const RETRY_MS = 10_000;

/** Load management without wires. Times are monotonic, ms; `wall` is ms since 1970. */
export class LoadControl {
  readonly #times: () => LoadTimes;
  readonly #connectors = new Map<string, ManagedConnector>();
  readonly #supplies = new Map<string, Supply>();
  #constraints = new Constraints([]);
  /** The lead of the wall clock over the monotonic one, ms. */
  #lead_ms = -Infinity;
  #clock = new SiteClock("UTC");

  constructor(times: () => LoadTimes) {
    this.#times = times;
  }

  /** Sets the circuits. */
  setCircuits(circuits: readonly Circuit[]): void {
    const before = this.#constraints.circuits;
    if (before.length === circuits.length && circuits.every((circuit, at) => circuit === before[at])) return;
    this.#constraints = new Constraints(circuits);
    for (const { name } of circuits) if (!this.#supplies.has(name)) this.#supplies.set(name, new Supply());
    for (const name of this.#supplies.keys()) {
      if (!circuits.some((circuit) => circuit.name === name)) this.#supplies.delete(name);
    }
  }

  /** Returns the supply of a circuit. */
  supply(name: string): Supply | undefined {
    return this.#supplies.get(name);
  }

  /** Returns the name of the topmost circuit above each. */
  roots(): Map<string, string> {
    return new Map(this.#constraints.circuits.map(({ name }) => [name, this.#constraints.root(name)!.name]));
  }

  /**
   * Returns the limits that hold at a circuit besides its own. Those of its schedule hold some minutes before their time:
   * until then, a charger that does not answer may have the limit that it was sent last.
   */
  limitsOf(name: string, { now, wall }: { now: number; wall: number }): SupplyLimit[] {
    const { schedule = [] } = this.#constraints.circuits.find((circuit) => circuit.name === name) ?? {};
    const clock = this.#siteClock();
    const { validity_ms, skew_ms, settle_ms } = this.#budgetTimes();
    const soon = { from: wall, to: wall + validity_ms + skew_ms + settle_ms };
    const scheduled = [...clock.within(schedule, soon)].map(({ entry: { limit_a, limit_w }, entry, at }) => {
      const until = clock.endOf(entry, at);
      const ends = until === null ? Infinity : -Infinity;
      return { kind: "schedule" as const, source: "", limit_a, limit_w, until, ends };
    });
    return [...this.#supplies.get(name)?.limits(now, wall) ?? [], ...scheduled];
  }

  #siteClock(): SiteClock {
    const { time_zone = "UTC" } = this.#times();
    if (this.#clock.time_zone !== time_zone) this.#clock = new SiteClock(time_zone);
    return this.#clock;
  }

  /** The connectors. */
  get connectors(): ReadonlyMap<string, ManagedConnector> {
    return this.#connectors;
  }

  /** Adds a connector, or takes new facts about it. */
  setConnector(id: string, facts: ConnectorFacts, now: number): ManagedConnector {
    let connector = this.#connectors.get(id);
    if (connector) connector.update(facts, now);
    else {
      connector = new ManagedConnector(id, facts, () => this.#budgetTimes());
      connector.queued_at = now;
      this.#connectors.set(id, connector);
    }
    return connector;
  }

  /** Removes a connector. */
  removeConnector(id: string): void {
    this.#connectors.delete(id);
  }

  /** Takes what a circuit's meter measured; `net_a`: the sum of the phases, where a single value counts on each. */
  measure(
    circuit: string,
    measured: PhaseCurrents,
    now: number,
    { net_a = measured[0] + measured[1] + measured[2] }: { net_a?: number } = {},
  ): void {
    const chargers: PhaseCurrents = [0, 0, 0];
    const rising: PhaseCurrents = [0, 0, 0];
    const number = this.#constraints.circuits.findIndex(({ name }) => name === circuit);
    const supply = this.#supplies.get(circuit);
    let oldest = now;
    let all_told = true;
    for (const connector of this.#connectors.values()) {
      const { facts, demand } = connector;
      if (!this.#constraints.chain(facts.circuit).includes(number)) continue;
      const drawn = demand.certain(now, connector.worst(now));
      const { maybe } = demand.phases();
      const rise_a = connector.rising(now);
      for (let phase = 0; phase < 3; phase++) {
        chargers[phase]! += drawn[phase]!;
        if (maybe >> phase & 1) rising[phase]! += rise_a;
      }
      if (demand.rise) supply?.base.explain(demand.rise);
      all_told &&= facts.session === null || demand.isFresh(now);
      if (demand.draws) oldest = Math.min(oldest, demand.drawn_at);
    }
    supply?.base.take(measured, { drawn: chargers, rising, oldest, all_told }, now);
    if (supply) supply.net_a = net_a;
  }

  /** Takes the answer to an order. */
  answered(id: string, number: number, outcome: Outcome, now: number): void {
    const connector = this.#connectors.get(id);
    if (!connector) return;
    if (outcome === "accepted") {
      connector.budget.accepted(number, now);
      connector.is_stuck = false;
    } else {
      if (outcome === "refused") connector.budget.refused(number);
      else connector.budget.unanswered(number);
      connector.is_stuck = true;
      connector.retry_at = now + RETRY_MS;
    }
  }

  /** Returns the sums of a moment. */
  moment(now: number, wall: number): Moment {
    const constraints = this.#constraints;
    const worst = new Float64Array(constraints.size);
    const floors = new Float64Array(constraints.size);
    for (const connector of this.#connectors.values()) {
      const uses = connector.hardUses(constraints);
      addUse(worst, uses, connector.worst(now));
      addUse(floors, uses, connector.floor_a);
    }
    const kept = new Float64Array(constraints.size);
    const available = new Float64Array(constraints.size).fill(Infinity);
    const likely = new Float64Array(constraints.size).fill(Infinity);
    constraints.circuits.forEach((circuit, number) => {
      const limits = this.limitsOf(circuit.name, { now, wall });
      const of = { at: number * PER_CIRCUIT, floors, now, limits };
      const supply = this.#supplies.get(circuit.name);
      kept.set(supply?.kept(circuit, now) ?? [], of.at);
      supply?.write(available, circuit, of);
      if (circuit.meter) supply?.write(likely, circuit, { ...of, likely: true });
      else likely.set(available.subarray(of.at, of.at + PER_CIRCUIT), of.at);
    });
    const room = available.map((has, at) => has - worst[at]!);
    return { now, wall, constraints, available, likely, kept, room, times: this.#times() };
  }

  /**
   * Decides: returns the orders to send now, those that lower before those that raise. Each is counted in the budget as
   * if it was sent; the caller sends it, and tells the answer.
   */
  decide(now: number, wall: number): Order[] {
    this.#noteClock(now, wall);
    for (const connector of this.#connectors.values()) {
      connector.budget.lapse(now);
      connector.settle(now);
      connector.demand.probe(now);
    }
    const moment = this.moment(now, wall);
    for (const connector of this.#connectors.values()) connector.noteOver(this.#isOver(connector), now);
    const switched = switchOrders([...this.#connectors.values()], moment);
    const queue = queueOf([...this.#connectors.values()], moment);
    this.#shareSurplus(queue, now);
    this.#setGoals(queue, moment);
    return [...switched, ...ordersFor(queue, moment)];
  }

  /** Shares the export of each feed, the topmost circuit with a meter, among the cars below it that charge from it alone. */
  #shareSurplus(queue: readonly ManagedConnector[], now: number): void {
    const cars = queue.filter(({ facts: { surplus_floor_a } }) => (surplus_floor_a ?? null) !== null);
    for (const car of queue) car.surplus = null;
    const { circuits } = this.#constraints;
    const feedOf = ({ facts: { circuit } }: ManagedConnector) =>
      this.#constraints.chain(circuit).findLast((number) => circuits[number]!.meter !== null);
    for (const [number, fed] of Map.groupBy(cars, feedOf)) {
      const circuit = circuits[number ?? -1];
      const supply = circuit && this.#supplies.get(circuit.name);
      if (supply) supply.surplus.share(fed, supply.flow(circuit, now), now);
      else new Surplus().share(fed, null, now);
    }
  }

  #isOver({ facts: { circuit } }: ManagedConnector): boolean {
    const { circuits } = this.#constraints;
    return this.#constraints.chain(circuit).some((number) =>
      this.#supplies.get(circuits[number]!.name)?.is_over
    );
  }

  /** Chargers count a limit's time by clocks that follow the gateway's. */
  #noteClock(now: number, wall: number): void {
    const back = this.#lead_ms - (wall - now);
    this.#lead_ms = wall - now;
    if (back < SKEW_MS) return;
    for (const { budget } of this.#connectors.values()) budget.setBack(back, now);
  }

  #setGoals(queue: ManagedConnector[], { now, wall, constraints, likely, times }: Moment): void {
    const room = Float64Array.from(likely);
    for (const connector of this.#connectors.values()) {
      if (connector.is_candidate) continue;
      addUse(room, connector.hardUses(constraints), -connector.worst(now));
      connector.goal_a = connector.floor_a;
      connector.explain(idleReason(connector));
    }
    const candidates = queue.map((connector) => candidateOf(connector, { now, constraints, times }));
    const shares = allocate(candidates, room);
    queue.forEach((connector, index) => setGoal(connector, shares[index]!, candidates[index]!.max_a));
    const limitsOf = (name: string) => this.limitsOf(name, { now, wall });
    explain(queue, { now, wall, constraints, room, limitsOf });
    for (const connector of queue) {
      const left = connector.pauseLeft(now, times.dwell_s * 1000);
      if (connector.reason !== "waits" || left <= 0) continue;
      connector.explain("paused", { until: new Date(wall + left).toISOString() });
    }
  }

  #budgetTimes(): BudgetTimes {
    return { validity_ms: this.#times().validity_s * 1000, skew_ms: SKEW_MS, settle_ms: SETTLE_MS };
  }
}

/** A charger that has not accepted its last limit keeps the most that may be in force. */
function candidateOf(
  connector: ManagedConnector,
  { now, constraints, times }: Pick<Moment, "now" | "constraints" | "times">,
): Candidate {
  const { facts: { min_a, step_a, priority, circuit, sleeping } } = connector;
  const floor_a = connector.is_stuck || connector.is_late ? connector.worst(now) : connector.floor_a;
  const is_paused = connector.pauseLeft(now, times.dwell_s * 1000) > 0;
  const { amperes } = connector.most();
  const policy = constraints.root(circuit)?.policy;
  return {
    uses: connector.allUses(constraints),
    floor_a,
    min_a,
    max_a: is_paused ? floor_a : Math.max(floor_a, amperes),
    step_a,
    weight: policy === "priority" ? priority + 1 : 1,
    in_turn: policy === "first_come",
    asleep: sleeping,
  };
}

function setGoal(connector: ManagedConnector, share: number, most: number): void {
  connector.goal_a = connector.is_stuck ? Math.min(connector.goal_a, share) : share;
  const { amperes, reason, values } = connector.most();
  const waits = share < connector.facts.min_a - 1e-6;
  const is_capped = waits ? amperes < connector.facts.min_a : share >= most - 0.05;
  if (is_capped) connector.explain(reason, values);
  else connector.explain(waits ? "waits" : "shares");
}

function idleReason(
  { facts: { blocked, takes_limits, connected, failsafe_holds, session } }: ManagedConnector,
): string {
  if (blocked) return "no_room";
  if (!takes_limits) return "takes_no_limit";
  if (!connected) return "not_reached";
  if (!failsafe_holds) return "failsafe_missing";
  return session === null ? "idle" : "shares";
}
