// ExtendedTriggerMessage (security white paper §4.3): requests a message from the charger.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { Maybe, OutletId, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { refuseSecondBoot } from "../site/registration.ts";

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
type Request = Static<typeof request>;

/** Throws Refusal for BootNotification once it was accepted (errata 3.40). */
export function validate({ requestedMessage }: Request, context: Context): void {
  if (requestedMessage === "BootNotification") refuseSecondBoot(context);
}

export { isTriggered } from "./trigger_message.ts";
