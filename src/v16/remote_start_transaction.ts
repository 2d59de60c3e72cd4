// RemoteStartTransaction (OCPP 1.6 §5.11): starts a session for the operator.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { ChargingProfile, IdToken, Maybe, OutletId, Payload } from "./datatypes.ts";
import { type Context, Refusal } from "../site/context.ts";
import { checkProfile, installProfile } from "../site/smart_charging/profiles.ts";
import { refuseUnlessAccepted } from "../site/registration.ts";

export const short_name = "remote_start";
export const request = Payload({
  connectorId: Maybe(OutletId),
  idTag: IdToken,
  chargingProfile: Maybe(ChargingProfile),
});
export const response = Payload({ status: Type.Enum(["Accepted", "Rejected"]) });
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Throws Refusal while the charger is Pending, and for a profile that is not a TxProfile or has a transactionId (OCPP 1.6 §4.2, errata 3.41). */
export function validate({ chargingProfile }: Request, context: Context): void {
  refuseUnlessAccepted(context);
  if (!chargingProfile) return;
  if (chargingProfile.chargingProfilePurpose !== "TxProfile") {
    throw new Refusal("input", "chargingProfile.chargingProfilePurpose must be TxProfile");
  }
  if (chargingProfile.transactionId !== undefined) {
    throw new Refusal("input", "chargingProfile.transactionId must be left out");
  }
  checkProfile(chargingProfile, "chargingProfile");
}

/** Stores the profile in the mirror until its session starts. */
export async function onResponse(request: Request, { status }: Response, context: Context): Promise<void> {
  const { chargingProfile, connectorId = 0, idTag } = request;
  if (status !== "Accepted" || !chargingProfile) return;
  await installProfile(connectorId, chargingProfile, { awaits_id_tag: idTag }, context);
}
