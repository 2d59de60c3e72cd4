// Measurements in a session: is the meter plausible, is a current limit obeyed.
import { newProfileId } from "../../../site/smart_charging/profiles.ts";
import { CallFailed, OcppError } from "../../../ocpp/error.ts";
import type { StepContext } from "../step_context.ts";
import type { Sample } from "../samples.ts";
import { fail, type Outcome, pass, round, skip, type Step, text } from "../step.ts";

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

async function meter(bench: StepContext): Promise<Outcome> {
  await sampleOften(bench);
  const { samples: wanted, meter_s } = bench.options;
  const counted = () => bench.samples().filter(({ register_wh }) => register_wh !== null);
  const enough = () => counted().length >= wanted && (rise(counted()) > 0 || !flows(counted()));
  await bench.until(enough, meter_s);
  return judge(counted(), bench);
}

/** Power that flows while the register stands still is watched to the end. */
function flows(samples: Sample[]): boolean {
  return samples.some(({ power_w }) => (power_w ?? 0) > 0);
}

/** Asks for samples often enough; the old interval is put back at the end. */
async function sampleOften(bench: StepContext): Promise<void> {
  const key = "MeterValueSampleInterval";
  const { before, keep } = bench.parts;
  const interval = await bench.key(key);
  const { sample_interval_s: wanted } = bench.options;
  if (interval === null || (Number(interval) > 0 && Number(interval) <= wanted)) return;
  before.configuration[key] ??= interval;
  await keep();
  await bench.send("ChangeConfiguration", { key, value: String(wanted) });
}

function judge(samples: Sample[], bench: StepContext): Outcome {
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
    bench.options.tolerance * Math.max(energy_wh, integral_wh),
  );
  const words = text("register_rose", { energy_wh: round(energy_wh), integral_wh: round(integral_wh) });
  return off > allowed ? fail(words, figures) : pass(words, figures);
}

function rise(samples: Sample[]): number {
  return (samples.at(-1)?.register_wh ?? 0) - (samples[0]?.register_wh ?? 0);
}

/** Wh by the trapezoid rule; null where a power is missing. */
function integral(samples: Sample[]): number | null {
  let wh = 0;
  for (let i = 1; i < samples.length; i++) {
    const [a, b] = [samples[i - 1]!, samples[i]!];
    if (a.power_w === null || b.power_w === null) return null;
    wh += (a.power_w + b.power_w) / 2 * (b.at - a.at) / 3_600_000;
  }
  return wh;
}

/** Wh in which the register counts: 1, 10, 100. */
function resolution(samples: Sample[]): number {
  return [100, 10].find((step) => samples.every(({ register_wh }) => register_wh! % step === 0)) ?? 1;
}

async function limit(bench: StepContext): Promise<Outcome> {
  const now = await bench.until(() => bench.samples().at(-1), bench.options.limit_s);
  const before_a = now && ampsOf(now);
  if (before_a == null) return skip(text("no_current"));
  const limit_a = [bench.options.limit_a, 6].find((limit) => before_a > limit * 1.2);
  if (limit_a === undefined) {
    return skip(
      text("current_too_low", { before_a: round(before_a) }),
      { before_a: round(before_a) },
    );
  }
  const id = newProfileId(bench.parts.central.parts.store, bench.charger_id);
  bench.parts.before.profiles.push(id);
  await bench.parts.keep();
  const outcome = await obeyed(bench, id, { before_a, limit_a });
  await clear(bench, id);
  return outcome;
}

/** A a phase; from the power where no current is told. */
function ampsOf({ current_a, power_w }: Sample): number | null {
  return current_a ?? (power_w === null ? null : power_w / 230 / 3);
}

async function obeyed(
  bench: StepContext,
  id: number,
  { before_a, limit_a }: { before_a: number; limit_a: number },
): Promise<Outcome> {
  const { status } = await bench.send("SetChargingProfile", {
    connectorId: bench.connector_id,
    csChargingProfiles: await profile(bench, id, limit_a),
  });
  const figures = { before_a: round(before_a), limit_a };
  if (status === "NotSupported") {
    return skip(text("no_smart_charging"), figures);
  }
  if (status !== "Accepted") {
    return fail(text("charger_answered", { answer: status }), figures);
  }
  const from = bench.messages.length;
  const low = (sample: Sample) => (ampsOf(sample) ?? Infinity) <= limit_a * 1.1 + 0.5;
  const sample = await bench.until(() => bench.samples(from).find(low), bench.options.limit_s);
  const after_a = round(
    ampsOf(
      sample ?? bench.samples(from).at(-1) ?? { at: 0, register_wh: null, power_w: null, current_a: null },
    ) ?? 0,
  );
  const words = text("current_fell", { before_a: round(before_a), after_a, limit_a });
  return sample ? pass(words, { ...figures, after_a }) : fail(words, { ...figures, after_a });
}

async function profile(bench: StepContext, chargingProfileId: number, limit_a: number) {
  const units = await bench.key("ChargingScheduleAllowedChargingRateUnit");
  const watts = units !== null && !/current|^a$/i.test(units);
  const highest = Number(await bench.key("ChargeProfileMaxStackLevel") ?? 0);
  return {
    chargingProfileId,
    stackLevel: Number.isInteger(highest) ? highest : 0,
    chargingProfilePurpose: "TxProfile",
    chargingProfileKind: "Relative",
    chargingSchedule: {
      chargingRateUnit: watts ? "W" : "A",
      chargingSchedulePeriod: [{ startPeriod: 0, limit: watts ? limit_a * 690 : limit_a }],
    },
  };
}

/** One that can't be cleared now is tried again at the end. */
async function clear(bench: StepContext, id: number): Promise<void> {
  try {
    await bench.send("ClearChargingProfile", { id });
  } catch (error) {
    if (error instanceof OcppError || error instanceof CallFailed) return;
    throw error;
  }
  const { before, keep } = bench.parts;
  before.profiles = before.profiles.filter((each) => each !== id);
  await keep();
}
