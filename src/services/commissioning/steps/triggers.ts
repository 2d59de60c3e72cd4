// Remote triggers (OCPP 1.6 §5.17): one step a message.
import { OcppError } from "../../../ocpp/error.ts";
import type { Text } from "../../../i18n/messages.ts";
import type { StepContext } from "../step_context.ts";
import { fail, type Outcome, pass, round, skip, type Step, text } from "../step.ts";

/** BootNotification is not among them: it must not be triggered once it was accepted (errata 3.40). */
const MESSAGES: [message: string, id: string, name: Text, per_connector: boolean][] = [
  ["Heartbeat", "heartbeat", text("trigger_heartbeat_name"), false],
  ["StatusNotification", "status", text("trigger_status_name"), true],
  ["MeterValues", "meter_values", text("trigger_meter_values_name"), true],
  [
    "DiagnosticsStatusNotification",
    "diagnostics_status",
    text("trigger_diagnostics_status_name"),
    false,
  ],
  [
    "FirmwareStatusNotification",
    "firmware_status",
    text("trigger_firmware_status_name"),
    false,
  ],
];

/** At the beginning. */
export const TRIGGERS: Step[] = MESSAGES.map(([message, id, name, per_connector]) => ({
  id: `trigger_${id}`,
  phase: "begin",
  name,
  does: text("trigger_does", { message }),
  judged: text("trigger_judged"),
  hint: text("trigger_hint"),
  run: (bench) => trigger(bench, message, per_connector),
}));

async function trigger(bench: StepContext, message: string, per_connector: boolean): Promise<Outcome> {
  const status = await ask(bench, message, per_connector);
  if (status === "NotImplemented") {
    return skip(text("trigger_unknown"));
  }
  if (status !== "Accepted") {
    return fail(text("charger_answered", { answer: status }));
  }
  const asked = bench.now();
  const heard = await bench.until(() => bench.heard(message), bench.options.answer_s);
  if (!heard) return fail(text("trigger_nothing_came", { message }));
  const seconds = round(Math.max(0, heard.at - asked) / 1000);
  return pass(text("trigger_came"), { seconds });
}

async function ask(bench: StepContext, requestedMessage: string, per_connector: boolean): Promise<string> {
  const connectorId = bench.connectors()[0]?.connector_id ?? 1;
  const place = per_connector ? { connectorId } : {};
  try {
    return String((await bench.send("TriggerMessage", { requestedMessage, ...place })).status);
  } catch (error) {
    if (error instanceof OcppError && /^Not(Implemented|Supported)$/.test(error.code)) {
      return "NotImplemented";
    }
    throw error;
  }
}
