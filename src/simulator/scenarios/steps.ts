// The effect of each scenario step on a simulator.
import { type ErrorCode, OcppError } from "../../ocpp/error.ts";
import { altered } from "./alter.ts";
import { type StepContext, StepFailed, type Use, WAIT_LIMIT } from "./step_context.ts";
import type { StepOf, VerbName } from "./verbs.ts";

type Steps = {
  [V in Exclude<VerbName, "repeat">]: (step: StepOf<V>, context: StepContext) => void | Promise<void>;
};

/** The effects by verb; `repeat` is that of play.ts. */
export const STEPS: Steps = {
  plug: ({ plug, ...visit }, { simulator }) => simulator.plugInVisitor(plug, visit),
  unplug: ({ unplug }, { simulator }) => simulator.unplug(unplug),
  tap: async ({ tap, connector = 1 }, { simulator }) => void await simulator.presentTag(tap, connector),
  start,
  stop: ({ stop, reason = "Local" }, { simulator }) => simulator.stopSession(stop, reason),
  wait: ({ wait }, context) => context.sleep(wait),
  until: ({ until, connector = 1, within = WAIT_LIMIT }, context) =>
    context.waitFor(
      () => context.simulator.status(connector) === until,
      within,
      `${until} at connector ${connector}`,
    ),
  disconnect: ({ disconnect: seconds }, context) => disconnect(context, "close", seconds),
  drop: ({ drop }, context) => disconnect(context, "drop", drop),
  power_cut: async ({ power_cut }, { simulator: { charger } }) =>
    await charger.power.restart("PowerLoss", false, power_cut),
  duplicate: ({ duplicate, new_id }, context) => {
    const text = context.lastFrame(duplicate);
    context.simulator.sendText(new_id ? text.replace(/^\[2,"[^"]*"/, `[2,"${crypto.randomUUID()}"`) : text);
  },
  delay: ({ delay, seconds, times }, context) =>
    setFilter(context, { action: delay, times }, (payload) => {
      sendLater(context, { action: delay, payload, seconds });
      return null;
    }),
  hold_back: ({ hold_back, times }, context) => setFilter(context, { action: hold_back, times }, () => null),
  alter: ({ alter, set = {}, remove = [], times }, context) =>
    setFilter(context, { action: alter, times }, (payload) => altered(payload, { set, remove })),
  meter_reset: ({ meter_reset, to = 0 }, { simulator: { charger } }) => charger.meters.reset(meter_reset, to),
  clock: ({ clock }, { simulator: { charger } }) =>
    void (charger.clock_offset = Date.parse(clock) - charger.clock.now()),
  garbage: ({ garbage }, { simulator }) => simulator.sendText(garbage),
  call,
  refuse: ({ refuse, code = "GenericError", text = "", times }, context) =>
    setAnswer(context, { action: refuse, times }, () => {
      throw new OcppError(code as ErrorCode, text);
    }),
  answer: ({ answer, with: payload, times }, context) =>
    setAnswer(context, { action: answer, times }, () => payload),
  answer_late: ({ answer_late, seconds, times }, context) =>
    setAnswer(context, { action: answer_late, times }, async () => {
      await context.sleep(seconds);
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
    charger.onConfigured(charger.configuration.nameOf(configure)!);
  },
  restore: ({ restore }, context) => context.restore(restore),
};

async function start({ start, tag, kwh }: StepOf<"start">, context: StepContext): Promise<void> {
  const { simulator } = context;
  simulator.plugInVisitor(start, kwh === undefined ? {} : { kwh });
  const status = await simulator.presentTag(tag ?? simulator.settings.rfid, start);
  if (status !== "Accepted") throw new StepFailed(`Cannot start at connector ${start}: the tag is ${status}`);
  await context.waitFor(
    () => simulator.session(start)?.state === "on",
    WAIT_LIMIT,
    `session at connector ${start}`,
  );
}

async function call(
  { call, payload = {}, transaction_id }: StepOf<"call">,
  context: StepContext,
): Promise<void> {
  const { transactionId } = payload;
  const current = context.transactions.get(transactionId);
  try {
    const answer = await context.simulator.call(
      call,
      current === undefined ? payload : { ...payload, transactionId: current },
    );
    if (transaction_id !== undefined) context.transactions.set(transaction_id, answer?.transactionId);
  } catch (error) {
    context.simulator.charger.events.warn(`${call} failed`, error);
  }
}

/** Disconnects, and redials after `seconds`; the steps that follow happen meanwhile. */
async function disconnect(
  { simulator: { charger } }: StepContext,
  how: "close" | "drop",
  seconds: number,
): Promise<void> {
  await charger.link.close(how);
  charger.power.dialIn(seconds);
}

function setFilter(
  context: StepContext,
  use: Use,
  filter: (payload: object) => object | null,
): void {
  context.set(use, (used) =>
    context.simulator.filter(use.action, (payload) => {
      const filtered = filter(payload);
      used();
      return filtered;
    }));
}

function setAnswer(
  context: StepContext,
  use: Use,
  answer: () => object | undefined | Promise<undefined>,
): void {
  context.set(use, (used) =>
    context.simulator.answer(use.action, () => {
      used();
      return answer();
    }));
}

/** Sends a message later, ahead of queued messages. */
function sendLater(
  context: StepContext,
  { action, payload, seconds }: { action: string; payload: object; seconds: number },
): void {
  const { charger } = context.simulator;
  const timer = charger.after(seconds * 1000, () => {
    charger.link.call(action, payload).catch((error) =>
      charger.events.warn(`Cannot send ${action} late`, error)
    );
  });
  context.signal?.addEventListener("abort", () => timer.cancel());
}
