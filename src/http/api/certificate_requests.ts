// /ocpp/certificate_requests/: the certificate requests of chargers that have not proved who they are.
import { Type } from "../../ocpp/schema_builder.ts";
import { requestView } from "../../site/security/certificates.ts";
import type { CertificateSigning } from "../../services/certificate_signing.ts";
import { HttpError, notFound } from "../http_error.ts";
import { route } from "../route.ts";
import { Body, named, Nullable, PAGE, page, pageBehind, Time } from "../schemas.ts";
import type { NamingDeps } from "./charger/charger_named.ts";

/** A certificate request that waits for an operator. */
export const CertificateRequestSchema = named(
  "CertificateRequest",
  Type.Object({
    charger_id: Type.String(),
    fingerprint: Type.String({ description: "SHA-256 of the public key (SPKI), hex" }),
    subject: Type.String({
      description: "The name that the charger asks for; the certificate is for its id",
    }),
    requested_at: Time,
    remote_address: Nullable(Type.String()),
  }),
);

interface RequestDeps extends NamingDeps {
  certificates: Pick<CertificateSigning, "approve" | "refuse">;
}

/** The routes of /ocpp/certificate_requests/. */
export const certificateRequestRoutes = [
  route({
    method: "GET",
    path: "/ocpp/certificate_requests/",
    role: "viewer",
    summary: "Certificate requests that wait for approval, ordered by charger",
    query: Type.Object(PAGE),
    response: page("certificate_requests", CertificateRequestSchema),
    handle({ query }, { store }: RequestDeps) {
      const all = store.certificate_requests.all();
      const { records, next } = pageBehind(all, query, ({ charger_id }) => charger_id);
      return { certificate_requests: records.map(requestView), next };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/certificate_requests/{charger_id}/",
    role: "admin",
    summary: "Issue the certificate that a charger asks for, or refuse it",
    audit: { action: "{action}", kind: "certificate_request", id: "charger_id" },
    body: Body({
      action: Type.Enum(["approve", "refuse"]),
      fingerprint: Type.String({ description: "That of the request as it was shown", maxLength: 100 }),
    }),
    response: Type.Object({
      status: Type.Enum(["sent", "waiting", "refused"], {
        description: "waiting: the certificate is sent at the charger's next connection",
      }),
    }),
    errors: ["state_forbids"],
    async handle({ params, body }, { store, central, certificates }: RequestDeps) {
      const request = store.certificate_requests.get(central.registeredId(params.charger_id));
      if (!request) throw notFound("certificate request", params.charger_id);
      if (request.fingerprint !== body.fingerprint.toLowerCase().replaceAll(":", "")) {
        throw new HttpError(
          "state_forbids",
          "The charger has sent another request meanwhile: look at it first",
        );
      }
      if (body.action === "approve") {
        return { status: await certificates.approve(request) ? "sent" as const : "waiting" as const };
      }
      await certificates.refuse(request.charger_id);
      return { status: "refused" as const };
    },
  }),
];
