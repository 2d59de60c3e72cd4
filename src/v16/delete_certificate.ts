// DeleteCertificate (security white paper §4.2): deletes a root certificate of the charger.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { isRecord } from "../ocpp/frame.ts";
import { Payload } from "./datatypes.ts";
import type { CertificateHash } from "../store/store.ts";
import { type Context, Refusal } from "../site/context.ts";
import { dropRoot, lastOfType } from "../site/security/certificates.ts";
import { CertificateHashData } from "./get_installed_certificate_ids.ts";

export const request = Payload({ certificateHashData: CertificateHashData });
export const response = Payload({ status: Type.Enum(["Accepted", "Failed", "NotFound"]) });
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Requires `confirm`, which is not part of OCPP, for the last root certificate of a type: the charger may not be able to reconnect. */
export function fillDefaults(payload: Record<string, unknown>, context: Context): Record<string, unknown> {
  const { confirm, ...rest } = payload;
  const root = rest.certificateHashData;
  const complete = isRecord(root) &&
    ["serialNumber", "issuerNameHash", "issuerKeyHash"].every((name) => typeof root[name] === "string");
  const type = complete ? lastOfType(root as unknown as CertificateHash, context) : undefined;
  if (type === undefined || confirm === true) return rest;
  throw new Refusal(
    "state",
    `Cannot delete: it is the last ${type} of the charger; to delete it anyway, add confirm: true`,
  );
}

/** Removes the certificate: after Accepted or NotFound the charger does not have it. */
export async function onResponse(
  { certificateHashData }: Request,
  { status }: Response,
  context: Context,
): Promise<void> {
  if (status !== "Failed") await dropRoot(certificateHashData as CertificateHash, context);
}
