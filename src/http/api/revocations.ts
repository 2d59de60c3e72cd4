// /ocpp/revocations/: client certificates that are no longer accepted.
import type { CentralSystem } from "../../central/central_system.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import type { Store } from "../../store/store.ts";
import { normalizedHex } from "../admission/client_certificate.ts";
import { HttpError } from "../http_error.ts";
import { route } from "../route.ts";
import { Body, named, Nullable, PAGE, page, pageBehind, Time } from "../schemas.ts";

const Revocation = named(
  "Revocation",
  Type.Object({
    certificate: Type.String({ description: "SHA-256 fingerprint or serial number, hex in lower case" }),
    charger_id: Nullable(Type.String()),
    reason: Type.String(),
    revoked_at: Time,
  }),
);

interface RevocationDeps {
  store: Store;
  central: Pick<CentralSystem, "closeWhere">;
  /** ms since 1970. */
  now: () => number;
}

/** The routes of /ocpp/revocations/. */
export const revocationRoutes = [
  route({
    method: "GET",
    path: "/ocpp/revocations/",
    role: "admin",
    summary: "Client certificates that are refused",
    query: Type.Object(PAGE),
    response: page("revocations", Revocation),
    handle({ query }, { store }: RevocationDeps) {
      const { records, next } = pageBehind(store.revocations.all(), query, ({ certificate }) => certificate);
      return { revocations: records, next };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/revocations/",
    role: "admin",
    summary: "Revoke a client certificate; connections that use it are closed",
    audit: { action: "create", kind: "revocation", id: "charger_id" },
    body: Body({
      certificate: Type.String({
        minLength: 1,
        maxLength: 95,
        pattern: "^[0-9A-Fa-f:]+$",
        "x-expected": "hex digits, with or without colons",
      }),
      charger_id: Type.Optional(Type.String({ maxLength: 255 })),
      reason: Type.Optional(Type.String({ maxLength: 200 })),
    }),
    response: Revocation,
    status: 201,
    async handle({ body }, { store, central, now }: RevocationDeps) {
      const { charger_id = null, reason = "" } = body;
      const certificate = normalizedHex(body.certificate);
      const revocation = { certificate, charger_id, reason, revoked_at: new Date(now()).toISOString() };
      await store.revocations.put(revocation);
      central.closeWhere(
        ({ certificate: shown }) =>
          shown?.fingerprint === certificate || shown?.serial_number === certificate,
        1008,
        "The certificate is revoked",
      );
      return revocation;
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/revocations/{certificate}/",
    role: "admin",
    summary: "Accept a certificate again",
    audit: { action: "delete", kind: "revocation", id: "certificate" },
    response: null,
    async handle({ params }, { store }: RevocationDeps) {
      const certificate = normalizedHex(params.certificate);
      if (!store.revocations.has(certificate)) {
        throw new HttpError("not_found", "This certificate is not revoked", {
          values: { kind: "revocation", id: certificate.slice(0, 64) },
        });
      }
      await store.revocations.delete(certificate);
    },
  }),
];
