// TriggerMessage (OCPP 1.6 §5.17): requests a message from the charger.
import type { ReceivedCall } from "../ocpp/protocol.ts";
import { Type } from "../ocpp/schema_builder.ts";
import { Maybe, OutletId, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { refuseSecondBoot } from "../site/registration.ts";

export const request = Payload({
  requestedMessage: Type.Enum([
    "BootNotification",
    "DiagnosticsStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "StatusNotification",
  ]),
  connectorId: Maybe(OutletId),
});
export const response = Payload({ status: Type.Enum(["Accepted", "Rejected", "NotImplemented"]) });

/** Throws Refusal for BootNotification once it was accepted (errata 3.40). */
export function validate({ requestedMessage }: { requestedMessage: string }, context: Context): void {
  if (requestedMessage === "BootNotification") refuseSecondBoot(context);
}

/** Returns true for the requested message of the requested connector. */
export function isTriggered(
  { requestedMessage, connectorId }: { requestedMessage: string; connectorId?: number },
  { action, payload }: ReceivedCall,
): boolean {
  const wanted = requestedMessage === "SignChargePointCertificate" ? "SignCertificate" : requestedMessage;
  return action === wanted &&
    (connectorId === undefined || (payload as { connectorId?: unknown }).connectorId === connectorId);
}
