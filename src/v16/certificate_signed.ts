// CertificateSigned (security white paper §4.1): the certificate that the charger asked for, leaf first.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { keepVerdict } from "../site/security/certificates.ts";

export const request = Payload({ certificateChain: Type.String({ maxLength: 10_000 }) });
export const response = Payload({ status: Type.Enum(["Accepted", "Rejected"]) });
type Response = Static<typeof response>;

/** Keeps what the charger made of the certificate that was issued to it. */
export async function onResponse(_request: unknown, { status }: Response, context: Context): Promise<void> {
  await keepVerdict(status, context);
}
