// Remote triggers (OCPP 1.6 §5.17): one step a message.
import type { Trigger } from "../../../site/charger_port.ts";
import type { StepContext } from "../step_context.ts";
import { fail, type Outcome, pass, round, skip, type Step, text } from "../step.ts";

/** The reports with their names for people. Boot is not among them: it is not to be triggered once accepted (errata 3.40). */
const REPORTS: [report: Exclude<Trigger, "boot">, message: string, per_connector: boolean][] = [
  ["heartbeat", "Heartbeat", false],
  ["status", "StatusNotification", true],
  ["meter_values", "MeterValues", true],
  ["diagnostics_status", "DiagnosticsStatusNotification", false],
  ["firmware_status", "FirmwareStatusNotification", false],
];

/** At the beginning. */
export const TRIGGERS: Step[] = REPORTS.map(([report, message, per_connector]) => ({
  id: `trigger_${report}`,
  phase: "begin",
  name: text(`trigger_${report}_name`),
  does: text("trigger_does", { message }),
  judged: text("trigger_judged"),
  hint: text("trigger_hint"),
  run: (context) => trigger(context, { report, message, per_connector }),
}));

async function trigger(
  context: StepContext,
  { report, message, per_connector }: { report: Trigger; message: string; per_connector: boolean },
): Promise<Outcome> {
  const connector_id = per_connector ? context.connectors()[0]?.connector_id ?? 1 : undefined;
  const { outcome, status } = await context.port.trigger(report, connector_id);
  if (outcome === "unsupported") return skip(text("trigger_unknown"));
  if (outcome === "refused") return fail(text("charger_answered", { answer: status }));
  const asked = context.now();
  const reported = await context.until(() => context.reported(report), context.options.answer_s);
  if (!reported) return fail(text("trigger_nothing_came", { message }));
  const seconds = round(Math.max(0, reported.at - asked) / 1000);
  return pass(text("trigger_came"), { seconds });
}
