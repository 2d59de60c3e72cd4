// InstallCertificate (security white paper §4.6): installs a root certificate on the charger.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { Payload } from "./datatypes.ts";
import { type Context, Refusal } from "../site/context.ts";
import { forgetRoots } from "../site/security/certificates.ts";
import { CertificateUse } from "./get_installed_certificate_ids.ts";

export const request = Payload({
  certificateType: CertificateUse,
  certificate: Type.String({ maxLength: 5_500 }),
});
export const response = Payload({ status: Type.Enum(["Accepted", "Failed", "Rejected"]) });
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Throws Refusal unless the certificate is PEM; the charger checks the rest. */
export function validate({ certificate }: Request): void {
  if (/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(certificate)) return;
  throw new Refusal("input", "certificate must be in PEM format");
}

/** Marks the stored list of certificates as incomplete. */
export async function onResponse(
  { certificateType }: Request,
  { status }: Response,
  context: Context,
): Promise<void> {
  if (status === "Accepted") await forgetRoots(certificateType, context);
}
