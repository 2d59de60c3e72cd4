// Sessions: the plug, the tag, the remote start and stop.
import { wireId } from "../../../site/sessions/recovered_session.ts";
import type { Transaction } from "../../../store/store.ts";
import type { StepContext, TimedReport } from "../step_context.ts";
import { fail, type Outcome, pass, round, type Step, text } from "../step.ts";

const PLUGGED = ["Preparing", "Charging", "SuspendedEV", "SuspendedEVSE"];

const CHARGING = ["Charging", "SuspendedEV", "SuspendedEVSE"];

const UNPLUG = {
  phase: "connector" as const,
  guided: true as const,
  needs: ["plug_in"],
  does: text("unplug_does"),
  judged: text("unplug_judged"),
  hint: text("unplug_hint"),
  run: unplug,
};

/** At each connector, before the measurements. */
export const BEGINNING: Step[] = [
  {
    id: "plug_in",
    phase: "connector",
    guided: true,
    name: text("plug_in_name"),
    does: text("plug_in_does"),
    judged: text("plug_in_judged"),
    hint: text("plug_in_hint"),
    run: plugIn,
  },
  {
    id: "tag",
    phase: "connector",
    guided: true,
    needs: ["plug_in"],
    name: text("tag_name"),
    does: text("tag_does"),
    judged: text("tag_judged"),
    hint: text("tag_hint"),
    run: tag,
  },
  { id: "unplug", name: text("unplug_name"), ...UNPLUG },
  {
    id: "remote_start",
    phase: "connector",
    guided: true,
    needs: ["plug_in"],
    name: text("remote_start_name"),
    does: text("remote_start_does"),
    judged: text("remote_start_judged"),
    hint: text("remote_start_hint"),
    run: remoteStart,
  },
];

/** At each connector, after the measurements. */
export const ENDING: Step[] = [
  {
    id: "remote_stop",
    phase: "connector",
    needs: ["remote_start"],
    in_session: true,
    name: text("remote_stop_name"),
    does: text("remote_stop_does"),
    judged: text("remote_stop_judged"),
    hint: text("remote_stop_hint"),
    run: remoteStop,
  },
];

/** After the lock was opened. */
export const LEAVING: Step = {
  id: "leave",
  name: text("unplug_name"),
  ...UNPLUG,
};

async function plugIn(context: StepContext): Promise<Outcome> {
  const status = await awaitPlug(context);
  if (status === null) {
    return fail(text("plug_not_reported"), {
      status: context.status(),
    });
  }
  return pass(text("connector_is", { status }), { status });
}

async function awaitPlug(context: StepContext): Promise<string | null> {
  const plugged = () => PLUGGED.includes(context.status()) && context.status();
  const prompt = text("plug_in_prompt", { connector_id: context.connector_id });
  return plugged() || await context.guided("plug_in", prompt, plugged) || null;
}

async function tag(context: StepContext): Promise<Outcome> {
  const prompt = text("tag_prompt", { connector_id: context.connector_id });
  const seen = await context.guided(
    "tag",
    prompt,
    () => startOf(context) ?? context.reported("authorization"),
  );
  if (!seen) return fail(text("no_tag"));
  const { id_tag, status } = seen;
  const figures = { id_tag, status };
  if (status !== "Accepted") {
    return fail(text("tag_refused", { id_tag, status }), figures);
  }
  const start = await context.until(() => startOf(context), context.options.start_s);
  if (!start) {
    return fail(
      text("no_session_after_tag"),
      figures,
    );
  }
  const { transaction_id } = start;
  return pass(text("tag_began_session", { id_tag }), { ...figures, transaction_id });
}

function startOf(context: StepContext): TimedReport<"session_started"> | undefined {
  return context.reported("session_started", ({ connector_id }) => connector_id === context.connector_id);
}

async function unplug(context: StepContext): Promise<Outcome> {
  const session = context.transaction();
  const prompt = text("unplug_prompt", { connector_id: context.connector_id });
  const free = await context.guided("unplug", prompt, () => context.status() === "Available");
  if (!free) {
    return fail(text("not_available"), {
      status: context.status(),
    });
  }
  await context.until(() => !context.transaction(), context.options.start_s);
  if (context.transaction()) {
    return fail(
      text("session_goes_on"),
    );
  }
  const end = session ? endOf(context, session) : {};
  return pass(text("available"), end);
}

async function remoteStart(context: StepContext): Promise<Outcome> {
  const status = await awaitPlug(context);
  if (status === null) return fail(text("no_car"));
  const id_tag = context.options.id_tag || String(context.deps.figure("tag", "id_tag") ?? "COMMISSION");
  const asked = context.now();
  const answer = await context.port.startSession({ connector_id: context.connector_id, id_tag });
  if (answer.outcome !== "accepted") {
    return fail(text("charger_answered", { answer: answer.status }), { id_tag });
  }
  const start = await context.until(() => startOf(context), context.options.start_s);
  if (!start) {
    return fail(text("no_session_after_start"), { id_tag });
  }
  await context.until(() => CHARGING.includes(context.status()), context.options.answer_s); // it knows its session then
  const figures = {
    id_tag,
    transaction_id: start.transaction_id,
    meter_start: start.meter_start,
    seconds: round(Math.max(0, start.at - asked) / 1000),
  };
  if (start.id_tag.toUpperCase() !== id_tag.toUpperCase()) {
    return fail(text("other_tag", { idTag: start.id_tag }), figures);
  }
  return pass(text("session_begun"), figures);
}

async function remoteStop(context: StepContext): Promise<Outcome> {
  const session = context.transaction();
  if (!session) return fail(text("session_ended"));
  const answer = await context.port.stopSession(session.transaction_id);
  if (answer.outcome !== "accepted") {
    return fail(text("charger_answered", { answer: answer.status }));
  }
  const stopped = await context.until(
    () => !context.transaction() && context.reported("session_ended"),
    context.options.start_s,
  );
  if (!stopped) {
    return fail(text("no_stop"));
  }
  const figures = endOf(context, session);
  if (Number(figures.meter_stop) < (session.meter_start ?? 0)) {
    return fail(
      text("meter_end_below_start"),
      figures,
    );
  }
  return pass(
    text("session_ended_with", { energy_wh: figures.energy_wh }),
    figures,
  );
}

/** Returns the session's figures as its end reported them; none where no end was seen. */
function endOf(context: StepContext, session: Transaction): Record<string, number | string> {
  const end = context.reported("session_ended", ({ transaction_id }) => transaction_id === wireId(session));
  if (!end) return {};
  const { meter_stop, reason } = end;
  return { meter_stop, energy_wh: round(meter_stop - (session.meter_start ?? 0)), reason };
}
