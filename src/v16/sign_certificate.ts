// SignCertificate (security white paper §4.9): the charger wants a certificate.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { Payload } from "./datatypes.ts";
import type { Context } from "./action.ts";
import { refusalOfCsr } from "../site/security/certificate_request.ts";
import { noteSecurity } from "../site/security/security_log.ts";

export const request = Payload({ csr: Type.String({ maxLength: 5_500 }) });
export const response = Payload({ status: Type.Enum(["Accepted", "Rejected"]) });
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/**
 * Accepted: the request can be signed. The event `sign_certificate` has it done: the certificate goes out by
 * CertificateSigned, and only behind this answer.
 */
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

/**
 * The CN of a charger's certificate: its serial number (security white paper A00.FR.405), which is its own word for it; so its id where
 * another charger has that number.
 */
export function commonNameOf(context: Pick<Context, "store" | "charger_id">): string {
  const { store, charger_id } = context;
  const [name = charger_id] = namesOf(context);
  const taken = [...store.chargers.values()].some((other) =>
    other.charger_id !== charger_id && (other.serial_number === name || other.charger_id === name)
  );
  return taken ? charger_id : name;
}

/** What a charger may call itself. */
export function namesOf({ store, charger_id }: Pick<Context, "store" | "charger_id">): string[] {
  const serial = store.chargers.get(charger_id)?.serial_number;
  return serial ? [serial, charger_id] : [charger_id];
}
