// CertificateSigned (security white paper §4.1): sends the certificate that the charger has requested, leaf first.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { keepVerdict } from "../site/security/certificates.ts";

export const request = Payload({ certificateChain: Type.String({ maxLength: 10_000 }) });
export const response = Payload({ status: Type.Enum(["Accepted", "Rejected"]) });
type Response = Static<typeof response>;

/** Stores the charger's answer to the certificate that was issued to it. */
export async function onResponse(_request: unknown, { status }: Response, context: Context): Promise<void> {
  await keepVerdict(status, context);
}
