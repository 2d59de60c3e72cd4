// What the gateway does to the charger outside sessions: unlock, availability, reset.
import type { StepContext } from "../step_context.ts";
import { fail, type Outcome, pass, round, skip, type Step, text } from "../step.ts";

/** After the session, before the plug is taken out. */
export const UNLOCK: Step = {
  id: "unlock",
  phase: "connector",
  needs: ["plug_in"],
  name: text("unlock_name"),
  does: text("unlock_does"),
  judged: text("unlock_judged"),
  hint: text("unlock_hint"),
  run: unlock,
};

/** When the plug is out. */
export const AVAILABILITY: Step = {
  id: "availability",
  phase: "connector",
  name: text("availability_name"),
  does: text("availability_does"),
  judged: text("availability_judged"),
  hint: text("availability_hint"),
  run: availability,
};

/** At the end. */
export const RESET: Step = {
  id: "reset",
  phase: "end",
  name: text("reset_name"),
  does: text("reset_does"),
  judged: text("reset_judged"),
  hint: text("reset_hint"),
  run: reset,
};

async function unlock(bench: StepContext): Promise<Outcome> {
  const { status } = await bench.send("UnlockConnector", { connectorId: bench.connector_id });
  if (status === "Unlocked") return pass(text("unlocked"));
  if (status === "NotSupported") return skip(text("no_lock"));
  return fail(text("charger_answered", { answer: status }));
}

async function availability(bench: StepContext): Promise<Outcome> {
  const { before, keep } = bench.parts;
  const others = before.switched?.filter((id) => id !== bench.connector_id) ?? [];
  before.switched = [...others, bench.connector_id];
  await keep();
  const out = await change(bench, "Inoperative", () => bench.status() === "Unavailable");
  if (out) return out;
  const back = await change(bench, "Operative", () => bench.status() !== "Unavailable");
  return back ??
    pass(text("availability_changed"), {
      status: bench.status(),
    });
}

async function change(bench: StepContext, type: string, reached: () => boolean): Promise<Outcome | null> {
  const { status } = await bench.send("ChangeAvailability", { connectorId: bench.connector_id, type });
  if (status === "Rejected") return fail(text("availability_refused", { type }));
  if (await bench.until(reached, bench.options.start_s)) return null;
  return fail(
    text("availability_unchanged", { type, status: bench.status() }),
    { status: bench.status() },
  );
}

async function reset(bench: StepContext): Promise<Outcome> {
  const asked = bench.now();
  const { status } = await bench.send("Reset", { type: bench.options.reset });
  if (status !== "Accepted") {
    return fail(text("charger_answered", { answer: status }));
  }
  const boot = await bench.until(() => bench.heard("BootNotification"), bench.options.return_s);
  if (!boot) return fail(text("not_back"));
  const seconds = round(Math.max(0, boot.at - asked) / 1000);
  const silent = () =>
    bench.connectors().filter(({ connector_id }) =>
      !bench.heard("StatusNotification", ({ payload }) => payload.connectorId === connector_id)
    );
  await bench.until(() => silent().length === 0, bench.options.start_s);
  if (silent().length > 0) {
    const ids = silent().map(({ connector_id }) => connector_id).join(", ");
    return fail(text("connectors_silent", { ids }), {
      seconds,
    });
  }
  return pass(text("back", { seconds }), { seconds });
}
