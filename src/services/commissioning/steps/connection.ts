// What can be seen without touching the charger: its line, its registration, its configuration, its clock.
import { readTime } from "../../../ocpp/time.ts";
import type { Message, StepContext } from "../step_context.ts";
import { fail, type Outcome, pass, round, skip, type Step, text } from "../step.ts";

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

function connection(bench: StepContext): Promise<Outcome> {
  const { central } = bench.parts;
  const { base_url } = central.state(bench.charger_id);
  const tls = base_url?.startsWith("https:") ?? false;
  const password = bench.charger?.password != null;
  const certificate = tls && bench.charger?.security_profile === 3;
  const profile = certificate ? 3 : !password ? 0 : tls ? 2 : 1;
  const wanted = Math.max(bench.options.security_profile, central.parts.store.settings.min_security_profile);
  const figures = {
    security_profile: profile,
    tls: tls ? "yes" : "no",
    auth: certificate ? "certificate" : password ? "password" : "none",
    address: bench.charger?.remote_address,
  };
  if (!bench.connected) {
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
  return Promise.resolve(pass(profile === 0 ? open : good, figures));
}

function boot(bench: StepContext): Promise<Outcome> {
  const { vendor, model, serial_number, firmware_version, booted_at, registration } = bench.charger!;
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

async function configuration(bench: StepContext): Promise<Outcome> {
  await bench.send("GetConfiguration", {});
  const keys = await bench.keys();
  const missing = ESSENTIAL.filter((name) =>
    !keys.some(({ key }) => key.toLowerCase() === name.toLowerCase())
  );
  const told = Number(await bench.key("NumberOfConnectors"));
  const figures = {
    keys: keys.length,
    connectors: told,
    profiles: await bench.key("SupportedFeatureProfiles"),
    missing: missing.join(", ") || null,
  };
  if (missing.length) {
    return fail(
      text("keys_missing", { missing: missing.join(", ") }),
      figures,
    );
  }
  const reported = bench.connectors().length;
  if (told !== reported) {
    return fail(
      text("connectors_differ", { told, reported }),
      figures,
    );
  }
  return pass(text("keys_read", { count: keys.length }), figures);
}

async function clock(bench: StepContext): Promise<Outcome> {
  const message = await timedMessage(bench);
  if (!message) return skip(text("no_timestamp"));
  const told = String(timestampOf(message));
  const drift_s = round((readTime(told) - message.at) / 1000);
  const figures = { told, drift_s: Number.isNaN(drift_s) ? null : drift_s };
  if (Number.isNaN(drift_s)) {
    return fail(text("clock_not_set", { told }), figures);
  }
  if (Math.abs(drift_s) > bench.options.max_drift_s) {
    return fail(text("clock_off", { drift_s }), figures);
  }
  return pass(
    text("clock_good", { drift_s }),
    figures,
  );
}

async function timedMessage(bench: StepContext): Promise<Message | undefined> {
  const connectorId = bench.connectors()[0]?.connector_id ?? 1;
  for (const requestedMessage of ["StatusNotification", "MeterValues"]) {
    const from = bench.messages.length;
    const { status } = await bench.send("TriggerMessage", { requestedMessage, connectorId });
    if (status !== "Accepted") continue;
    const timed = () => bench.messages.slice(from).find((message) => timestampOf(message) !== undefined);
    const message = await bench.until(timed, bench.options.answer_s);
    if (message) return message;
  }
}

function timestampOf({ action, payload }: Message): unknown {
  if (action === "StatusNotification") return payload.timestamp;
  if (action === "MeterValues") {
    return (payload.meterValue as { timestamp?: unknown }[] | undefined)?.[0]?.timestamp;
  }
}
