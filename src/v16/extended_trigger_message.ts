// ExtendedTriggerMessage (security white paper §4.3): requests a message from the charger.
import { Type } from "../ocpp/schema_builder.ts";
import { Maybe, OutletId, Payload } from "./datatypes.ts";

export const request = Payload({
  requestedMessage: Type.Enum([
    "BootNotification",
    "LogStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "SignChargePointCertificate",
    "StatusNotification",
  ]),
  connectorId: Maybe(OutletId),
});
export const response = Payload({ status: Type.Enum(["Accepted", "Rejected", "NotImplemented"]) });

export { isTriggered, validate } from "./trigger_message.ts";
