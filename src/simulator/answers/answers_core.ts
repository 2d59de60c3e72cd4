// The answers of OCPP 1.6's Core profile and of remote triggers (chapter 5).
import { OcppError } from "../../ocpp/error.ts";
import type { AnswerTable } from "./answers.ts";
import type { Charger } from "../charger/charger.ts";
import type { Connector } from "../charger/connector.ts";
import type { CommandOf, ReplyTo } from "../charger/messages.ts";
import { canRaiseTo } from "../charger/dialing.ts";
import { meterValue } from "../physics/samples.ts";

/** One line an action. */
export const CORE: AnswerTable = {
  ChangeAvailability: changeAvailability,
  ChangeConfiguration: changeConfiguration,
  ClearCache: (_request, charger) => ({ status: charger.authorizer.clearCache() ? "Accepted" : "Rejected" }),
  DataTransfer: () => ({ status: "UnknownVendorId" }),
  GetConfiguration: getConfiguration,
  RemoteStartTransaction: remoteStart,
  RemoteStopTransaction: remoteStop,
  Reset: reset,
  TriggerMessage: ({ requestedMessage, connectorId }, charger, afterwards) => {
    const message = triggered(requestedMessage, connectorId, charger);
    if (typeof message === "string") return { status: message };
    afterwards(message);
    return { status: "Accepted" };
  },
  UnlockConnector: unlockConnector,
};

type Afterwards = (run: () => unknown) => void;

/** OCPP 1.6 §5.2: Scheduled while a session runs; connector 0 is all of them. */
function changeAvailability(
  { connectorId, type }: CommandOf<"ChangeAvailability">,
  charger: Charger,
  afterwards: Afterwards,
): ReplyTo<"ChangeAvailability"> {
  const operative = type === "Operative";
  const connectors = connectorId === 0
    ? charger.connectors
    : charger.connectors.filter(({ id }) => id === connectorId);
  if (connectors.length === 0) return { status: "Rejected" };
  if (connectorId === 0) charger.availability.operative = operative;
  const now = connectors.map((connector) => charger.availability.set(connector, operative));
  afterwards(() => charger.refreshAll());
  return { status: now.every(Boolean) ? "Accepted" : "Scheduled" };
}

/** OCPP 1.6 §5.8: no more keys at once than GetConfigurationMaxKeys; all of them may be asked for by naming none. */
function getConfiguration(
  { key = [] }: CommandOf<"GetConfiguration">,
  { configuration }: Charger,
): ReplyTo<"GetConfiguration"> {
  const most = configuration.number("GetConfigurationMaxKeys");
  if (key.length > most) {
    throw new OcppError("OccurenceConstraintViolation", `key must not have more than ${most} items`);
  }
  return configuration.show(key);
}

/** OCPP 1.6 §5.3. */
function changeConfiguration(
  { key, value }: CommandOf<"ChangeConfiguration">,
  charger: Charger,
  afterwards: Afterwards,
): ReplyTo<"ChangeConfiguration"> {
  const name = charger.configuration.nameOf(key);
  if (name === "SecurityProfile" && !canRaiseTo(charger, Number(value))) return { status: "Rejected" };
  const status = charger.configuration.change(key, value);
  if (name && status === "Accepted") afterwards(() => charger.reconfigured(name));
  return { status };
}

/** OCPP 1.6 §5.11: without a connector any free one, first one with a car. */
function remoteStart(
  { connectorId, idTag, chargingProfile }: CommandOf<"RemoteStartTransaction">,
  charger: Charger,
  afterwards: Afterwards,
): ReplyTo<"RemoteStartTransaction"> {
  if (charger.registration.status !== "Accepted") return { status: "Rejected" };
  if (chargingProfile && chargingProfile.chargingProfilePurpose !== "TxProfile") {
    return { status: "Rejected" };
  }
  const connector = connectorToStart(charger, connectorId, idTag);
  if (!connector) return { status: "Rejected" };
  afterwards(() => charger.sessions.remoteStart(connector, idTag, chargingProfile));
  return { status: "Accepted" };
}

/** A reservation for the tag's group shows itself only when the tag is authorized. */
function connectorToStart(charger: Charger, id: number | undefined, id_tag: string): Connector | undefined {
  if (id !== undefined) {
    const connector = charger.connector(id);
    const group = connector?.reservation?.parent_id_tag;
    return connector && charger.admits(connector, id_tag, group) ? connector : undefined;
  }
  const free = charger.connectors.filter((connector) => charger.admits(connector, id_tag));
  return free.find(({ car }) => car) ?? free[0];
}

/** OCPP 1.6 §5.12. */
function remoteStop(
  { transactionId }: CommandOf<"RemoteStopTransaction">,
  charger: Charger,
  afterwards: Afterwards,
): ReplyTo<"RemoteStopTransaction"> {
  const connector = charger.connectors.find(({ session }) => session?.transaction_id === transactionId);
  if (!connector) return { status: "Rejected" };
  afterwards(() => charger.sessions.end(connector, "Remote"));
  return { status: "Accepted" };
}

/** OCPP 1.6 §5.14. */
function reset({ type }: CommandOf<"Reset">, charger: Charger, afterwards: Afterwards): ReplyTo<"Reset"> {
  const soft = type === "Soft";
  afterwards(() => charger.power.reset(soft ? "SoftReset" : "HardReset", soft));
  return { status: "Accepted" };
}

/** OCPP 1.6 §5.18; a connector that is not there: NotSupported (errata 3.85). */
function unlockConnector(
  { connectorId }: CommandOf<"UnlockConnector">,
  charger: Charger,
  afterwards: Afterwards,
): ReplyTo<"UnlockConnector"> {
  const connector = charger.connector(connectorId);
  if (!connector) return { status: "NotSupported" };
  if (connector.fault?.error_code === "ConnectorLockFailure") return { status: "UnlockFailed" };
  afterwards(() => charger.sessions.end(connector, "UnlockCommand"));
  return { status: "Unlocked" };
}

/** What sends a message that was asked for (OCPP 1.6 §5.17), or why it is not sent. */
export function triggered(
  message: string,
  connector_id: number | undefined,
  charger: Charger,
): (() => unknown) | "Rejected" | "NotImplemented" {
  const connectors = charger.connectors.filter(({ id }) => connector_id === undefined || id === connector_id);
  if (connectors.length === 0) return "Rejected";
  const { registration } = charger;
  if (message === "BootNotification") {
    return registration.status === "Accepted" ? "Rejected" : () => registration.boot(); // errata 3.40
  }
  if (message === "Heartbeat") return () => registration.heartbeat();
  if (message === "MeterValues") {
    return () => connectors.forEach((connector) => sendReading(connector, charger));
  }
  if (message === "StatusNotification") {
    return () => {
      if (connector_id === undefined) charger.notifier.reportCharger();
      for (const connector of connectors) charger.notifier.report(connector);
    };
  }
  return OTHER_MESSAGES[message]?.(charger) ?? "NotImplemented";
}

/** Messages that have nothing to do with connectors. */
const OTHER_MESSAGES: Record<string, (charger: Charger) => () => unknown> = {
  DiagnosticsStatusNotification: ({ diagnostics }) => () => diagnostics.report(),
  FirmwareStatusNotification: ({ firmware }) => () => firmware.report(false),
  LogStatusNotification: ({ diagnostics }) => () => diagnostics.reportLog(),
  SignedFirmwareStatusNotification: ({ firmware }) => () => firmware.report(true),
  SignChargePointCertificate: (charger) => () =>
    charger.trySend("SignCertificate", { csr: charger.certificates.request() }),
};

function sendReading(connector: Connector, charger: Charger): void {
  const reading = charger.meterOf(connector).read();
  const value = meterValue(reading, charger.configuration.list("MeterValuesSampledData"), "Trigger");
  if (value) charger.sessions.sendMeterValues(connector, value);
}
