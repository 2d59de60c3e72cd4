// A world of simulated chargers for load management: what each may truly draw is kept apart from the gateway's books.
import { type ConnectorFacts, ManagedConnector } from "../../../src/site/load/managed_connector.ts";
import { LoadControl, type Outcome } from "../../../src/site/load/load_control.ts";
import { SETTLE_MS } from "../../../src/site/load/budget.ts";
import type { LoadTimes } from "../../../src/site/load/moment.ts";
import type { LimitOrder, Order } from "../../../src/site/load/orders.ts";
import type { PhaseCurrents } from "../../../src/site/load/phases.ts";
import type { Circuit } from "../../../src/store/store.ts";

/** Returns a circuit. */
export function circuit(more: Partial<Circuit>): Circuit {
  return {
    name: "site",
    parent: null,
    max_current_a: 63,
    max_power_w: null,
    policy: "equal",
    meter: null,
    meter_timeout_s: 30,
    without_meter_a: null,
    max_imbalance_a: null,
    enabled: true,
    created_at: "2026-01-01T00:00:00.000Z",
    ...more,
  };
}

/** Time by which a schedule begins before it is sent, s. */
const AHEAD_S = 60;
/** Time after which a lower limit leaves room for others, s. */
const SETTLE_S = SETTLE_MS / 1000;
/** Time for which a car may still draw what it was allowed before, s. */
const FOLLOW_S = 9;
/** Time between two reports of a charger, s. */
const REPORT_S = 10;

/** The times of the world. */
export const TIMES = { validity_s: 90, dwell_s: 60, rotation_s: 300 };

/** A charger's manner. `mute`: it never answers, and nobody knows what it does. `deaf`: it takes no limit, and says so. */
export type Manner = "obeys" | "refuses" | "mute" | "deaf";

/** A simulated charger with one connector. Times in s. */
export class SimulatedCharger {
  session: number | null = null;
  online = true;
  blocked = false;
  /** True: its car has wanted nothing for long. */
  sleeping = false;
  /** Its clock's lead, s. */
  clock = 0;
  /** The TxProfile: a limit until a time of its own clock, the fail-safe limit behind it. */
  limit: { amperes: number; from: number; until: number } | null = null;
  /** Its limits, the newest first. */
  readonly #allowed = new Float64Array(FOLLOW_S);
  #known: ConnectorFacts | null = null;

  constructor(
    readonly id: string,
    readonly manner: Manner,
    readonly facts: Pick<
      ConnectorFacts,
      "circuit" | "phases" | "phase_rotation" | "min_a" | "max_a" | "failsafe_a" | "surplus_floor_a"
    >,
    /** The phases of the supply that its cars load, 0 to 2. */
    public car_phases: readonly number[],
  ) {}

  /** Takes a limit; returns its answer, or null. */
  take(amperes: number, sent: number, validity: number): Outcome | null {
    if (this.manner === "mute") return null;
    if (this.manner !== "obeys" || this.session === null) return "refused";
    this.limit = { amperes, from: sent - AHEAD_S, until: sent + validity };
    return "accepted";
  }

  /** Goes out of service, or comes back. It says so when its car has stopped. */
  block(blocked: boolean): void {
    this.blocked = blocked;
    if (blocked) this.#allowed.fill(0);
  }

  /** A second passes. */
  pass(at: number): void {
    const { failsafe_a, max_a } = this.facts;
    const alone = this.manner === "mute" || this.manner === "deaf" ? max_a : failsafe_a;
    const time = at + this.clock;
    const own = this.limit && this.limit.from <= time && time < this.limit.until ? this.limit.amperes : alone;
    for (let ago = this.#allowed.length - 1; ago > 0; ago--) this.#allowed[ago] = this.#allowed[ago - 1]!;
    this.#allowed[0] = this.blocked ? 0 : Math.min(max_a, own);
  }

  /** The most that its car can draw now, A a phase: cars follow within ten seconds. */
  most(): number {
    return Math.max(...this.#allowed);
  }

  /** The limit that it had some seconds ago. */
  allowed(ago: number): number {
    return this.#allowed[ago]!;
  }

  /** The currents at its own L1, L2 and L3, as it reports them. */
  reported(): PhaseCurrents {
    const { phases, phase_rotation } = this.facts;
    const rotation = phase_rotation ?? "RST"[this.car_phases[0]!]!;
    return [0, 1, 2].map((conductor) =>
      conductor < phases && this.car_phases.includes("RST".indexOf(rotation[conductor]!)) ? this.most() : 0
    ) as PhaseCurrents;
  }

  /** The facts as a gateway knows them; the same object while none has changed. */
  known(): ConnectorFacts {
    const { session, online, blocked, sleeping } = this;
    const last = this.#known;
    if (
      last && last.session === session && last.connected === online && last.blocked === blocked &&
      last.sleeping === sleeping
    ) return last;
    return this.#known = this.#facts();
  }

  #facts(): ConnectorFacts {
    return {
      ...this.facts,
      failsafe_holds: this.manner === "obeys" || this.manner === "refuses",
      takes_limits: this.manner !== "deaf",
      blocked: this.blocked,
      priority: 5,
      step_a: 0.1,
      connected: this.online,
      session: this.session,
      sleeping: this.sleeping,
      cap_a: null,
      cap_reason: null,
    };
  }
}

interface Letter {
  at: number;
  run: () => void;
}

/** The faults of the wires, drawn by a seeded generator. */
export interface Faults {
  random: () => number;
  lost_requests: number;
  lost_answers: number;
  /** Part of the limits that a charger refuses, though it obeys the others. */
  refused?: number;
  /** s. */
  slowest: number;
}

/** The manner of a world. */
export interface WorldOptions {
  forgets_at_restart?: boolean;
  /** The first circuit has a meter. */
  metered?: boolean;
  /** Chargers report what their cars draw; those of a metered world do always. */
  reports?: boolean;
  times?: LoadTimes;
  /** While nothing happens the gateway decides every so many seconds; left out: every second, as it does. */
  calm_s?: number;
}

/** Chargers, their wires, and a gateway that may be restarted. Times in s. */
export class World {
  at = 0;
  control: LoadControl;
  /** The lead of the gateway's clock, s. */
  clock = 0;
  /** True: the meter is silent. */
  is_meter_dead = false;
  base: PhaseCurrents = [0, 0, 0];
  orders = 0;
  switchings = 0;
  /** The last time at which the other loads rose. */
  #rose = -Infinity;
  /** The highest sum over the limit of a phase, ever, A; negative: it was never reached. */
  worst_excess = -Infinity;
  #letters: Letter[] = [];
  /** The connectors of the gateway that runs now. */
  #told = new Map<SimulatedCharger, ManagedConnector>();
  /** True: something has happened that a decision may follow from. */
  #is_due = true;
  /** The flow that the meter showed last. */
  #flow: PhaseCurrents = [0, 0, 0];
  /** Limits from outside by circuit. Times in s. */
  readonly #limits = new Map<string, { limit_a: number; from: number; until: number }>();
  /** Worst cases that were stored before a raise was sent. */
  readonly #stored = new Map<string, number>();

  constructor(
    readonly circuits: Circuit[],
    readonly chargers: SimulatedCharger[],
    readonly faults: Faults,
    readonly options: WorldOptions = {},
  ) {
    this.control = new LoadControl(() => this.#times);
    this.control.setCircuits(circuits);
  }

  get #times(): LoadTimes {
    return this.options.times ?? TIMES;
  }

  /** A second passes: letters arrive, chargers follow, the gateway decides. */
  pass(): void {
    this.at++;
    const now = this.at * 1000;
    if (this.#letters.some((letter) => letter.at <= this.at)) this.#deliver();
    for (const charger of this.chargers) {
      this.#tellFacts(charger, now);
      charger.pass(this.at);
    }
    if ((this.options.metered || this.options.reports) && this.at % REPORT_S === 0) this.#report(now);
    if (this.options.metered && !this.is_meter_dead) this.#measure(now);
    if (this.#is_due || this.at % (this.options.calm_s ?? 1) === 0) this.#decide(now);
    this.#note();
  }

  #wakeAt(at: number): void {
    this.#letters.push({ at, run: () => void (this.#is_due = true) });
  }

  #tellFacts(charger: SimulatedCharger, now: number): void {
    const known = charger.known();
    const connector = this.#told.get(charger);
    if (connector?.facts === known) return;
    this.#told.set(charger, this.control.setConnector(charger.id, known, now));
    this.#is_due = true;
  }

  #deliver(): void {
    const due = this.#letters.filter((letter) => letter.at <= this.at);
    this.#letters = this.#letters.filter((letter) => letter.at > this.at);
    for (const { run } of due) run();
  }

  #decide(now: number): void {
    this.#is_due = false;
    for (const order of this.control.decide(now, now + 1000 * this.clock)) this.#send(order);
  }

  /** Kills the gateway; the next one knows what was stored. */
  restart(): void {
    this.#letters = this.#letters.filter(({ run }) => run.name !== "answer");
    this.control = new LoadControl(() => this.#times);
    this.control.setCircuits(this.circuits);
    for (const charger of this.chargers) {
      const connector = this.control.setConnector(charger.id, charger.known(), this.at * 1000);
      if (!this.options.forgets_at_restart) {
        connector.budget.recover(this.#stored.get(charger.id) ?? 0, this.at * 1000);
      }
    }
    for (const circuit of this.#limits.keys()) this.#tellLimit(circuit);
    this.#told.clear();
    this.#is_due = true;
  }

  /** Limits a circuit from outside for some seconds. */
  limit(circuit: string, limit_a: number, seconds: number): void {
    this.#limits.set(circuit, { limit_a, from: this.at, until: this.at + seconds });
    this.#tellLimit(circuit);
  }

  #tellLimit(circuit: string): void {
    const { limit_a, until } = this.#limits.get(circuit)!;
    this.control.supply(circuit)!.limit({
      kind: "outside",
      source: "EMS",
      limit_a,
      limit_w: null,
      until: null,
      ends: until * 1000,
    });
  }

  /** A charger comes or goes; what was on its way to it is lost. */
  link(charger: SimulatedCharger, online: boolean): void {
    charger.online = online;
  }

  /** Ends a charger's session and begins another, or only ends it. */
  session(charger: SimulatedCharger, session: number | null): void {
    const ended = charger.session !== null;
    charger.session = session;
    charger.limit = null;
    if (!ended || !charger.online) return;
    this.control.connectors.get(charger.id)?.budget.sessionEnded(this.at * 1000);
  }

  /** Returns the sum of what cars can draw on a circuit's phase, A. */
  sum(name: string, phase: number): number {
    const below = (circuit: string | null): boolean =>
      circuit === name ||
      circuit !== null && below(this.circuits.find((each) => each.name === circuit)!.parent);
    return this.chargers.filter(({ facts, car_phases }) => below(facts.circuit) && car_phases.includes(phase))
      .reduce((sum, charger) => sum + charger.most(), 0);
  }

  #report(now: number): void {
    for (const charger of this.chargers) {
      if (!charger.online) continue;
      const { demand, budget } = this.control.connectors.get(charger.id)!;
      demand.take(charger.reported(), now, { by_phase: true, limit_a: budget.confirmed_a });
    }
  }

  #measure(now: number): void {
    const flow = this.base.map((load, phase) =>
      load + this.sum(this.circuits[0]!.name, phase)
    ) as PhaseCurrents;
    this.#is_due ||= flow.some((amperes, phase) => amperes > this.#flow[phase]! + 0.05);
    this.#flow = flow;
    this.control.measure(this.circuits[0]!.name, flow, now);
  }

  #send(order: Order): void {
    const charger = this.chargers.find(({ id }) => id === order.id)!;
    if (!("number" in order)) {
      charger.block(order.kind === "block");
      this.switchings++;
      return;
    }
    this.#write(order, charger);
  }

  #write(order: LimitOrder, charger: SimulatedCharger): void {
    const { random, lost_requests, lost_answers, slowest, refused = 0 } = this.faults;
    const connector = this.control.connectors.get(order.id)!;
    const control = this.control;
    // deno-lint-ignore no-this-alias
    const world = this;
    const sent = this.at;
    this.orders++;
    this.#stored.set(order.id, connector.worst(sent * 1000));
    const wait = () => Math.floor(random() * (slowest + 1));
    const tell = (outcome: Outcome, at: number) =>
      this.#letters.push({
        at,
        run: function answer() {
          control.answered(order.id, order.number, outcome, at * 1000);
          if (outcome === "accepted" && order.kind !== "lower") return;
          world.#is_due = true;
          world.#wakeAt(at + SETTLE_S);
        },
      });
    const arrives = sent + wait();
    let answered = false;
    const arrive = () => {
      if (!charger.online) return;
      const outcome = refused > 0 && random() < refused
        ? "refused"
        : charger.take(order.amperes, sent + this.clock, this.#times.validity_s);
      answered = outcome !== null && random() >= lost_answers;
      if (answered) tell(outcome!, this.at + 1 + wait());
    };
    if (random() >= lost_requests) this.#letters.push({ at: arrives, run: arrive });
    this.#letters.push({ at: sent + 30, run: () => void (answered || tell("unknown", this.at + 1)) });
  }

  /** Sets the other loads. A rise cannot be foreseen: excess counts once all limits of before have run out. */
  load(base: PhaseCurrents): void {
    if (!this.options.metered) return;
    if (base.some((amperes, phase) => amperes > this.base[phase]!)) this.#rose = this.at;
    this.base = base;
  }

  #note(): void {
    if (this.at - this.#rose < TIMES.validity_s + 20) return;
    for (const circuit of this.circuits) {
      const most = this.#mostOn(circuit);
      for (let phase = 0; phase < 3; phase++) {
        const others = circuit === this.circuits[0] ? this.base[phase]! : 0;
        this.worst_excess = Math.max(this.worst_excess, this.sum(circuit.name, phase) + others - most);
      }
    }
  }

  /** A demand from outside cannot be foreseen: it is looked at once all limits of before have run out. */
  #mostOn({ name, max_current_a, schedule = [] }: Circuit): number {
    const minute = Math.floor(this.at / 60); // UTC, from midnight on
    const scheduled = schedule.filter(({ from, to }) =>
      Number(from.slice(3)) <= minute && minute < Number(to.slice(3))
    );
    const { limit_a = Infinity, from = 0, until = 0 } = this.#limits.get(name) ?? {};
    const counts = this.at < until && this.at - from >= TIMES.validity_s + 20;
    return Math.min(
      max_current_a ?? Infinity,
      counts ? limit_a : Infinity,
      ...scheduled.map(({ limit_a }) => limit_a ?? Infinity),
    );
  }
}

/** Returns a generator of numbers from 0 to 1 by a seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A connector of its own, for cases. */
export function connectorOf(facts: ConnectorFacts): ManagedConnector {
  return new ManagedConnector(
    "CP1/1",
    facts,
    () => ({ validity_ms: 90_000, skew_ms: 5_000, settle_ms: 10_000 }),
  );
}
