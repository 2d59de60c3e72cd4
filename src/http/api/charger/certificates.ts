// /ocpp/chargers/{charger_id}/certificates/ and /ocpp/site_ca/: certificates of chargers, and the site's authority.
import { Type } from "../../../ocpp/schema_builder.ts";
import { certificatesOf, requestView } from "../../../site/security/certificates.ts";
import type { SiteCa } from "../../../site/security/site_ca.ts";
import { route } from "../../route.ts";
import { Nullable, Time } from "../../schemas.ts";
import { CertificateRequestSchema } from "../certificate_requests.ts";
import { chargerNamed, type NamingDeps } from "./charger_named.ts";

const Root = Type.Object({
  hashAlgorithm: Type.Enum(["SHA256", "SHA384", "SHA512"]),
  issuerNameHash: Type.String(),
  issuerKeyHash: Type.String(),
  serialNumber: Type.String(),
});

const Issued = Type.Object({
  serial_number: Type.String(),
  subject: Type.String(),
  not_after: Time,
  issued_at: Time,
  record_id: Type.Optional(Type.String()),
  chain: Type.Optional(Type.String({ description: "PEM, until the charger has answered" })),
  status: Type.Enum(["sent", "Accepted", "Rejected", "file"], {
    description: "sent: the charger has not answered; file: created by `ocpp-gateway cert --client`",
  }),
});

/** The routes of /ocpp/chargers/{charger_id}/certificates/ and /ocpp/site_ca/. */
export const certificateRoutes = [
  route({
    method: "GET",
    path: "/ocpp/chargers/{charger_id}/certificates/",
    role: "viewer",
    summary: "The certificates of a charger",
    response: Type.Object({
      charger_id: Type.String(),
      roots: Type.Record(Type.String(), Type.Array(Root), {
        description: "The root certificates by type, as last listed",
      }),
      issued: Type.Array(Issued, { description: "Its own, issued by the site's authority, newest first" }),
      request: Nullable(CertificateRequestSchema),
    }),
    handle({ params }, deps: NamingDeps) {
      const { charger_id } = chargerNamed(params.charger_id, deps);
      const request = deps.store.certificate_requests.get(charger_id);
      return { ...certificatesOf(deps.store, charger_id), request: request ? requestView(request) : null };
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/site_ca/",
    role: "viewer",
    summary: "The certificate of the site's authority, PEM",
    response: "application/x-pem-file",
    async handle({ c }, { ca }: { ca: Pick<SiteCa, "certificate"> }) {
      return c.text(await ca.certificate(), 200, { "content-type": "application/x-pem-file" });
    },
  }),
];
