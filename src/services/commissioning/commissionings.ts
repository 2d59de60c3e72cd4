// All commissionings: their begin, break, resumption and results.
import { Refusal } from "../../site/context.ts";
import { toIso } from "../../ocpp/time.ts";
import type { Commissioning, CommissioningResult } from "../../store/store.ts";
import { resultKey } from "../../store/store.ts";
import { VERSION } from "../../version.ts";
import type { CommissioningDeps } from "./deps.ts";
import { isLeft, restoreLate } from "./restore.ts";
import { Run } from "./run.ts";
import { text } from "./step.ts";
import { planOf, stepsOf } from "./steps.ts";

/** A commissioning to begin. */
export interface NewCommissioning {
  installer?: string;
  notes?: string;
  /** Left out: all connectors. */
  connectors?: number[];
  without?: string[];
  options?: Record<string, number | string>;
}

const STOP_MS = 2_000;

/** Begins and ends commissionings, one at a time for each charger. */
export class Commissionings {
  readonly #deps: CommissioningDeps;
  readonly #runs = new Map<number, Run>();
  #unsubscribe = () => {};

  constructor(deps: CommissioningDeps) {
    this.#deps = deps;
  }

  /** Marks commissionings that ran when the gateway stopped as broken off; their chargers are restored when they connect. */
  async start(): Promise<void> {
    this.#unsubscribe();
    this.#unsubscribe = this.#deps.events.subscribe(({ data: { charger_id } }) => {
      queueMicrotask(() => this.#tidy(charger_id));
    }, ["connected"]);
    const { commissionings } = this.#deps.store;
    const reason = text("gateway_restarted");
    const running = commissionings.all().filter(({ state }) => state === "running");
    await Promise.all(
      running.map((record) => commissionings.put({ ...record, state: "broken_off", current: null, reason })),
    );
  }

  /** Breaks off all; resolves when the chargers are restored, or after 2 s. */
  async stop(): Promise<void> {
    this.#unsubscribe();
    const runs = [...this.#runs.values()];
    for (const run of runs) run.breakOff(text("gateway_stopped"));
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, STOP_MS);
    await Promise.race([Promise.all(runs.map(({ finished }) => finished)), late]);
    clearTimeout(timer);
  }

  /** Begins one. Throws Refusal. */
  async begin(charger_id: string, wanted: NewCommissioning): Promise<Commissioning> {
    const { store, now } = this.#deps;
    const known = this.#connectorsOf(charger_id);
    const connectors = wanted.connectors ?? known.map(({ connector_id }) => connector_id);
    this.#check(charger_id, connectors);
    const inoperative = known.filter(({ status, connector_id }) =>
      status === "Unavailable" && connectors.includes(connector_id)
    );
    const record: Commissioning = {
      commissioning_id: (store.commissionings.all().at(-1)?.commissioning_id ?? 0) + 1,
      charger_id,
      state: "running",
      started_at: toIso(now()),
      ended_at: null,
      installer: wanted.installer ?? "",
      notes: wanted.notes ?? "",
      gateway_version: VERSION,
      connectors,
      without: wanted.without ?? [],
      options: wanted.options ?? {},
      current: null,
      before: {
        inoperative: inoperative.map(({ connector_id }) => connector_id),
        configuration: {},
        profiles: [],
      },
      reason: null,
    };
    await store.commissionings.put(record);
    this.#run(record);
    return record;
  }

  /** Resumes one that was broken off. Throws Refusal. */
  async resume(record: Commissioning): Promise<void> {
    if (record.state === "running") throw new Refusal("state", "The commissioning is under way");
    this.#check(record.charger_id, record.connectors);
    const again: Commissioning = {
      ...record,
      state: "running",
      ended_at: null,
      reason: null,
      signature: null,
    };
    await this.#deps.store.commissionings.put(again);
    this.#run(again);
  }

  /** Repeats a step and the steps that need it; the others keep their results. Throws Refusal. */
  async repeat(record: Commissioning, step: string, connector_id: number): Promise<void> {
    if (record.state === "running") throw new Refusal("state", "The commissioning is under way");
    const steps = planOf(stepsOf(), record).filter((planned) => planned.connector_id === connector_id);
    if (!steps.some((planned) => planned.step.id === step)) {
      throw new Refusal("input", `step ${step.slice(0, 40)} is not a step of connector ${connector_id}`);
    }
    this.#check(record.charger_id, record.connectors);
    const again = steps.filter((planned) => planned.step.id === step || planned.step.needs?.includes(step));
    const { commissioning_results } = this.#deps.store;
    const { commissioning_id } = record;
    const last = { commissioning_id, step: "as_it_was", connector_id: 0 };
    const keys = again.map((planned) => resultKey({ commissioning_id, step: planned.step.id, connector_id }));
    await Promise.all([...keys, resultKey(last)].map((key) => commissioning_results.delete(key)));
    await this.resume(record);
  }

  /** Breaks one off; resolves when the charger is restored, as far as it answers. Throws Refusal. */
  async breakOff(record: Commissioning): Promise<void> {
    const run = this.#runOf(record);
    run.breakOff(text("broken_off"));
    await run.finished;
  }

  /** Skips the step that is under way. Throws Refusal. */
  skip(record: Commissioning): void {
    this.#runOf(record).skip();
  }

  /** Resolves when one is done or broken off. */
  finished({ commissioning_id }: Pick<Commissioning, "commissioning_id">): Promise<void> {
    return this.#runs.get(commissioning_id)?.finished ?? Promise.resolve();
  }

  /** Returns the results so far, in the order of the steps. */
  results({ commissioning_id, connectors, without }: Commissioning): CommissioningResult[] {
    const { commissioning_results } = this.#deps.store;
    return planOf(stepsOf(), { connectors, without }).flatMap(({ step, connector_id }) =>
      commissioning_results.get(resultKey({ commissioning_id, step: step.id, connector_id })) ?? []
    );
  }

  async #tidy(charger_id: string): Promise<void> {
    const { commissionings } = this.#deps.store;
    const left = commissionings.all().filter((record) =>
      record.charger_id === charger_id && record.state !== "running" && isLeft(record)
    );
    for (const record of left) {
      await restoreLate(record, this.#deps);
      await commissionings.put(record).catch(() => {}); // tried again the next time
    }
  }

  #run(record: Commissioning): void {
    const run = new Run(record, this.#deps);
    this.#runs.set(record.commissioning_id, run);
    run.start().finished.then(() => this.#runs.delete(record.commissioning_id));
  }

  #runOf({ commissioning_id }: Commissioning): Run {
    const run = this.#runs.get(commissioning_id);
    if (!run) throw new Refusal("state", "The commissioning is not under way");
    return run;
  }

  /** Checks that the charger is connected and idle. Throws Refusal. */
  #check(charger_id: string, connectors: number[]): void {
    const refuse = (why: string) => {
      throw new Refusal("state", `Cannot commission: ${why}`);
    };
    if (!this.#deps.central.isConnected(charger_id)) refuse(`charger ${charger_id} is not connected`);
    if ([...this.#runs.values()].some(({ record }) => record.charger_id === charger_id)) {
      refuse("it is already being commissioned");
    }
    const known = this.#connectorsOf(charger_id).map(({ connector_id }) => connector_id);
    if (known.length === 0) refuse("the charger has not reported its connectors");
    const unknown = connectors.find((id) => !known.includes(id));
    if (unknown !== undefined) {
      throw new Refusal("input", `connectors: the charger has no connector ${unknown}`);
    }
    const busy = this.#deps.store.transactions.active(charger_id)
      .find(({ connector_id }) => connectors.includes(connector_id));
    if (busy) refuse(`connector ${busy.connector_id} is in a session`);
  }

  #connectorsOf(charger_id: string) {
    const connectors = this.#deps.store.chargers.get(charger_id)?.connectors ?? [];
    return connectors.filter(({ connector_id }) => connector_id > 0);
  }
}
