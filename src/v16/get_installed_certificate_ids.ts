// GetInstalledCertificateIds (security white paper §4.4): lists the charger's root certificates.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { CiString, Maybe, Payload } from "./datatypes.ts";
import type { CertificateHash } from "../store/store.ts";
import type { Context } from "../site/context.ts";
import { keepRoots } from "../site/security/certificates.ts";

/** Types of root certificates (security white paper §5). */
export const CertificateUse = Type.Enum(["CentralSystemRootCertificate", "ManufacturerRootCertificate"]);

/** Identification of a certificate (security white paper §5). */
export const CertificateHashData = Payload({
  hashAlgorithm: Type.Enum(["SHA256", "SHA384", "SHA512"]),
  issuerNameHash: CiString(128),
  issuerKeyHash: CiString(128),
  serialNumber: CiString(40),
});

export const request = Payload({ certificateType: CertificateUse });
/** The response. NotFound: the charger has none. */
export const response = Payload({
  status: Type.Enum(["Accepted", "NotFound"]),
  certificateHashData: Maybe(Type.Array(CertificateHashData)),
});
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Stores the list. */
export async function onResponse(
  { certificateType }: Request,
  { status, certificateHashData = [] }: Response,
  context: Context,
): Promise<void> {
  await keepRoots(
    certificateType,
    status === "NotFound" ? [] : certificateHashData as CertificateHash[],
    context,
  );
}
