// One commissioning under way: step after step, with the outcome of each.
import type { Text } from "../../i18n/messages.ts";
import { Refusal } from "../../site/context.ts";
import { CallFailed, OcppError } from "../../ocpp/error.ts";
import { toIso } from "../../ocpp/time.ts";
import { describeError } from "../../log.ts";
import type { Commissioning, CommissioningResult } from "../../store/store.ts";
import { resultKey } from "../../store/store.ts";
import type { CommissioningDeps } from "./deps.ts";
import { StepContext } from "./step_context.ts";
import { type CommissioningOptions, optionsOf } from "./options.ts";
import { restore } from "./restore.ts";
import { fail, type Outcome, skip, text } from "./step.ts";
import { type PlannedStep, planOf, stepsOf } from "./steps.ts";

/** Ends a step early. */
class Early extends Error {
  override readonly name = "Early";

  constructor(readonly what: "skip" | "break", readonly reason: Text) {
    super(reason.en);
  }
}

const SKIPPED = text("left_out");
const GONE = text("charger_gone");
/** The results of steps that others can build on. */
const DONE: ReadonlySet<string | undefined> = new Set(["pass", "observation"]);

/** Runs a commissioning from its first step without a result. */
export class Run {
  readonly record: Commissioning;
  /** Resolves when it is done or broken off; never rejects. */
  readonly finished: Promise<void>;
  readonly #ended = Promise.withResolvers<void>();
  readonly #deps: CommissioningDeps;
  readonly #breaking = new AbortController();
  #skipping = new AbortController();

  constructor(record: Commissioning, deps: CommissioningDeps) {
    this.record = record;
    this.#deps = deps;
    this.finished = this.#ended.promise;
  }

  /** Begins to run; returns at once. */
  start(): this {
    this.#run().finally(() => this.#ended.resolve());
    return this;
  }

  /** Breaks it off; the results stay, and it can be resumed. */
  breakOff(reason: Text): void {
    this.#breaking.abort(new Early("break", reason));
  }

  /** Skips the step that is under way. */
  skip(): void {
    this.#skipping.abort(new Early("skip", SKIPPED));
  }

  async #run(): Promise<void> {
    try {
      const plan = planOf(stepsOf(() => this.record), this.record);
      await this.#repeatStart(plan);
      for (const planned of plan) if (!this.#resultOf(planned)) await this.#take(planned);
      await this.#end("done", null);
    } catch (error) {
      if (!(error instanceof Early)) this.#log(error);
      await restore(this.record, this.#deps);
      const reason = error instanceof Early ? error.reason : text("gateway_failed");
      await this.#end("broken_off", reason).catch((error) => this.#log(error));
    }
  }

  /** Has the session begun anew that steps after a break need. */
  async #repeatStart(plan: PlannedStep[]): Promise<void> {
    const { transactions, commissioning_results } = this.#deps.store;
    for (const { step, connector_id } of plan) {
      if (!step.in_session || this.#resultOf({ step, connector_id })) continue;
      if (transactions.activeOn(this.record.charger_id, connector_id)) continue;
      await commissioning_results.delete(this.#key("remote_start", connector_id));
    }
  }

  async #take(planned: PlannedStep): Promise<void> {
    const { step, connector_id } = planned;
    const began = this.#deps.now();
    this.#skipping = new AbortController();
    await this.#show({
      step: step.id,
      connector_id,
      since: toIso(began),
      prompt: null,
      ask: null,
      until: null,
    });
    using context = this.#contextOf(planned);
    const missing = this.#missing(planned);
    const outcome = missing ? skip(missing) : await this.#try(planned, context);
    const id = { commissioning_id: this.record.commissioning_id, step: step.id, connector_id };
    const seconds = Math.round((this.#deps.now() - began) / 100) / 10;
    const { store, now } = this.#deps;
    const frames = context.frames.length && !missing
      ? [store.commissioning_frames.put({ ...id, frames: context.frames })]
      : [];
    const result: CommissioningResult = { ...id, ...outcome, at: toIso(now()), seconds };
    await Promise.all([store.commissioning_results.put(result), ...frames]);
  }

  async #try({ step, connector_id }: PlannedStep, context: StepContext): Promise<Outcome> {
    try {
      if (!context.connected && step.id !== "connection") await this.#awaitCharger(context);
      if (step.in_session && !context.transaction()) {
        return fail(text("session_ended"));
      }
      return await step.run(context);
    } catch (error) {
      if (error instanceof Early && error.what === "break") throw error;
      if (error instanceof Early) return skip(error.reason);
      return this.#failed(error, step.id, connector_id);
    }
  }

  /** Waits for the charger; one that stays away breaks the commissioning off, since later steps would be meaningless. */
  async #awaitCharger(context: StepContext): Promise<void> {
    if (await context.until(() => context.connected, context.options.return_s)) return;
    throw new Early("break", GONE);
  }

  #failed(error: unknown, step: string, connector_id: number): Outcome {
    if (error instanceof OcppError) {
      const words = `${error.code}${error.message ? `: ${error.message}` : ""}`;
      return fail(text("charger_answered", { answer: words }));
    }
    if (error instanceof CallFailed || error instanceof Refusal) {
      return fail({ en: error.message, es: error.message });
    }
    this.#log(error, { step, connector_id });
    return fail(text("gateway_failed"));
  }

  /** Returns the text about a step that had to pass first and has not; null where there is none. */
  #missing({ step, connector_id }: PlannedStep): Text | null {
    const { without } = this.record;
    const missing = step.needs?.find((id) =>
      !without.includes(id) && !DONE.has(this.#result(id, connector_id)?.result)
    );
    if (missing === undefined) return null;
    const name = stepsOf().find(({ id }) => id === missing)!.name;
    return text("needs_step", { name });
  }

  #contextOf({ connector_id }: PlannedStep): StepContext {
    return new StepContext({
      ...this.#deps,
      charger_id: this.record.charger_id,
      connector_id,
      options: optionsOf(this.record.options) as CommissioningOptions,
      before: this.record.before,
      signal: AbortSignal.any([this.#breaking.signal, this.#skipping.signal]),
      ask: (ask, prompt, seconds) => {
        const until = toIso(this.#deps.now() + seconds * 1000);
        this.#show({ ...this.record.current!, ask, prompt, until }).catch((error) => this.#log(error));
      },
      keep: () => this.#keep(),
      figure: (step, name) => this.#result(step, connector_id)?.figures[name],
    });
  }

  #resultOf({ step, connector_id }: PlannedStep): CommissioningResult | undefined {
    return this.#result(step.id, connector_id);
  }

  #result(step: string, connector_id: number): CommissioningResult | undefined {
    return this.#deps.store.commissioning_results.get(this.#key(step, connector_id));
  }

  #key(step: string, connector_id: number): string {
    return resultKey({ commissioning_id: this.record.commissioning_id, step, connector_id });
  }

  #show(current: Commissioning["current"]): Promise<void> {
    this.record.current = current;
    return this.#keep();
  }

  async #end(state: "done" | "broken_off", reason: Text | null): Promise<void> {
    const ended_at = toIso(this.#deps.now());
    Object.assign(this.record, { state, reason, ended_at, current: null });
    await this.#keep();
  }

  async #keep(): Promise<void> {
    const { store, events } = this.#deps;
    const { charger_id, commissioning_id, state, current } = this.record;
    const stored = store.commissionings.put(this.record);
    events.emit("commissioning", charger_id, () => ({ charger_id, commissioning_id, state, current }));
    await stored;
  }

  #log(error: unknown, fields: Record<string, string | number> = {}): void {
    const { charger_id } = this.record;
    this.#deps.log.error("Commissioning failed", {
      charger_id,
      ...fields,
      error: describeError(error),
    });
  }
}
