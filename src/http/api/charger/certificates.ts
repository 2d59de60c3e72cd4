// /ocpp/chargers/{charger_id}/certificates/ and /ocpp/site_ca/: certificates of chargers, and the site's authority.
import { Type } from "../../../ocpp/schema_builder.ts";
import { certificatesOf } from "../../../site/security/certificates.ts";
import type { SiteCa } from "../../../site/security/site_ca.ts";
import { route } from "../../route.ts";
import { Time } from "../../schemas.ts";
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
  status: Type.Enum(["sent", "Accepted", "Rejected"]),
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
    }),
    handle: ({ params }, deps: NamingDeps) =>
      certificatesOf(deps.store, chargerNamed(params.charger_id, deps).charger_id),
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
