// Measurements in a session: the meter, and the obedience to a current limit.
import { newProfileId } from "../../../site/smart_charging/profiles.ts";
import type { StepContext } from "../step_context.ts";
import { amperesOf, isWithin, type Sample } from "../samples.ts";
import { fail, type Outcome, pass, round, skip, type Step, text } from "../step.ts";
import { clearProfile } from "./limit_profile.ts";

/** At each connector. */
export const MEASUREMENTS: Step[] = [
  {
    id: "meter",
    phase: "connector",
    needs: ["remote_start"],
    in_session: true,
    name: text("meter_name"),
    does: text("meter_does"),
    judged: text("meter_judged"),
    hint: text("meter_hint"),
    run: meter,
  },
  {
    id: "limit",
    phase: "connector",
    needs: ["remote_start"],
    in_session: true,
    name: text("limit_name"),
    does: text("limit_does"),
    judged: text("limit_judged"),
    hint: text("limit_hint"),
    run: limit,
  },
];

async function meter(context: StepContext): Promise<Outcome> {
  await sampleOften(context);
  const { samples: wanted, meter_s } = context.options;
  const counted = () => context.samples().filter(({ register_wh }) => register_wh !== null);
  const enough = () => counted().length >= wanted && (rise(counted()) > 0 || !flows(counted()));
  await context.until(enough, meter_s);
  return judge(counted(), context);
}

/** True where a sample has power. While power flows and the register stands still, samples are taken to the end. */
function flows(samples: Sample[]): boolean {
  return samples.some(({ power_w }) => (power_w ?? 0) > 0);
}

/** Sets a short sample interval; the old one is restored at the end. */
async function sampleOften(context: StepContext): Promise<void> {
  const key = "MeterValueSampleInterval";
  const { before, keep } = context.deps;
  const interval = await context.port.configurationValue(key);
  const { sample_interval_s: wanted } = context.options;
  if (interval === null || (Number(interval) > 0 && Number(interval) <= wanted)) return;
  before.configuration[key] ??= interval;
  await keep();
  await context.port.writeConfiguration(key, String(wanted));
}

function judge(samples: Sample[], context: StepContext): Outcome {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last) {
    return fail(text("no_register"));
  }
  const energy_wh = rise(samples);
  const integral_wh = integral(samples);
  const figures = {
    samples: samples.length,
    seconds: round((last.at - first.at) / 1000),
    energy_wh: round(energy_wh),
    power_over_time_wh: integral_wh === null ? null : round(integral_wh),
    power_w: last.power_w,
    current_a: last.current_a,
  };
  if (samples.length < 2) return fail(text("one_sample"), figures);
  if (samples.some((sample, index) => index > 0 && sample.register_wh! < samples[index - 1]!.register_wh!)) {
    return fail(text("register_fell"), figures);
  }
  if (integral_wh === null) {
    return skip(
      text("no_power"),
      figures,
    );
  }
  if (energy_wh === 0 && integral_wh === 0) {
    return skip(text("no_energy"), figures);
  }
  const off = Math.abs(energy_wh - integral_wh);
  const allowed = Math.max(
    2 * resolution(samples),
    context.options.tolerance * Math.max(energy_wh, integral_wh),
  );
  const words = text("register_rose", { energy_wh: round(energy_wh), integral_wh: round(integral_wh) });
  return off > allowed ? fail(words, figures) : pass(words, figures);
}

function rise(samples: Sample[]): number {
  return (samples.at(-1)?.register_wh ?? 0) - (samples[0]?.register_wh ?? 0);
}

/** Integrates the power by the trapezoid rule, Wh; null where a power is missing. */
function integral(samples: Sample[]): number | null {
  let wh = 0;
  for (let i = 1; i < samples.length; i++) {
    const [a, b] = [samples[i - 1]!, samples[i]!];
    if (a.power_w === null || b.power_w === null) return null;
    wh += (a.power_w + b.power_w) / 2 * (b.at - a.at) / 3_600_000;
  }
  return wh;
}

/** Returns the step in which the register counts, Wh: 1, 10 or 100. */
function resolution(samples: Sample[]): number {
  return [100, 10].find((step) => samples.every(({ register_wh }) => register_wh! % step === 0)) ?? 1;
}

async function limit(context: StepContext): Promise<Outcome> {
  const now = await context.until(() => context.samples().at(-1), context.options.limit_s);
  const before_a = now && amperesOf(now);
  if (before_a == null) return skip(text("no_current"));
  const limit_a = [context.options.limit_a, 6].find((limit) => before_a > limit * 1.2);
  if (limit_a === undefined) {
    return skip(
      text("current_too_low", { before_a: round(before_a) }),
      { before_a: round(before_a) },
    );
  }
  const id = newProfileId(context.deps.store, context.charger_id);
  context.deps.before.profiles.push(id);
  await context.deps.keep();
  const outcome = await obeyed(context, id, { before_a, limit_a });
  await clearProfile(context, id);
  return outcome;
}

async function obeyed(
  context: StepContext,
  id: number,
  { before_a, limit_a }: { before_a: number; limit_a: number },
): Promise<Outcome> {
  const { outcome, status } = await context.port.setLimit({
    connector_id: context.connector_id,
    profile_id: id,
    limit_a,
  });
  const figures = { before_a: round(before_a), limit_a };
  if (outcome === "unsupported") {
    return skip(text("no_smart_charging"), figures);
  }
  if (outcome === "refused") {
    return fail(text("charger_answered", { answer: status }), figures);
  }
  const from = context.reports.length;
  const low = () => context.samples(from).find((each) => isWithin(each, limit_a));
  const sample = await context.until(low, context.options.limit_s);
  const after_a = round(
    amperesOf(
      sample ?? context.samples(from).at(-1) ?? { at: 0, register_wh: null, power_w: null, current_a: null },
    ) ?? 0,
  );
  const words = text("current_fell", { before_a: round(before_a), after_a, limit_a });
  return sample ? pass(words, { ...figures, after_a }) : fail(words, { ...figures, after_a });
}
