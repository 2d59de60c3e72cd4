// Sends the orders of load management, and tells it the answers.
import type { CentralSystem } from "../../central/central_system.ts";
import { CallFailed, OcppError } from "../../ocpp/error.ts";
import type { PortAnswer } from "../../site/charger_port.ts";
import { Refusal } from "../../site/context.ts";
import type { LoadControl, Outcome } from "../../site/load/load_control.ts";
import type { LimitOrder, Order, SwitchOrder } from "../../site/load/orders.ts";
import type { LimitPath, LoadDecision, Store } from "../../store/store.ts";
import type { DecisionLog } from "./decision_log.ts";
import type { LoadStates } from "./load_states.ts";

/** The parts that sending works with. */
export interface OrderSenderDeps {
  store: Store;
  central: Pick<CentralSystem, "port">;
  states: LoadStates;
  control: LoadControl;
  log: DecisionLog;
  /** Wall clock, ms since 1970. */
  now: () => number;
  /** Monotonic clock, ms. */
  mono: () => number;
  /** Called when an answer has come. */
  changed: () => void;
}

/** The paths by which a limit can be sent, most capable first. */
const LADDER: readonly LimitPath[] = ["TxProfile", "TxDefaultProfile", "ChargePointMaxProfile", "none"];
const TRIES = 2;

/** Sends orders. */
export class OrderSender {
  readonly #deps: OrderSenderDeps;
  /** Refusals in a row by connector, of paths that never worked. */
  readonly #refusals = new Map<string, number>();
  readonly #accepted = new Set<string>();

  constructor(deps: OrderSenderDeps) {
    this.#deps = deps;
  }

  /** Sends an order; its answer comes later. */
  send(order: Order): void {
    void ("number" in order ? this.#limit(order) : this.#switch(order)).then(() => this.#deps.changed());
  }

  /** Forgets the device of a charger. */
  forget(charger_id: string): void {
    for (const known of [this.#refusals, this.#accepted]) {
      for (const id of known.keys()) if (placeOf(id)[0] === charger_id) known.delete(id);
    }
  }

  /** An answer of a device whose place another one has taken says nothing about that one. */
  async #limit(order: LimitOrder): Promise<void> {
    const { control, states, mono } = this.#deps;
    const [charger_id, connector_id] = placeOf(order.id);
    const connector = control.connectors.get(order.id)!;
    const { answer, outcome } = await this.#try(async () => {
      await states.cover(charger_id, connector_id, connector.budget.worst(mono()));
      return await this.#write(order);
    });
    this.#note(order, answer);
    if (control.connectors.get(order.id) !== connector) return;
    control.answered(order.id, order.number, outcome, mono());
    await this.#climb(order, outcome);
  }

  /** Sends a limit by the connector's path. Only a TxProfile that is accepted holds for certain; others are read back. */
  async #write({ id, amperes }: LimitOrder): Promise<PortAnswer> {
    const { control, central, states, store } = this.#deps;
    const [charger_id, connector_id] = placeOf(id);
    const { facts, demand } = control.connectors.get(id)!;
    const { path } = states.get(charger_id, connector_id);
    const port = central.port(charger_id);
    if (path === "none") return { outcome: "refused", status: "takes no limit" };
    const answer = await port.setConnectorLimit({
      connector_id,
      purpose: path,
      limit_a: amperes,
      fallback_a: facts.failsafe_a,
      validity_s: store.settings.load_limit_validity,
      phases: demand.phases().surely === 0 ? 1 : demand.phases().count,
    });
    if (answer.outcome !== "accepted" || path === "TxProfile") return answer;
    const holds = await port.readLimit(connector_id);
    return holds !== null && holds <= amperes + 0.5 ? answer : { outcome: "refused", status: "not in force" };
  }

  async #switch({ kind, id }: SwitchOrder): Promise<void> {
    const { central, states, store } = this.#deps;
    const [charger_id, connector_id] = placeOf(id);
    const { answer } = await this.#try(async () => {
      const session = store.transactions.activeOn(charger_id, connector_id);
      if (kind === "allow") await states.change(charger_id, connector_id, { blocked: false });
      else if (session) return await central.port(charger_id).stopSession(session.transaction_id);
      else await states.change(charger_id, connector_id, { blocked: true });
      return await central.port(charger_id).setAvailability(connector_id, kind === "allow");
    });
    this.#log(id, {
      from_a: null,
      to_a: kind === "block" ? 0 : null,
      reason: kind === "block" ? "no_room" : "room",
      answer,
    });
  }

  async #try(work: () => Promise<PortAnswer>): Promise<{ answer: string; outcome: Outcome }> {
    try {
      const { status, outcome } = await work();
      return { answer: status, outcome: outcome === "accepted" ? "accepted" : "refused" };
    } catch (error) {
      if (error instanceof Refusal) return { answer: error.message, outcome: "refused" };
      if (error instanceof OcppError) {
        const refused = /^Not(Implemented|Supported)$/.test(error.code);
        return { answer: error.code, outcome: refused ? "refused" : "unknown" };
      }
      if (error instanceof CallFailed) return { answer: error.reason, outcome: "unknown" };
      return { answer: "not stored", outcome: "unknown" };
    }
  }

  /** Goes to the next path after two refusals of one that has never worked. */
  async #climb({ id }: LimitOrder, outcome: Outcome): Promise<void> {
    const [charger_id, connector_id] = placeOf(id);
    const { states } = this.#deps;
    const { path } = states.get(charger_id, connector_id);
    if (outcome === "accepted") this.#accepted.add(id);
    if (outcome !== "refused" || this.#accepted.has(id)) return void this.#refusals.delete(id);
    const refusals = (this.#refusals.get(id) ?? 0) + 1;
    this.#refusals.set(id, refusals);
    if (refusals < TRIES) return;
    this.#refusals.delete(id);
    const next = LADDER[LADDER.indexOf(path) + 1] ?? "none";
    await states.change(charger_id, connector_id, { path: next }).catch(() => {});
  }

  #note(order: LimitOrder, answer: string): void {
    const { kind, id, from_a, amperes: to_a, reason, reason_values } = order;
    if (kind === "renew" && answer === "Accepted") return;
    this.#log(id, {
      from_a,
      to_a,
      reason,
      ...Object.keys(reason_values).length > 0 ? { reason_values } : {},
      answer,
    });
  }

  #log(
    id: string,
    what: Pick<LoadDecision, "from_a" | "to_a" | "reason" | "reason_values" | "answer">,
  ): void {
    const [charger_id, connector_id] = placeOf(id);
    this.#deps.log.add({ at: new Date(this.#deps.now()).toISOString(), charger_id, connector_id, ...what });
  }
}

/** Returns the charger and the connector of a key. */
export function placeOf(id: string): [charger_id: string, connector_id: number] {
  const slash = id.lastIndexOf("/");
  return [id.slice(0, slash), Number(id.slice(slash + 1))];
}
