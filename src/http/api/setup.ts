// /ocpp/setup/: first start (see ../setup.ts).
import { Hono } from "hono";
import { Type } from "../../ocpp/schema_builder.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import { recordAudit } from "../auth/audit.ts";
import { ADMIN } from "../auth/auth.ts";
import { setCookie } from "../auth/cookie.ts";
import { peerOf } from "../auth/identity.ts";
import { readBody } from "../input.ts";
import { MAX_PASSWORD, MIN_PASSWORD } from "../auth/password.ts";
import type { SetupAnswers } from "../auth/setup.ts";
import type { Services } from "../services.ts";
import { stageRestore } from "./system.ts";

/** What set-up's POST holds. */
export const SetupBody = Type.Object({
  code: Type.String({ maxLength: 50 }),
  password: Type.String({ minLength: MIN_PASSWORD, maxLength: MAX_PASSWORD }),
  language: Type.Optional(Type.Enum(["es", "en"])),
  name: Type.Optional(Type.String({ maxLength: 100 })),
  latitude: Type.Optional(Type.Union([Type.Number({ minimum: -90, maximum: 90 }), Type.Null()])),
  longitude: Type.Optional(Type.Union([Type.Number({ minimum: -180, maximum: 180 }), Type.Null()])),
}, { additionalProperties: false });

const checker = { ...checkerOf(SetupBody), schema: SetupBody };
const DAY_S = 86_400;

/** The public routes of set-up. */
export function setupRoutes(services: Services): Hono {
  const { setup, store } = services;
  const app = new Hono({ strict: false });
  app.get("/", (c) => c.json({ needed: setup.needed(), min_password: MIN_PASSWORD }));
  app.post("/", async (c) => {
    const answers = await readBody(c, checker) as SetupAnswers;
    const cookie = await setup.finish(answers, peerOf(c), c.req.header("user-agent") ?? "");
    c.header("set-cookie", setCookie(cookie, store.settings.session_days * DAY_S, peerOf(c)));
    recordAudit(
      c,
      { action: "set-up", kind: "user", id: ADMIN, details: null, who: ADMIN, via: "set-up" },
      services,
    );
    return c.json({ user: ADMIN, role: "admin" }, 201);
  });
  app.post("/restore", async (c) => {
    setup.admit(c.req.header("x-setup-code") ?? "", peerOf(c));
    return c.json(await stageRestore(c, services), 202);
  });
  return app;
}
