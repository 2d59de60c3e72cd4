// ClearChargingProfile (OCPP 1.6 §5.5): the charger forgets charging profiles.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { ChargingProfilePurpose, ConnectorId, Int, Maybe, Payload } from "./datatypes.ts";
import type { Context } from "./action.ts";
import { clearProfiles } from "../site/smart_charging/profiles.ts";

export const request = Payload({
  id: Maybe(Int),
  connectorId: Maybe(ConnectorId),
  chargingProfilePurpose: Maybe(ChargingProfilePurpose),
  stackLevel: Maybe(Type.Integer({ minimum: 0 })),
});
export const response = Payload({ status: Type.Enum(["Accepted", "Unknown"]) });
type Request = Static<typeof request>;

/** Accepted or Unknown, the charger holds none of these any more. */
export async function onResponse(request: Request, _response: unknown, context: Context): Promise<void> {
  await clearProfiles(request, context);
}
