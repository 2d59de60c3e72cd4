// Commands outside sessions: unlock, availability, reset.
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

/** After the plug is out. */
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

async function unlock(context: StepContext): Promise<Outcome> {
  const { outcome, status } = await context.port.unlock(context.connector_id);
  if (outcome === "accepted") return pass(text("unlocked"));
  if (outcome === "unsupported") return skip(text("no_lock"));
  return fail(text("charger_answered", { answer: status }));
}

async function availability(context: StepContext): Promise<Outcome> {
  const { before, keep } = context.deps;
  const others = before.switched?.filter((id) => id !== context.connector_id) ?? [];
  before.switched = [...others, context.connector_id];
  await keep();
  const out = await change(context, "Inoperative", () => context.status() === "Unavailable");
  if (out) return out;
  const back = await change(context, "Operative", () => context.status() !== "Unavailable");
  return back ??
    pass(text("availability_changed"), {
      status: context.status(),
    });
}

async function change(
  context: StepContext,
  type: "Inoperative" | "Operative",
  reached: () => boolean,
): Promise<Outcome | null> {
  const { outcome } = await context.port.setAvailability(context.connector_id, type === "Operative");
  if (outcome !== "accepted") return fail(text("availability_refused", { type }));
  if (await context.until(reached, context.options.start_s)) return null;
  return fail(
    text("availability_unchanged", { type, status: context.status() }),
    { status: context.status() },
  );
}

async function reset(context: StepContext): Promise<Outcome> {
  const asked = context.now();
  const { outcome, status } = await context.port.reset(context.options.reset);
  if (outcome !== "accepted") {
    return fail(text("charger_answered", { answer: status }));
  }
  const boot = await context.until(() => context.reported("boot"), context.options.return_s);
  if (!boot) return fail(text("not_back"));
  const seconds = round(Math.max(0, boot.at - asked) / 1000);
  const silent = () =>
    context.connectors().filter(({ connector_id }) =>
      !context.reported("status", (report) => report.connector_id === connector_id)
    );
  await context.until(() => silent().length === 0, context.options.start_s);
  if (silent().length > 0) {
    const ids = silent().map(({ connector_id }) => connector_id).join(", ");
    return fail(text("connectors_silent", { ids }), {
      seconds,
    });
  }
  return pass(text("back", { seconds }), { seconds });
}
