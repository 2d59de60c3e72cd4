// Sessions: the plug, the tag, the remote start and stop.
import { wireId } from "../../../site/sessions/recovered_session.ts";
import type { Transaction } from "../../../store/store.ts";
import type { Message, StepContext } from "../step_context.ts";
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

async function plugIn(bench: StepContext): Promise<Outcome> {
  const status = await awaitPlug(bench);
  if (status === null) {
    return fail(text("plug_not_reported"), {
      status: bench.status(),
    });
  }
  return pass(text("connector_is", { status }), { status });
}

async function awaitPlug(bench: StepContext): Promise<string | null> {
  const plugged = () => PLUGGED.includes(bench.status()) && bench.status();
  const prompt = text("plug_in_prompt", { connector_id: bench.connector_id });
  return plugged() || await bench.guided("plug_in", prompt, plugged) || null;
}

async function tag(bench: StepContext): Promise<Outcome> {
  const prompt = text("tag_prompt", { connector_id: bench.connector_id });
  const seen = await bench.guided("tag", prompt, () => startOf(bench) ?? bench.heard("Authorize"));
  if (!seen) return fail(text("no_tag"));
  const id_tag = String(seen.payload.idTag ?? "");
  const status = String((seen.answer.idTagInfo as { status?: unknown } | undefined)?.status ?? "");
  const figures = { id_tag, status };
  if (status !== "Accepted") {
    return fail(text("tag_refused", { id_tag, status }), figures);
  }
  const start = await bench.until(() => startOf(bench), bench.options.start_s);
  if (!start) {
    return fail(
      text("no_session_after_tag"),
      figures,
    );
  }
  const transaction_id = Number(start.answer.transactionId);
  return pass(text("tag_began_session", { id_tag }), {
    ...figures,
    transaction_id,
  });
}

function startOf(bench: StepContext): Message | undefined {
  return bench.heard("StartTransaction", ({ payload }) => payload.connectorId === bench.connector_id);
}

async function unplug(bench: StepContext): Promise<Outcome> {
  const session = bench.transaction();
  const prompt = text("unplug_prompt", { connector_id: bench.connector_id });
  const free = await bench.guided("unplug", prompt, () => bench.status() === "Available");
  if (!free) {
    return fail(text("not_available"), {
      status: bench.status(),
    });
  }
  await bench.until(() => !bench.transaction(), bench.options.start_s);
  if (bench.transaction()) {
    return fail(
      text("session_goes_on"),
    );
  }
  const end = session ? endOf(bench, session) : {};
  return pass(text("available"), end);
}

async function remoteStart(bench: StepContext): Promise<Outcome> {
  const status = await awaitPlug(bench);
  if (status === null) return fail(text("no_car"));
  const idTag = bench.options.id_tag || String(bench.parts.figure("tag", "id_tag") ?? "COMMISSION");
  const asked = bench.now();
  const answer = await bench.send("RemoteStartTransaction", { connectorId: bench.connector_id, idTag });
  if (answer.status !== "Accepted") {
    return fail(text("charger_answered", { answer: answer.status }), {
      id_tag: idTag,
    });
  }
  const start = await bench.until(() => startOf(bench), bench.options.start_s);
  if (!start) {
    return fail(text("no_session_after_start"), {
      id_tag: idTag,
    });
  }
  await bench.until(() => CHARGING.includes(bench.status()), bench.options.answer_s); // it knows its session then
  const figures = {
    id_tag: idTag,
    transaction_id: Number(start.answer.transactionId),
    meter_start: Number(start.payload.meterStart),
    seconds: round(Math.max(0, start.at - asked) / 1000),
  };
  if (String(start.payload.idTag).toUpperCase() !== idTag.toUpperCase()) {
    return fail(
      text("other_tag", { idTag: start.payload.idTag }),
      figures,
    );
  }
  return pass(text("session_begun"), figures);
}

async function remoteStop(bench: StepContext): Promise<Outcome> {
  const session = bench.transaction();
  if (!session) return fail(text("session_ended"));
  const answer = await bench.send("RemoteStopTransaction", { transactionId: wireId(session) });
  if (answer.status !== "Accepted") {
    return fail(text("charger_answered", { answer: answer.status }));
  }
  const stopped = await bench.until(
    () => !bench.transaction() && bench.heard("StopTransaction"),
    bench.options.start_s,
  );
  if (!stopped) {
    return fail(text("no_stop"));
  }
  const figures = endOf(bench, session);
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

/** The session's figures by its StopTransaction. */
function endOf(bench: StepContext, session: Transaction): Record<string, number | string> {
  const stop = bench.heard("StopTransaction", ({ payload }) => payload.transactionId === wireId(session));
  if (!stop) return {};
  const meter_stop = Number(stop.payload.meterStop);
  return {
    meter_stop,
    energy_wh: round(meter_stop - (session.meter_start ?? 0)),
    reason: String(stop.payload.reason ?? "Local"),
  };
}
