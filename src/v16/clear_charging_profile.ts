// ClearChargingProfile (OCPP 1.6 §5.5): deletes charging profiles of the charger.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { ChargingProfilePurpose, ConnectorId, Int, Maybe, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { clearProfiles } from "../site/smart_charging/profiles.ts";

export const request = Payload({
  id: Maybe(Int),
  connectorId: Maybe(ConnectorId),
  chargingProfilePurpose: Maybe(ChargingProfilePurpose),
  stackLevel: Maybe(Type.Integer({ minimum: 0 })),
});
export const response = Payload({ status: Type.Enum(["Accepted", "Unknown"]) });
type Request = Static<typeof request>;

/** Removes the profiles from the mirror: after Accepted or Unknown the charger has none of them (errata 3.25, 3.26). */
export async function onResponse(request: Request, _response: unknown, context: Context): Promise<void> {
  const { id, connectorId, chargingProfilePurpose, stackLevel } = request;
  const filter = {
    profile_id: id,
    connector_id: connectorId,
    purpose: chargingProfilePurpose,
    stack_level: stackLevel,
  };
  await clearProfiles(filter, context);
}
