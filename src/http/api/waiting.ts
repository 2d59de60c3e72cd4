// /ocpp/waiting/: who knocked, and what the operator makes of it.
import { type Context, Hono } from "hono";
import type { Static } from "typebox";
import { Type } from "../../ocpp/schema_builder.ts";
import { hashKey, keyBytes } from "../../site/security/charger_key.ts";
import { newCharger } from "../../site/charger_record.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import type { Charger, Registration } from "../../store/store.ts";
import { HttpError } from "../http_error.ts";
import { queryLimit, queryNumber, readBody } from "../input.ts";
import { tellCharger } from "./chargers.ts";
import { chargerView } from "./views.ts";
import type { Services } from "../services.ts";
import type { ConnectionAttempt } from "../admission/waiting_room.ts";

/** What a decision's POST holds. `assume_ocpp16`: the charger may offer no subprotocol from now on. */
export const Decision = Type.Object({
  action: Type.Enum(["adopt", "reject", "set_password"]),
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  assume_ocpp16: Type.Optional(Type.Boolean()),
}, { additionalProperties: false });

type Decision = Static<typeof Decision>;

const checker = { ...checkerOf(Decision), schema: Decision };

/** The routes of the waiting room. */
export function waitingRoutes(services: Services): Hono {
  const { waiting_room } = services;
  const app = new Hono({ strict: false });
  app.get("/", (c) => list(c, services));
  app.post("/:id", async (c) => {
    const attempt = knockNamed(c.req.param("id"), services);
    const charger = await decide(attempt, await readBody(c, checker), services);
    tellCharger(charger, services);
    return c.json(chargerView(charger, c.req.raw, services));
  });
  app.delete("/:id", (c) => {
    waiting_room.forget(knockNamed(c.req.param("id"), services).knock_id);
    return c.body(null, 204);
  });
  return app;
}

/** Newest first. A caller whose charger waits for the operator's word is in it, too. */
function list(c: Context, { waiting_room, store }: Services): Response {
  const limit = queryLimit(c);
  const from = queryNumber(c, "cursor", 0, 1_000_000) ?? 0;
  const state = c.req.query("state");
  if (state !== undefined && state !== "accepted" && state !== "refused") {
    throw new HttpError(400, "state must be accepted or refused");
  }
  const all = waiting_room.list().filter(({ accepted }) =>
    state === undefined || accepted === (state === "accepted")
  );
  const knocks = all.slice(from, from + limit).map((attempt) => ({
    ...attempt,
    registration: attempt.charger_id === null
      ? null
      : store.chargers.get(attempt.charger_id)?.registration ?? null,
  }));
  return c.json({ knocks, next: all.length > from + limit ? String(from + limit) : null });
}

async function decide(attempt: ConnectionAttempt, decision: Decision, services: Services): Promise<Charger> {
  const { store, central, waiting_room, now } = services;
  const { charger_id } = attempt;
  if (charger_id === null) {
    throw new HttpError(409, "The path does not end with a charger id: change the URL in the charger");
  }
  if (decision.action === "set_password" && decision.password === undefined) {
    throw new HttpError(400, "password is missing");
  }
  const charger = store.chargers.get(charger_id) ?? newCharger(charger_id, "Accepted", now());
  const changed = decided(charger, decision);
  await store.chargers.put(changed);
  waiting_room.forget(attempt.knock_id);
  if (decision.action === "reject") central.close(charger_id, 1008, "Rejected by the operator");
  return changed;
}

function decided(charger: Charger, { action, password, assume_ocpp16 }: Decision): Charger {
  const registration: Registration = action === "reject"
    ? "Rejected"
    : action === "adopt"
    ? "Accepted"
    : charger.registration;
  return {
    ...charger,
    registration,
    ...(password === undefined ? {} : { password: hashKey(keyBytes(password)), passwords_sent: [] }),
    ...(assume_ocpp16 === undefined ? {} : { quirks: { ...charger.quirks, assume_ocpp16 } }),
  };
}

function knockNamed(id: string, { waiting_room }: Services): ConnectionAttempt {
  const attempt = waiting_room.get(id);
  if (!attempt) throw new HttpError(404, `There is no connection attempt ${id.slice(0, 20)}`);
  return attempt;
}
