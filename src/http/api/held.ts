// What is kept of chargers beside their records: reservations, profiles, jobs, local lists, certificates, security events.
import { type Context, Hono } from "hono";
import { Type } from "../../ocpp/schema_builder.ts";
import { certificatesOf } from "../../site/security/certificates.ts";
import { FLAGS } from "../../site/sessions/flags.ts";
import { jobsOf } from "../../site/files/jobs.ts";
import { authorizationKeyOf } from "../../site/security/key_change.ts";
import { localListOf } from "../../site/authorization/local_list.ts";
import { profilesOf } from "../../site/smart_charging/profiles.ts";
import { reservationsOf } from "../../site/authorization/reservations.ts";
import { securityEvents } from "../../site/security/security_log.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import { queryLimit, queryNumber, readBody } from "../input.ts";
import type { Services } from "../services.ts";
import { asHttpError } from "./actions.ts";
import { chargerNamed } from "./chargers.ts";

/** What a POST of a charger's new password holds. */
export const NewPassword = Type.Object({ password: Type.String({ minLength: 1, maxLength: 40 }) }, {
  additionalProperties: false,
});

const passwordChecker = { ...checkerOf(NewPassword), schema: NewPassword };

/** The routes below a charger. */
export function heldRoutes(services: Services): Hono {
  const { store, now } = services;
  const app = new Hono({ strict: false });
  const idOf = (c: Context) => chargerNamed(c.req.param("cid") ?? "", services).charger_id;
  app.get("/:cid/reservations", (c) => page(c, "reservations", reservationsOf(store, now(), idOf(c))));
  app.get("/:cid/profiles", (c) => page(c, "profiles", profilesOf(store, idOf(c))));
  app.get("/:cid/jobs", (c) => page(c, "jobs", jobsOf(store, idOf(c))));
  app.get("/:cid/security_events", (c) => page(c, "security_events", securityEvents(store, idOf(c))));
  app.get("/:cid/certificates", (c) => c.json(certificatesOf(store, idOf(c))));
  app.get("/:cid/local_list", async (c) => c.json(await localListOf(store, idOf(c))));
  app.post("/:cid/password", async (c) => c.json(await changePassword(c, idOf(c), services)));
  return app;
}

/** The same for the whole site. */
export function siteHeldRoutes({ store, now, ca }: Services): Hono {
  const app = new Hono({ strict: false });
  app.get("/reservations", (c) => page(c, "reservations", reservationsOf(store, now())));
  app.get("/jobs", (c) => page(c, "jobs", jobsOf(store)));
  app.get("/security_events", (c) => page(c, "security_events", securityEvents(store)));
  app.get(
    "/site_ca",
    async (c) => c.text(await ca.certificate(), 200, { "content-type": "application/x-pem-file" }),
  );
  app.get("/flags", (c) => c.json({ flags: FLAGS }));
  return app;
}

/** A page of a list that is in memory; the cursor is where the page before ended. */
function page(c: Context, name: string, all: unknown[]): Response {
  const limit = queryLimit(c);
  const from = queryNumber(c, "cursor", 0, 1_000_000_000) ?? 0;
  const next = from + limit < all.length ? String(from + limit) : null;
  return c.json({ [name]: all.slice(from, from + limit), next });
}

/** Sends the charger a new key; the old one is good until the charger is known to have the new (security white paper A01.FR.03). */
async function changePassword(
  c: Context,
  charger_id: string,
  { central }: Services,
): Promise<Record<string, unknown>> {
  const { password } = await readBody(c, passwordChecker);
  try {
    const value = authorizationKeyOf(password);
    const { response } = await central.send(charger_id, "ChangeConfiguration", {
      key: "AuthorizationKey",
      value,
    });
    return { status: response.status };
  } catch (error) {
    throw asHttpError(error);
  }
}
