// /ocpp/revocations/: client certificates that are good no longer.
import { Hono } from "hono";
import { Type } from "../../ocpp/schema_builder.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import { normalizedHex } from "../admission/client_certificate.ts";
import { HttpError } from "../http_error.ts";
import { queryLimit, readBody } from "../input.ts";
import type { Services } from "../services.ts";

/** What a revocation's POST holds: a certificate's SHA-256 fingerprint or its serial number, as hex. */
export const NewRevocation = Type.Object({
  certificate: Type.String({
    minLength: 1,
    maxLength: 95,
    pattern: "^[0-9A-Fa-f:]+$",
    "x-expected": "hex digits, with or without colons",
  }),
  charger_id: Type.Optional(Type.String({ maxLength: 255 })),
  reason: Type.Optional(Type.String({ maxLength: 200 })),
}, { additionalProperties: false });

const checker = { ...checkerOf(NewRevocation), schema: NewRevocation };

/** The routes of the revocations. */
export function revocationRoutes({ store, central, now }: Services): Hono {
  const app = new Hono({ strict: false });
  app.get("/", (c) => {
    const after = c.req.query("cursor") ?? "";
    const all = store.revocations.all().filter(({ certificate }) => certificate > after);
    const limit = queryLimit(c);
    const next = all.length > limit ? all[limit - 1]!.certificate : null;
    return c.json({ revocations: all.slice(0, limit), next });
  });
  app.post("/", async (c) => {
    const { certificate, charger_id = null, reason = "" } = await readBody(c, checker);
    const revocation = {
      certificate: normalizedHex(certificate),
      charger_id,
      reason,
      revoked_at: new Date(now()).toISOString(),
    };
    await store.revocations.put(revocation);
    const isRevoked = (shown: string | undefined) => shown === revocation.certificate;
    central.closeWhere(
      ({ certificate: shown }) => isRevoked(shown?.fingerprint) || isRevoked(shown?.serial_number),
      1008,
      "The certificate is revoked",
    );
    return c.json(revocation, 201);
  });
  app.delete("/:certificate", async (c) => {
    const certificate = normalizedHex(c.req.param("certificate"));
    if (!store.revocations.has(certificate)) throw new HttpError(404, "This certificate is not revoked");
    await store.revocations.delete(certificate);
    return c.body(null, 204);
  });
  return app;
}
