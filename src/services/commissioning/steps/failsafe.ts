// The limit that holds without the gateway: set, then the line is cut until only the fail-safe limit is left.
import { loadPlaceOf } from "../../../site/load/load_place.ts";
import { failsafeProfileId, liveProfileId } from "../../../site/smart_charging/own_profiles.ts";
import type { PortAnswer } from "../../../site/charger_port.ts";
import type { StepContext } from "../step_context.ts";
import { amperesOf, isWithin } from "../samples.ts";
import { fail, type Outcome, pass, round, skip, type Step, text } from "../step.ts";
import { clearProfile } from "./limit_profile.ts";
import { outage } from "./link.ts";

/** The limit that is tried where the car draws too little for the chosen one, A. */
const LOW_A = 8;
/** Time that load management allows for clock and car beside the validity of a limit, s. */
const ALLOWANCE_S = 20;

/** At each connector. */
export const FAILSAFE: Step = {
  id: "failsafe",
  phase: "connector",
  needs: ["remote_start"],
  in_session: true,
  name: text("failsafe_name"),
  does: text("failsafe_does"),
  judged: text("failsafe_judged"),
  hint: text("failsafe_hint"),
  run: failsafe,
};

/** A test of one connector. */
interface Trial {
  failsafe_a: number;
  /** The limit that the test sets, A; null: that of load management is in force. */
  limit_a: number | null;
  /** Time after which the limit has run out, s. */
  validity_s: number;
  cut_s: number;
  before_a: number;
}

async function failsafe(context: StepContext): Promise<Outcome> {
  const now = await context.until(() => context.samples().at(-1), context.options.limit_s);
  const before_a = now && amperesOf(now);
  if (before_a == null) return skip(text("no_current"));
  const trial = trialOf(context, before_a);
  if (!trial) {
    return skip(text("current_too_low", { before_a: round(before_a) }), { before_a: round(before_a) });
  }
  try {
    return await limited(context, trial) ?? await alone(context, trial);
  } finally {
    context.deps.load.cap({ ...placeOf(context), limit_a: null });
    if (trial.limit_a !== null) await clearBoth(context);
  }
}

function trialOf(context: StepContext, before_a: number): Trial | null {
  const { store } = context.deps;
  const { cut_s, limit_a: wanted } = context.options;
  const { circuit, failsafe_current_a: failsafe_a } = loadPlaceOf(context.charger);
  const shows = (more: number, less: number) => more > less * 1.2 + 0.5;
  if (circuit !== null) {
    const validity_s = store.settings.load_limit_validity;
    const whole_s = validity_s + Math.min(cut_s, ALLOWANCE_S);
    return shows(before_a, failsafe_a)
      ? { failsafe_a, limit_a: null, validity_s, cut_s: whole_s, before_a }
      : null;
  }
  const limit_a = [wanted, LOW_A].find((limit) => shows(before_a, limit) && shows(limit, failsafe_a));
  if (limit_a === undefined) return null;
  return { failsafe_a, limit_a, validity_s: Math.max(1, Math.round(cut_s / 2)), cut_s, before_a };
}

/** Sets both limits and waits for the car to obey; null: it has. */
async function limited(context: StepContext, trial: Trial): Promise<Outcome | null> {
  const { limit_a, failsafe_a, before_a } = trial;
  if (limit_a === null) return null;
  const answer = await setBoth(context, { ...trial, limit_a });
  const figures = { before_a: round(before_a), limit_a, failsafe_a };
  if (answer.outcome === "unsupported") return skip(text("no_smart_charging"), figures);
  if (answer.outcome === "refused") return fail(text("charger_answered", { answer: answer.status }), figures);
  const from = context.reports.length;
  const low = () => context.samples(from).find((sample) => isWithin(sample, limit_a));
  if (await context.until(low, context.options.limit_s)) return null;
  const last = context.samples(from).at(-1);
  const after_a = round((last && amperesOf(last)) ?? before_a);
  return fail(text("current_fell", { before_a: round(before_a), after_a, limit_a }), { ...figures, after_a });
}

async function setBoth(
  context: StepContext,
  { limit_a, failsafe_a, validity_s }: Trial & { limit_a: number },
): Promise<PortAnswer> {
  const { connector_id, port, deps: { before, keep } } = context;
  before.profiles.push(failsafeProfileId(connector_id), liveProfileId(connector_id));
  await keep();
  const standing = await port.setFailsafe({ connector_id, limit_a: failsafe_a, stack_level: 0 });
  if (standing.outcome !== "accepted") return standing;
  const purpose = "TxProfile";
  return await port.setConnectorLimit({
    connector_id,
    purpose,
    limit_a,
    fallback_a: failsafe_a,
    validity_s,
    phases: 1,
  });
}

/** Cuts the line until the limit has run out, and judges what the car draws then, by the first value from that time. */
async function alone(
  context: StepContext,
  { failsafe_a, limit_a, validity_s, cut_s }: Trial,
): Promise<Outcome> {
  const last = context.samples().at(-1)!;
  const from = context.reports.length;
  const began = context.now();
  context.deps.load.cap({ ...placeOf(context), limit_a: 0 });
  const back = await outage(context, cut_s);
  const figures = { limit_a, failsafe_a, away_s: round((context.now() - began) / 1000) };
  if (!back) return fail(text("not_back_after_cut"), figures);
  const behind = last.at + 500 * (validity_s + cut_s); // halfway between the limit's end and the return
  const later = () =>
    context.samples(from).find((sample) => sample.at >= behind && amperesOf(sample) !== null);
  const sample = await context.until(later, context.options.limit_s);
  if (!sample) return fail(text("no_meter_values_after_cut"), figures);
  const alone_a = round(amperesOf(sample)!);
  const words = text("failsafe_drawn", { ...figures, alone_a });
  return isWithin(sample, failsafe_a)
    ? pass(words, { ...figures, alone_a })
    : fail(words, { ...figures, alone_a });
}

function placeOf({ charger_id, connector_id }: StepContext) {
  return { charger_id, connector_id, reason: "commissioning" };
}

async function clearBoth(context: StepContext): Promise<void> {
  for (const id of [liveProfileId(context.connector_id), failsafeProfileId(context.connector_id)]) {
    await clearProfile(context, id);
  }
}
