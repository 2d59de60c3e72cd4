// One commissioning under way: step after step, with what each came to.
import type { Text } from "../../i18n/messages.ts";
import { Refusal } from "../../site/context.ts";
import { CallFailed, OcppError } from "../../ocpp/error.ts";
import { toIso } from "../../ocpp/time.ts";
import { describeError } from "../../log.ts";
import type { Commissioning, CommissioningResult } from "../../store/store.ts";
import { resultKey } from "../../store/store.ts";
import type { CentralSystem } from "../../central/central_system.ts";
import { StepContext } from "./step_context.ts";
import { type CommissioningOptions, optionsOf } from "./options.ts";
import { restore } from "./restore.ts";
import { fail, type Outcome, skip, text } from "./step.ts";
import { type Place, placesOf, stepsOf } from "./steps.ts";

/** Why a step ends early. */
class Early extends Error {
  override readonly name = "Early";

  constructor(readonly what: "skip" | "break", readonly reason: Text) {
    super(reason.en);
  }
}

const SKIPPED = text("left_out");
const GONE = text("charger_gone");

/** Runs a commissioning from where it stands. */
export class Run {
  readonly record: Commissioning;
  /** Resolves when it is done or broken off; never rejects. */
  readonly finished: Promise<void>;
  readonly #ended = Promise.withResolvers<void>();
  readonly #central: CentralSystem;
  readonly #breaking = new AbortController();
  #skipping = new AbortController();

  constructor(record: Commissioning, central: CentralSystem) {
    this.record = record;
    this.#central = central;
    this.finished = this.#ended.promise;
  }

  start(): this {
    this.#run().finally(() => this.#ended.resolve());
    return this;
  }

  /** Ends it; what was done stays, and it can be resumed. */
  breakOff(reason: Text): void {
    this.#breaking.abort(new Early("break", reason));
  }

  /** Leaves out the step that is under way. */
  skip(): void {
    this.#skipping.abort(new Early("skip", SKIPPED));
  }

  async #run(): Promise<void> {
    try {
      const places = placesOf(stepsOf(() => this.record), this.record);
      await this.#repeatStart(places);
      for (const place of places) if (!this.#resultOf(place)) await this.#take(place);
      await this.#end("done", null);
    } catch (error) {
      if (!(error instanceof Early)) this.#log(error);
      await restore(this.record, this.#central);
      const reason = error instanceof Early ? error.reason : text("gateway_failed");
      await this.#end("broken_off", reason).catch((error) => this.#log(error));
    }
  }

  /** Steps in a session need one again after a break: it is begun anew. */
  async #repeatStart(places: Place[]): Promise<void> {
    const { transactions, commissioning_results } = this.#central.parts.store;
    for (const { step, connector_id } of places) {
      if (!step.in_session || this.#resultOf({ step, connector_id })) continue;
      if (transactions.activeOn(this.record.charger_id, connector_id)) continue;
      await commissioning_results.delete(this.#key("remote_start", connector_id));
    }
  }

  async #take(place: Place): Promise<void> {
    const { step, connector_id } = place;
    const began = this.#central.parts.now();
    this.#skipping = new AbortController();
    await this.#show({
      step: step.id,
      connector_id,
      since: toIso(began),
      prompt: null,
      ask: null,
      until: null,
    });
    using bench = this.#benchOf(place);
    const missing = this.#missing(place);
    const outcome = missing ? skip(missing) : await this.#try(place, bench);
    const id = { commissioning_id: this.record.commissioning_id, step: step.id, connector_id };
    const seconds = Math.round((this.#central.parts.now() - began) / 100) / 10;
    const { store, now } = this.#central.parts;
    const frames = bench.frames.length && !missing
      ? [store.commissioning_frames.put({ ...id, frames: bench.frames })]
      : [];
    const result: CommissioningResult = { ...id, ...outcome, at: toIso(now()), seconds };
    await Promise.all([store.commissioning_results.put(result), ...frames]);
  }

  async #try({ step, connector_id }: Place, bench: StepContext): Promise<Outcome> {
    try {
      if (!bench.connected && step.id !== "connection") await this.#awaitCharger(bench);
      if (step.in_session && !bench.transaction()) {
        return fail(text("session_ended"));
      }
      return await step.run(bench);
    } catch (error) {
      if (error instanceof Early && error.what === "break") throw error;
      if (error instanceof Early) return skip(error.reason);
      return this.#failed(error, step.id, connector_id);
    }
  }

  /** A charger that stays away breaks the commissioning off: the steps to come would tell nothing. */
  async #awaitCharger(bench: StepContext): Promise<void> {
    if (await bench.until(() => bench.connected, bench.options.return_s)) return;
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

  /** What has not passed, and would have to. */
  #missing({ step, connector_id }: Place): Text | null {
    const { without } = this.record;
    const missing = step.needs?.find((id) =>
      !without.includes(id) && this.#result(id, connector_id)?.result !== "pass"
    );
    if (missing === undefined) return null;
    const name = stepsOf().find(({ id }) => id === missing)!.name;
    return text("needs_step", { name });
  }

  #benchOf({ connector_id }: Place): StepContext {
    return new StepContext({
      central: this.#central,
      charger_id: this.record.charger_id,
      connector_id,
      options: optionsOf(this.record.options) as CommissioningOptions,
      before: this.record.before,
      signal: AbortSignal.any([this.#breaking.signal, this.#skipping.signal]),
      ask: (ask, prompt, seconds) => {
        const until = toIso(this.#central.parts.now() + seconds * 1000);
        this.#show({ ...this.record.current!, ask, prompt, until }).catch((error) => this.#log(error));
      },
      keep: () => this.#keep(),
      figure: (step, name) => this.#result(step, connector_id)?.figures[name],
    });
  }

  #resultOf({ step, connector_id }: Place): CommissioningResult | undefined {
    return this.#result(step.id, connector_id);
  }

  #result(step: string, connector_id: number): CommissioningResult | undefined {
    return this.#central.parts.store.commissioning_results.get(this.#key(step, connector_id));
  }

  #key(step: string, connector_id: number): string {
    return resultKey({ commissioning_id: this.record.commissioning_id, step, connector_id });
  }

  #show(current: Commissioning["current"]): Promise<void> {
    this.record.current = current;
    return this.#keep();
  }

  async #end(state: "done" | "broken_off", reason: Text | null): Promise<void> {
    const ended_at = toIso(this.#central.parts.now());
    Object.assign(this.record, { state, reason, ended_at, current: null });
    await this.#keep();
  }

  async #keep(): Promise<void> {
    const { store, events } = this.#central.parts;
    const { charger_id, commissioning_id, state, current } = this.record;
    const stored = store.commissionings.put(this.record);
    events.emit("commissioning", charger_id, () => ({ charger_id, commissioning_id, state, current }));
    await stored;
  }

  #log(error: unknown, fields: Record<string, string | number> = {}): void {
    const { charger_id } = this.record;
    this.#central.parts.log.error("Commissioning failed", {
      charger_id,
      ...fields,
      error: describeError(error),
    });
  }
}
