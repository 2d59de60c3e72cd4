// SignCertificate (security white paper §4.9): the charger requests a certificate.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { namesOf, refusalOfCsr } from "../site/security/certificate_request.ts";
import { noteSecurity } from "../site/security/security_log.ts";

export const request = Payload({ csr: Type.String({ maxLength: 5_500 }) });
export const response = Payload({ status: Type.Enum(["Accepted", "Rejected"]) });
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Answers Accepted if the request can be signed; the event `sign_certificate` then triggers issuing and sending the certificate. */
export async function handle({ csr }: Request, context: Context): Promise<Response> {
  const { store, charger_id, events } = context;
  const reason = await refusalOfCsr(csr, { names: namesOf(context), strict: store.settings.strict_csr });
  if (reason !== null) {
    noteSecurity("InvalidCertificateRequest", `Cannot sign: ${reason}`, context);
    return { status: "Rejected" };
  }
  events.emit("sign_certificate", charger_id, () => ({ csr }));
  return { status: "Accepted" };
}
