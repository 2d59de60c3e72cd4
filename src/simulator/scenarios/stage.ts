// Playing scenarios: what each verb does to a simulator.
import { type ErrorCode, OcppError } from "../../ocpp/error.ts";
import { isRecord } from "../../ocpp/frame.ts";
import type { ChargePointSimulator } from "../charge_point_simulator.ts";
import { sleep } from "../clock.ts";
import type { SimulatorEvent } from "../events.ts";
import type { Scenario } from "./scenario.ts";
import { type Step, type StepOf, type VerbName, verbOf } from "./verbs.ts";

/** A step that could not be done, or what was waited for did not come. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

const PATIENCE = 60; // s

/**
 * Plays a scenario with a simulator that has been started without autopilot. Rejects with StepFailed where a step can't be
 * done; `signal` breaks it off.
 */
export async function playScenario(
  { steps }: Pick<Scenario, "steps">,
  simulator: ChargePointSimulator,
  { signal, onStep }: { signal?: AbortSignal; onStep?: (step: Step) => void } = {},
): Promise<void> {
  const stage = new Stage(simulator, signal);
  try {
    await stage.patiently(() => simulator.charger.online, PATIENCE, "admission");
    await stage.play(steps, onStep);
  } finally {
    stage.leave();
  }
}

/** Everything that a play keeps between steps. */
class Stage {
  readonly simulator: ChargePointSimulator;
  readonly signal: AbortSignal | undefined;
  /** Recorded transaction ids, with those of today. */
  readonly transactions = new Map<unknown, unknown>();
  /** Ends what is set for an action. */
  readonly #set = new Map<string, () => void>();
  readonly #last = new Map<string, string>();
  readonly #unlisten: () => void;

  constructor(simulator: ChargePointSimulator, signal: AbortSignal | undefined) {
    this.simulator = simulator;
    this.signal = signal;
    this.#unlisten = simulator.subscribe((event) => this.#note(event));
  }

  async play(steps: readonly Step[], onStep?: (step: Step) => void): Promise<void> {
    for (const step of steps) {
      if (this.signal?.aborted) return;
      onStep?.(step);
      await this.#do(step, onStep);
    }
  }

  leave(): void {
    this.#unlisten();
    this.restore("*");
  }

  /** The last frame of an action that was sent. */
  last(action: string): string {
    const text = this.#last.get(action);
    if (!text) throw new StepFailed(`Cannot duplicate: no ${action} has been sent`);
    return text;
  }

  /** Lets something hold for an action for as many times, or until it is restored. */
  hold(action: string, times: number | undefined, set: (used: () => void) => () => void): void {
    this.restore(action);
    let left = times ?? Infinity;
    const end = set(() => void (--left <= 0 && this.restore(action)));
    this.#set.set(action, end);
  }

  restore(action: string): void {
    for (const [name, end] of [...this.#set]) {
      if (action !== "*" && name !== action) continue;
      this.#set.delete(name);
      end();
    }
  }

  sleep(seconds: number): Promise<void> {
    return sleep(this.simulator.charger.clock, seconds * 1000, this.signal);
  }

  /** Waits until something is so, `seconds` of the simulator's time at most. */
  async patiently(what: () => boolean, seconds: number, name: string): Promise<void> {
    if (what()) return;
    const waiting = new AbortController();
    const stop = () => waiting.abort();
    this.signal?.addEventListener("abort", stop);
    const unlisten = this.simulator.subscribe(() => what() && stop());
    await sleep(this.simulator.charger.clock, seconds * 1000, waiting.signal);
    unlisten();
    this.signal?.removeEventListener("abort", stop);
    if (!what() && !this.signal?.aborted) throw new StepFailed(`No ${name} within ${seconds} s`);
  }

  #do(step: Step, onStep?: (step: Step) => void): void | Promise<void> {
    const verb = verbOf(step)!;
    if (verb === "repeat") return this.#repeat(step as StepOf<"repeat">, onStep);
    return (DOING[verb] as (step: Step, stage: Stage) => void | Promise<void>)(step, this);
  }

  async #repeat({ repeat, steps }: StepOf<"repeat">, onStep?: (step: Step) => void): Promise<void> {
    for (let round = 0; round < repeat; round++) await this.play(steps as Step[], onStep);
  }

  #note(event: SimulatorEvent): void {
    if (event.type !== "frame" || event.direction !== "out") return;
    const action = /^\[2,"[^"]*","(\w+)"/.exec(event.text)?.[1];
    if (action) this.#last.set(action, event.text);
  }
}

type Doing = { [V in Exclude<VerbName, "repeat">]: (step: StepOf<V>, stage: Stage) => void | Promise<void> };

const DOING: Doing = {
  plug: ({ plug, ...visit }, { simulator }) => simulator.plugInVisitor(plug, visit),
  unplug: ({ unplug }, { simulator }) => simulator.unplug(unplug),
  tap: async ({ tap, connector = 1 }, { simulator }) => void await simulator.presentTag(tap, connector),
  start,
  stop: ({ stop, reason = "Local" }, { simulator }) => simulator.stopSession(stop, reason),
  wait: ({ wait }, stage) => stage.sleep(wait),
  until: ({ until, connector = 1, within = PATIENCE }, stage) =>
    stage.patiently(
      () => stage.simulator.status(connector) === until,
      within,
      `${until} at connector ${connector}`,
    ),
  disconnect: ({ disconnect }, stage) => away(stage, "close", disconnect),
  drop: ({ drop }, stage) => away(stage, "drop", drop),
  power_cut: async ({ power_cut }, { simulator: { charger } }) =>
    await charger.power.restart("PowerLoss", false, power_cut),
  duplicate: ({ duplicate, new_id }, stage) => {
    const text = stage.last(duplicate);
    stage.simulator.sendText(new_id ? text.replace(/^\[2,"[^"]*"/, `[2,"${crypto.randomUUID()}"`) : text);
  },
  delay: ({ delay, seconds, times }, stage) =>
    holdMessages(stage, delay, times, (payload) => later(stage, delay, payload, seconds)),
  hold_back: ({ hold_back, times }, stage) => holdMessages(stage, hold_back, times, () => null),
  alter: ({ alter, set = {}, remove = [], times }, stage) =>
    holdMessages(stage, alter, times, (payload) => altered(payload, set, remove)),
  meter_reset: ({ meter_reset, to = 0 }, { simulator: { charger } }) => charger.resetMeter(meter_reset, to),
  clock: ({ clock }, { simulator: { charger } }) =>
    void (charger.clock_offset = Date.parse(clock) - charger.clock.now()),
  garbage: ({ garbage }, { simulator }) => simulator.sendText(garbage),
  call,
  refuse: ({ refuse, code = "GenericError", text = "", times }, stage) =>
    holdAnswers(stage, refuse, times, () => {
      throw new OcppError(code as ErrorCode, text);
    }),
  answer: ({ answer, with: payload, times }, stage) => holdAnswers(stage, answer, times, () => payload),
  answer_late: ({ answer_late, seconds, times }, stage) =>
    holdAnswers(stage, answer_late, times, async () => {
      await stage.sleep(seconds);
      return undefined;
    }),
  fault: ({ fault, error_code = "InternalError", info, vendor_error_code }, { simulator }) =>
    simulator.fault(fault, {
      error_code,
      ...(info ? { info } : {}),
      ...(vendor_error_code ? { vendor_error_code } : {}),
    }),
  mend: ({ mend }, { simulator }) => simulator.fault(mend, null),
  configure: ({ configure, value }, { simulator: { charger } }) => {
    const status = charger.configuration.change(configure, value);
    if (status === "NotSupported" || status === "Rejected") {
      throw new StepFailed(`Cannot configure ${configure}: ${status}`);
    }
    charger.reconfigured(charger.configuration.nameOf(configure)!);
  },
  restore: ({ restore }, stage) => stage.restore(restore),
};

async function start({ start, tag, kwh }: StepOf<"start">, stage: Stage): Promise<void> {
  const { simulator } = stage;
  simulator.plugInVisitor(start, kwh === undefined ? {} : { kwh });
  const status = await simulator.presentTag(tag ?? simulator.settings.rfid, start);
  if (status !== "Accepted") throw new StepFailed(`Cannot start at connector ${start}: the tag is ${status}`);
  await stage.patiently(
    () => simulator.session(start)?.state === "on",
    PATIENCE,
    `session at connector ${start}`,
  );
}

async function call({ call, payload = {}, transaction_id }: StepOf<"call">, stage: Stage): Promise<void> {
  const { transactionId } = payload;
  const today = stage.transactions.get(transactionId);
  try {
    const answer = await stage.simulator.call(
      call,
      today === undefined ? payload : { ...payload, transactionId: today },
    );
    if (transaction_id !== undefined) stage.transactions.set(transaction_id, answer?.transactionId);
  } catch (error) {
    stage.simulator.charger.warn(`${call} failed`, error);
  }
}

/** What follows happens while the line is down. */
async function away(
  { simulator: { charger } }: Stage,
  how: "close" | "drop",
  seconds: number,
): Promise<void> {
  await charger.link.close(how);
  charger.power.dialIn(seconds);
}

function holdMessages(
  stage: Stage,
  action: string,
  times: number | undefined,
  filter: (payload: object) => object | null,
): void {
  stage.hold(action, times, (used) =>
    stage.simulator.filter(action, (payload) => {
      const filtered = filter(payload);
      used();
      return filtered;
    }));
}

function holdAnswers(
  stage: Stage,
  action: string,
  times: number | undefined,
  answer: () => object | undefined | Promise<undefined>,
): void {
  stage.hold(action, times, (used) =>
    stage.simulator.answer(action, () => {
      used();
      return answer();
    }));
}

/** The message goes out later, past everything that waits. */
function later(stage: Stage, action: string, payload: object, seconds: number): null {
  const { charger } = stage.simulator;
  const timer = charger.later(seconds * 1000, () => {
    charger.link.call(action, payload).catch((error) => charger.warn(`Cannot send ${action} late`, error));
  });
  stage.signal?.addEventListener("abort", () => timer.cancel());
  return null;
}

function altered(payload: object, set: Record<string, unknown>, remove: readonly string[]): object {
  const copy = structuredClone(payload);
  for (const [path, value] of Object.entries(set)) at(copy, path, (parent, name) => parent[name] = value);
  for (const path of remove) at(copy, path, (parent, name) => delete parent[name]);
  return copy;
}

/** Finds the parent of `meterValue.0.timestamp`; nothing happens where there is none. */
function at(
  payload: object,
  path: string,
  change: (parent: Record<string, unknown>, name: string) => void,
): void {
  const names = path.split(".");
  const name = names.pop()!;
  let parent: unknown = payload;
  for (const step of names) {
    parent = isRecord(parent) || Array.isArray(parent)
      ? (parent as Record<string, unknown>)[step]
      : undefined;
  }
  if (isRecord(parent) || Array.isArray(parent)) change(parent as Record<string, unknown>, name);
}
