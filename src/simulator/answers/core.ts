// The answers of OCPP 1.6's Core profile and to TriggerMessage (chapter 5).
import { OcppError } from "../../ocpp/error.ts";
import { canRaiseTo } from "../charger/security_profile.ts";
import type { Connector } from "../charger/connector.ts";
import type { CommandOf, ReplyTo } from "../messages.ts";
import type { Afterwards, AnsweringCharger, AnswerTable } from "./table.ts";
import { trigger } from "./trigger.ts";

/** The answers, one line an action. */
export const CORE: AnswerTable = {
  ChangeAvailability: changeAvailability,
  ChangeConfiguration: changeConfiguration,
  ClearCache: (_request, charger) => ({ status: charger.authorizer.clearCache() ? "Accepted" : "Rejected" }),
  DataTransfer: () => ({ status: "UnknownVendorId" }),
  GetConfiguration: getConfiguration,
  RemoteStartTransaction: remoteStart,
  RemoteStopTransaction: remoteStop,
  Reset: reset,
  TriggerMessage: ({ requestedMessage, connectorId }, charger, afterwards) => ({
    status: trigger(requestedMessage, connectorId, { charger, afterwards }),
  }),
  UnlockConnector: unlockConnector,
};

/** OCPP 1.6 §5.2: Scheduled while a session runs; connector 0 is all connectors. */
function changeAvailability(
  { connectorId, type }: CommandOf<"ChangeAvailability">,
  { connectors, availability, notifier }: AnsweringCharger,
  afterwards: Afterwards,
): ReplyTo<"ChangeAvailability"> {
  const operative = type === "Operative";
  const changed = connectors.filter(({ id }) => connectorId === 0 || id === connectorId);
  if (changed.length === 0) return { status: "Rejected" };
  if (connectorId === 0) availability.operative = operative;
  const now = changed.map((connector) => availability.set(connector, operative));
  afterwards(() => notifier.refreshAll());
  return { status: now.every(Boolean) ? "Accepted" : "Scheduled" };
}

/** OCPP 1.6 §5.8: at most GetConfigurationMaxKeys names; no names for all keys. */
function getConfiguration(
  { key = [] }: CommandOf<"GetConfiguration">,
  { configuration }: AnsweringCharger,
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
  charger: AnsweringCharger,
  afterwards: Afterwards,
): ReplyTo<"ChangeConfiguration"> {
  const name = charger.configuration.nameOf(key);
  if (name === "SecurityProfile" && !canRaiseTo(charger, Number(value))) return { status: "Rejected" };
  const status = charger.configuration.change(key, value);
  if (name && status === "Accepted") afterwards(() => charger.onConfigured(name));
  return { status };
}

/** OCPP 1.6 §5.11: without a connectorId a free connector, if possible one with a car. */
function remoteStart(
  { connectorId, idTag, chargingProfile }: CommandOf<"RemoteStartTransaction">,
  charger: AnsweringCharger,
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

/** A reservation for the tag's group counts as the tag's own: the group is known only once the tag is authorized. */
function connectorToStart(
  charger: AnsweringCharger,
  id: number | undefined,
  id_tag: string,
): Connector | undefined {
  if (id !== undefined) {
    const connector = charger.connector(id);
    const group = connector?.reservation?.parent_id_tag;
    return connector && charger.canStart(connector, id_tag, group) ? connector : undefined;
  }
  const free = charger.connectors.filter((connector) => charger.canStart(connector, id_tag));
  return free.find(({ car }) => car) ?? free[0];
}

/** OCPP 1.6 §5.12. */
function remoteStop(
  { transactionId }: CommandOf<"RemoteStopTransaction">,
  { connectors, sessions }: AnsweringCharger,
  afterwards: Afterwards,
): ReplyTo<"RemoteStopTransaction"> {
  const connector = connectors.find(({ session }) => session?.transaction_id === transactionId);
  if (!connector) return { status: "Rejected" };
  afterwards(() => sessions.end(connector, "Remote"));
  return { status: "Accepted" };
}

/** OCPP 1.6 §5.14. */
function reset(
  { type }: CommandOf<"Reset">,
  { power }: AnsweringCharger,
  afterwards: Afterwards,
): ReplyTo<"Reset"> {
  const soft = type === "Soft";
  afterwards(() => power.reset(soft ? "SoftReset" : "HardReset", soft));
  return { status: "Accepted" };
}

/** OCPP 1.6 §5.18; NotSupported for an unknown connector (errata 3.85). */
function unlockConnector(
  { connectorId }: CommandOf<"UnlockConnector">,
  charger: AnsweringCharger,
  afterwards: Afterwards,
): ReplyTo<"UnlockConnector"> {
  const connector = charger.connector(connectorId);
  if (!connector) return { status: "NotSupported" };
  if (connector.fault?.error_code === "ConnectorLockFailure") return { status: "UnlockFailed" };
  afterwards(() => charger.sessions.end(connector, "UnlockCommand"));
  return { status: "Unlocked" };
}
