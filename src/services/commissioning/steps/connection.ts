// Checks that leave the charger alone: its connection, registration, configuration and clock.
import { readTime } from "../../../ocpp/time.ts";
import type { StepContext, TimedReport } from "../step_context.ts";
import { fail, observe, type Outcome, pass, round, skip, type Step, text } from "../step.ts";

const ESSENTIAL = [
  "NumberOfConnectors",
  "MeterValueSampleInterval",
  "MeterValuesSampledData",
  "SupportedFeatureProfiles",
];

/** At the beginning. */
export const CONNECTION: Step[] = [
  {
    id: "connection",
    phase: "begin",
    name: text("connection_name"),
    does: text("connection_does"),
    judged: text("connection_judged"),
    hint: text("connection_hint"),
    run: connection,
  },
  {
    id: "boot",
    phase: "begin",
    name: text("boot_name"),
    does: text("boot_does"),
    judged: text("boot_judged"),
    hint: text("boot_hint"),
    run: boot,
  },
  {
    id: "configuration",
    phase: "begin",
    name: text("configuration_name"),
    does: text("configuration_does"),
    judged: text("configuration_judged", { essential: ESSENTIAL.join(", ") }),
    hint: text("configuration_hint"),
    run: configuration,
  },
  {
    id: "clock",
    phase: "begin",
    name: text("clock_name"),
    does: text("clock_does"),
    judged: text("clock_judged"),
    hint: text("clock_hint"),
    run: clock,
  },
];

function connection(context: StepContext): Promise<Outcome> {
  const { central } = context.deps;
  const { base_url } = central.state(context.charger_id);
  const tls = base_url?.startsWith("https:") ?? false;
  const password = context.charger?.password != null;
  const certificate = tls && context.charger?.security_profile === 3;
  const profile = certificate ? 3 : !password ? 0 : tls ? 2 : 1;
  const wanted = Math.max(context.options.security_profile, context.deps.store.settings.min_security_profile);
  const figures = {
    security_profile: profile,
    tls: tls ? "yes" : "no",
    auth: certificate ? "certificate" : password ? "password" : "none",
    address: context.charger?.remote_address,
  };
  if (!context.connected) {
    return Promise.resolve(fail(text("not_connected"), figures));
  }
  if (profile < wanted) {
    return Promise.resolve(fail(
      text("profile_too_low", { profile, wanted }),
      figures,
    ));
  }
  const open = text("connected_open");
  const good = text("connected", { profile });
  return Promise.resolve(profile === 0 ? observe(open, figures) : pass(good, figures));
}

function boot(context: StepContext): Promise<Outcome> {
  const { vendor, model, serial_number, firmware_version, booted_at, registration } = context.charger!;
  const figures = { vendor, model, serial_number, firmware_version, booted_at };
  if (!booted_at || registration !== "Accepted") {
    return Promise.resolve(
      fail(
        text("no_boot"),
        figures,
      ),
    );
  }
  if (!vendor || !model) {
    return Promise.resolve(fail(text("no_vendor"), figures));
  }
  return Promise.resolve(pass(text("vendor_model", { vendor, model }), figures));
}

async function configuration(context: StepContext): Promise<Outcome> {
  await context.port.readConfiguration();
  const keys = await context.keys();
  const missing = ESSENTIAL.filter((name) =>
    !keys.some(({ key }) => key.toLowerCase() === name.toLowerCase())
  );
  const told = Number(await context.port.configurationValue("NumberOfConnectors"));
  const figures = {
    keys: keys.length,
    connectors: told,
    profiles: await context.port.configurationValue("SupportedFeatureProfiles"),
    missing: missing.join(", ") || null,
  };
  if (missing.length) {
    return fail(
      text("keys_missing", { missing: missing.join(", ") }),
      figures,
    );
  }
  const reported = context.connectors().length;
  if (told !== reported) {
    return fail(
      text("connectors_differ", { told, reported }),
      figures,
    );
  }
  return pass(text("keys_read", { count: keys.length }), figures);
}

async function clock(context: StepContext): Promise<Outcome> {
  const report = await timedReport(context);
  if (!report) return skip(text("no_timestamp"));
  const told = String(timestampOf(report));
  const drift_s = round((readTime(told) - report.at) / 1000);
  const figures = { told, drift_s: Number.isNaN(drift_s) ? null : drift_s };
  if (Number.isNaN(drift_s)) {
    return fail(text("clock_not_set", { told }), figures);
  }
  if (Math.abs(drift_s) > context.options.max_drift_s) {
    return fail(text("clock_off", { drift_s }), figures);
  }
  return pass(
    text("clock_good", { drift_s }),
    figures,
  );
}

/** Has the charger report something that it puts its time on. */
async function timedReport(context: StepContext): Promise<TimedReport | undefined> {
  const connector_id = context.connectors()[0]?.connector_id ?? 1;
  for (const report of ["status", "meter_values"] as const) {
    const from = context.reports.length;
    const { outcome } = await context.port.trigger(report, connector_id);
    if (outcome !== "accepted") continue;
    const timed = () => context.reports.slice(from).find((each) => timestampOf(each) != null);
    const found = await context.until(timed, context.options.answer_s);
    if (found) return found;
  }
}

function timestampOf(report: TimedReport): string | null | undefined {
  if (report.kind === "status") return report.timestamp;
  if (report.kind === "meter_values") return report.values[0]?.timestamp;
}
