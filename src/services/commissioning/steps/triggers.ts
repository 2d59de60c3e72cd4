// Remote triggers (OCPP 1.6 §5.17): one step a message.
import { OcppError } from "../../../ocpp/error.ts";
import type { Text } from "../../../store/store.ts";
import type { StepContext } from "../step_context.ts";
import { fail, type Outcome, pass, round, skip, type Step, text } from "../step.ts";

/** BootNotification is not among them: it must not be triggered once it was accepted (errata 3.40). */
const MESSAGES: [message: string, id: string, name: Text, per_connector: boolean][] = [
  ["Heartbeat", "heartbeat", text("Heartbeat on request", "Heartbeat a petición"), false],
  ["StatusNotification", "status", text("Status on request", "Estado a petición"), true],
  ["MeterValues", "meter_values", text("Meter values on request", "Medición a petición"), true],
  [
    "DiagnosticsStatusNotification",
    "diagnostics_status",
    text("Diagnostics status on request", "Estado de diagnóstico a petición"),
    false,
  ],
  [
    "FirmwareStatusNotification",
    "firmware_status",
    text("Firmware status on request", "Estado de firmware a petición"),
    false,
  ],
];

/** At the beginning. */
export const TRIGGERS: Step[] = MESSAGES.map(([message, id, name, per_connector]) => ({
  id: `trigger_${id}`,
  phase: "begin",
  name,
  does: text(`Asks for a ${message}.`, `Pide un ${message}.`),
  judged: text("The charger agrees, and the message comes.", "El cargador acepta, y el mensaje llega."),
  hint: text(
    "Update the charger's firmware; what it does not know is no fault.",
    "Actualiza el firmware del cargador; lo que no conoce no es una falla.",
  ),
  run: (bench) => trigger(bench, message, per_connector),
}));

async function trigger(bench: StepContext, message: string, per_connector: boolean): Promise<Outcome> {
  const status = await ask(bench, message, per_connector);
  if (status === "NotImplemented") {
    return skip(text("The charger does not know this trigger", "El cargador no conoce esta petición"));
  }
  if (status !== "Accepted") {
    return fail(text(`The charger answered ${status}`, `El cargador respondió ${status}`));
  }
  const asked = bench.now();
  const heard = await bench.until(() => bench.heard(message), bench.options.answer_s);
  if (!heard) return fail(text(`It agreed, and no ${message} came`, `Aceptó, y no llegó ningún ${message}`));
  const seconds = round(Math.max(0, heard.at - asked) / 1000);
  return pass(text("It came", "Llegó"), { seconds });
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
