// A network outage while a session runs (OCPP 1.6 §3.7: messages of the session are kept and sent later).
import type { StepContext } from "../step_context.ts";
import type { Sample } from "../samples.ts";
import { fail, type Outcome, pass, round, type Step, text } from "../step.ts";

const LATE = 2.5; // sample intervals

/** At each connector. */
export const LINK_CUT: Step = {
  id: "link_cut",
  phase: "connector",
  needs: ["remote_start"],
  in_session: true,
  name: text("link_cut_name"),
  does: text("link_cut_does"),
  judged: text("link_cut_judged"),
  hint: text("link_cut_hint"),
  run: cutLine,
};

async function cutLine(context: StepContext): Promise<Outcome> {
  const session = context.transaction();
  if (!session) return fail(text("session_ended"));
  const interval_s = Number(await context.port.configurationValue("MeterValueSampleInterval")) || Infinity; // unknown: nothing is missed
  const last = await context.until(() => context.samples().at(-1), context.options.start_s);
  if (!last) return fail(text("no_meter_values"));
  const from = context.reports.length;
  const began = context.now();
  const back = await outage(context, context.options.cut_s);
  const away_s = round((context.now() - began) / 1000);
  if (!back) return fail(text("not_back_after_cut"), { away_s });
  return await judge(context, { from, last, interval_s, away_s, transaction_id: session.transaction_id });
}

/** Blocks the charger for a time. Resolves with true when it has come back. */
export async function outage(context: StepContext, seconds: number): Promise<boolean> {
  const { central } = context.deps;
  const restore = central.block(context.charger_id);
  try {
    await context.pause(seconds);
  } finally {
    restore();
  }
  return await context.until(() => context.connected, context.options.return_s) ?? false;
}

interface Outage {
  /** The number of reports before the outage. */
  from: number;
  last: Sample;
  interval_s: number;
  away_s: number;
  transaction_id: number;
}

async function judge(
  context: StepContext,
  { from, last, interval_s, away_s, transaction_id }: Outage,
): Promise<Outcome> {
  const later = () => context.samples(from).filter(({ at }) => at > last.at);
  const whole = () => later().length >= 2 && gap([last, ...later()]) <= LATE * interval_s;
  const complete = await context.until(() => whole() || ended(), context.options.start_s);
  function ended() {
    return context.transaction()?.transaction_id !== transaction_id;
  }
  const figures = { away_s, samples: later().length, gap_s: round(gap([last, ...later()])) };
  if (ended()) {
    return fail(
      text("session_lost"),
      figures,
    );
  }
  if (later().length === 0) {
    return fail(text("no_meter_values_after_cut"), figures);
  }
  if (later().some(({ register_wh }) => (register_wh ?? Infinity) < (last.register_wh ?? 0))) {
    return fail(text("register_fell"), figures);
  }
  if (complete) {
    return pass(
      text("nothing_lost", { away_s }),
      figures,
    );
  }
  return fail(
    text("meter_values_lost", { gap_s: figures.gap_s }),
    figures,
  );
}

/** Returns the longest time between two samples, s. */
function gap(samples: Sample[]): number {
  const times = samples.map(({ at }) => at).sort((a, b) => a - b);
  return Math.max(0, ...times.slice(1).map((at, index) => at - times[index]!)) / 1000;
}
