// The state that the steps of a running scenario share.
import { sleep } from "../../ocpp/client/clock.ts";
import type { ChargePointSimulator } from "../charge_point_simulator.ts";
import type { SimulatorEvent } from "../events.ts";

/** A step could not be done, or a condition was not met in time. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

/** s that a step waits when it names no time. */
export const WAIT_LIMIT = 60;

/** The use of a filter or an answer: for how many messages of an action; default: all. */
export interface Use {
  action: string;
  times?: number | undefined;
}

/** A simulator in a scenario, with what earlier steps have set. */
export class StepContext {
  readonly simulator: ChargePointSimulator;
  readonly signal: AbortSignal | undefined;
  /** Transaction ids of now by those of the recording. */
  readonly transactions = new Map<unknown, unknown>();
  /** Undo functions of filters and answers, by action. */
  readonly #undo = new Map<string, () => void>();
  /** Last sent frame, by action. */
  readonly #last = new Map<string, string>();
  readonly #unsubscribe: () => void;

  constructor(simulator: ChargePointSimulator, signal: AbortSignal | undefined) {
    this.simulator = simulator;
    this.signal = signal;
    this.#unsubscribe = simulator.subscribe((event) => this.#onEvent(event));
  }

  /** Undoes everything that steps have set. */
  end(): void {
    this.#unsubscribe();
    this.restore("*");
  }

  /** Returns the last sent frame of an action. Throws StepFailed if there is none. */
  lastFrame(action: string): string {
    const text = this.#last.get(action);
    if (!text) throw new StepFailed(`Cannot duplicate: no ${action} has been sent`);
    return text;
  }

  /** Sets a filter or an answer until its use is over or it is restored; `set` returns how to undo it. */
  set({ action, times = Infinity }: Use, set: (used: () => void) => () => void): void {
    this.restore(action);
    let left = times;
    const undo = set(() => void (--left <= 0 && this.restore(action)));
    this.#undo.set(action, undo);
  }

  /** Undoes what is set for an action; `*`: for all. */
  restore(action: string): void {
    for (const [name, undo] of [...this.#undo]) {
      if (action !== "*" && name !== action) continue;
      this.#undo.delete(name);
      undo();
    }
  }

  /** Waits `seconds` of the simulator's time, or until the scenario is aborted. */
  sleep(seconds: number): Promise<void> {
    return sleep(this.simulator.charger.clock, seconds * 1000, this.signal);
  }

  /** Waits until a condition is met. Throws StepFailed with `name` after `seconds` of the simulator's time. */
  async waitFor(condition: () => boolean, seconds: number, name: string): Promise<void> {
    if (condition()) return;
    const waiting = new AbortController();
    const stop = () => waiting.abort();
    this.signal?.addEventListener("abort", stop);
    const unsubscribe = this.simulator.subscribe(() => condition() && stop());
    await sleep(this.simulator.charger.clock, seconds * 1000, waiting.signal);
    unsubscribe();
    this.signal?.removeEventListener("abort", stop);
    if (!condition() && !this.signal?.aborted) throw new StepFailed(`No ${name} within ${seconds} s`);
  }

  #onEvent(event: SimulatorEvent): void {
    if (event.type !== "frame" || event.direction !== "out") return;
    const action = /^\[2,"[^"]*","(\w+)"/.exec(event.text)?.[1];
    if (action) this.#last.set(action, event.text);
  }
}
