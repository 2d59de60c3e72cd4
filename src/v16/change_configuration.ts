// ChangeConfiguration (OCPP 1.6 §5.3): sets one configuration key. The value is always text.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { CiString, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { keepWritten } from "../site/configuration/configuration.ts";
import { keyAnswered, sendingKey } from "../site/security/key_change.ts";
import { checkProfileRise, profileSent } from "../site/security/security_profile.ts";

export const request = Payload({ key: CiString(50), value: CiString(500) });
export const response = Payload({
  status: Type.Enum(["Accepted", "Rejected", "RebootRequired", "NotSupported"]),
});
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Throws Refusal for an invalid AuthorizationKey, and for a lower security profile (security white paper A00.FR.005). */
export async function validate({ key, value }: Request, context: Context): Promise<void> {
  if (isNamed(key, "AuthorizationKey")) return await sendingKey(value, context);
  if (isNamed(key, "SecurityProfile")) checkProfileRise(value, context);
}

/** Stores the value if the charger has accepted it (OCPP 1.6 §5.3). */
export async function onResponse(
  { key, value }: Request,
  { status }: Response,
  context: Context,
): Promise<void> {
  const taken = status === "Accepted" || status === "RebootRequired";
  if (isNamed(key, "AuthorizationKey")) await keyAnswered(value, status, context);
  if (isNamed(key, "SecurityProfile") && taken) await profileSent(Number(value), context);
  if (taken) await keepWritten(key, value, context);
}

function isNamed(key: string, name: string): boolean {
  return key.toLowerCase() === name.toLowerCase();
}
