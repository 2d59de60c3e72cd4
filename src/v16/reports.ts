// Translation of messages from chargers into reports of the domain.
import type { AnsweredCall } from "../ocpp/protocol.ts";
import type { ChargerReport } from "../site/charger_port.ts";
import type { RawMeterValue } from "../store/readings/sample.ts";

type Read = (call: AnsweredCall) => ChargerReport;

const READ: Readonly<Record<string, Read>> = {
  Authorize: ({ payload, answer }) => ({
    kind: "authorization",
    id_tag: String(payload.idTag ?? ""),
    status: statusIn(answer),
  }),
  BootNotification: () => ({ kind: "boot" }),
  DiagnosticsStatusNotification: () => ({ kind: "diagnostics_status" }),
  FirmwareStatusNotification: () => ({ kind: "firmware_status" }),
  Heartbeat: () => ({ kind: "heartbeat" }),
  MeterValues: ({ payload }) => ({
    kind: "meter_values",
    connector_id: Number(payload.connectorId),
    values: Array.isArray(payload.meterValue) ? payload.meterValue as RawMeterValue[] : [],
  }),
  StartTransaction: ({ payload, answer }) => ({
    kind: "session_started",
    connector_id: Number(payload.connectorId),
    id_tag: String(payload.idTag ?? ""),
    status: statusIn(answer),
    transaction_id: Number(answer.transactionId),
    meter_start: Number(payload.meterStart),
  }),
  StatusNotification: ({ payload }) => ({
    kind: "status",
    connector_id: Number(payload.connectorId),
    timestamp: typeof payload.timestamp === "string" ? payload.timestamp : null,
  }),
  StopTransaction: ({ payload }) => ({
    kind: "session_ended",
    transaction_id: Number(payload.transactionId),
    meter_stop: Number(payload.meterStop),
    reason: String(payload.reason ?? "Local"),
  }),
};

/** Translates an answered call; null if the domain has no report for it. The payload is as received, unchecked. */
export function reportOf(call: AnsweredCall): ChargerReport | null {
  return Object.hasOwn(READ, call.action) ? READ[call.action]!(call) : null;
}

function statusIn({ idTagInfo }: Record<string, unknown>): string {
  return String((idTagInfo as { status?: unknown } | undefined)?.status ?? "");
}
