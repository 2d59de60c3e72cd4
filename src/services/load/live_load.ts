// Load management as it is shown: circuits and connectors now.
import { HARD, PER_CIRCUIT } from "../../site/load/constraints.ts";
import type { LoadControl } from "../../site/load/load_control.ts";
import type { SupplyLimit } from "../../site/load/feed_reading.ts";
import type { ManagedConnector, ReasonValues } from "../../site/load/managed_connector.ts";
import { isOver } from "../../site/load/moment.ts";
import type { PhaseCurrents } from "../../site/load/phases.ts";
import { endOfLimit } from "../../site/load/supply.ts";
import type { Circuit } from "../../store/store.ts";

/** A circuit now. Currents on L1, L2, L3 in A; null: not known or not limited. */
export interface LiveCircuit {
  measured_a: PhaseCurrents | null;
  measured_at: string | null;
  /** The most that chargers may draw by what is known for certain. */
  allocated_a: PhaseCurrents;
  /** For chargers, beside what is not chargers. */
  available_a: PhaseCurrents | null;
  mode: "normal" | "meter_lost" | "over";
  /** Limits that hold besides its own. */
  limits: LiveLimit[];
}

/** A limit of a circuit besides its own. */
export interface LiveLimit extends Pick<SupplyLimit, "kind" | "source" | "limit_a" | "limit_w"> {
  until: string | null;
}

/** A connector of a managed charger now. */
export interface LiveConnector {
  charger_id: string;
  connector_id: number;
  circuit: string;
  /** Phases that it may load: L1, L2, L3. */
  phases: string[];
  state: "idle" | "charging" | "waiting" | "failsafe" | "uncontrolled";
  /** The limit that it was sent last, A. */
  allocated_a: number | null;
  /** The limit that it has accepted last, A. */
  confirmed_a: number | null;
  /** The most that it may draw by what is known for certain, A. */
  budgeted_a: number;
  drawn_a: PhaseCurrents | null;
  /** A code, such as `shares` or `waits`. */
  reason: string;
  /** The other cars that charge or wait under the same topmost circuit. */
  shared_with: number;
  /** The subjects of the reason. */
  reason_values: ReasonValues;
  /** False: without the gateway nothing limits it. */
  safe_alone: boolean;
  /** True: it charges from the surplus alone. */
  surplus: boolean;
  /** Its session; null: none. */
  transaction_id: number | null;
}

/** Returns a circuit's live figures. `mono`: monotonic, ms; `wall`: ms since 1970. */
export function liveCircuit(
  { name, meter, enabled }: Circuit,
  control: LoadControl,
  { mono, wall }: { mono: number; wall: number },
): LiveCircuit {
  const moment = control.moment(mono, wall);
  const { constraints, available } = moment;
  const number = constraints.circuits.findIndex((circuit) => circuit.name === name);
  const supply = control.supply(name);
  const at = number * PER_CIRCUIT;
  const has = [...available.slice(at, at + 3)];
  const allocated = [0, 0, 0];
  for (const connector of control.connectors.values()) {
    if (!constraints.chain(connector.facts.circuit).includes(number)) continue;
    const { maybe } = connector.demand.phases();
    for (let phase = 0; phase < HARD - 1; phase++) {
      if (maybe >> phase & 1) allocated[phase]! += connector.worst(mono);
    }
  }
  const { measured_a = null, measured_at = 0 } = supply?.base ?? {};
  const is_lost = meter !== null && supply?.meter_lost === true;
  return {
    measured_a,
    measured_at: measured_a ? new Date(wall - (mono - measured_at)).toISOString() : null,
    allocated_a: allocated.map(tenth) as PhaseCurrents,
    available_a: has.some((amperes) => !Number.isFinite(amperes)) ? null : has.map(tenth) as PhaseCurrents,
    limits: control.limitsOf(name, { now: mono, wall }).map((limit) => liveLimit(limit, { now: mono, wall })),
    mode: is_lost ? "meter_lost" : enabled && isOver(number, moment) ? "over" : "normal",
  };
}

function liveLimit(limit: SupplyLimit, times: { now: number; wall: number }): LiveLimit {
  const { kind, source, limit_a, limit_w } = limit;
  const end = endOfLimit(limit, times);
  return { kind, source, limit_a, limit_w, until: end === null ? null : new Date(end).toISOString() };
}

/** Returns the live figures of connectors: of one charger, or of all. */
export function liveConnectors(
  control: LoadControl,
  { mono, charger_id }: { mono: number; charger_id?: string | undefined },
): LiveConnector[] {
  const roots = control.roots();
  const cars = new Map<string | undefined, number>();
  for (const { facts } of control.connectors.values()) {
    const root = roots.get(facts.circuit);
    if (facts.session !== null) cars.set(root, (cars.get(root) ?? 0) + 1);
  }
  return [...control.connectors]
    .filter(([id]) => charger_id === undefined || id.startsWith(`${charger_id}/`))
    .map(([id, connector]) => {
      const { circuit, session } = connector.facts;
      const all = cars.get(roots.get(circuit)) ?? 0;
      return { ...liveConnector(id, connector, mono), shared_with: session === null ? all : all - 1 };
    });
}

function liveConnector(
  id: string,
  connector: ManagedConnector,
  mono: number,
): Omit<LiveConnector, "shared_with"> {
  const slash = id.lastIndexOf("/");
  const { facts, budget, demand } = connector;
  const { maybe } = demand.phases();
  return {
    charger_id: id.slice(0, slash),
    connector_id: Number(id.slice(slash + 1)),
    circuit: facts.circuit,
    phases: ["L1", "L2", "L3"].filter((_, phase) => maybe >> phase & 1),
    state: stateOf(connector),
    allocated_a: budget.sent_a,
    confirmed_a: budget.confirmed_a,
    budgeted_a: tenth(connector.worst(mono)),
    drawn_a: demand.drawn_a,
    reason: connector.reason,
    reason_values: connector.reason_values,
    safe_alone: facts.failsafe_holds,
    surplus: (facts.surplus_floor_a ?? null) !== null,
    transaction_id: facts.session,
  };
}

function stateOf({ facts, current_a }: ManagedConnector): LiveConnector["state"] {
  if (!facts.takes_limits) return "uncontrolled";
  if (!facts.connected || !facts.failsafe_holds) return "failsafe";
  if (facts.session === null) return "idle";
  return current_a < facts.min_a - 0.05 ? "waiting" : "charging";
}

function tenth(amperes: number): number {
  return Math.round(amperes * 10) / 10;
}
