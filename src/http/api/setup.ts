// /ocpp/setup/: first start (see auth/setup.ts).
import { Type } from "../../ocpp/schema_builder.ts";
import { recordAudit } from "../auth/audit.ts";
import { ADMIN } from "../auth/auth.ts";
import { setCookie } from "../auth/cookie.ts";
import { peerOf } from "../auth/identity.ts";
import { MAX_PASSWORD, MIN_PASSWORD } from "../auth/password.ts";
import type { Setup } from "../auth/setup.ts";
import { route } from "../route.ts";
import { Body, Nullable } from "../schemas.ts";
import { RESTORE_ERRORS, Restored, type RestoreDeps, RestoreQuery, restoreUpload } from "./backups.ts";
import { LoggedIn } from "./session.ts";
import type { AuditDeps } from "../auth/audit.ts";

const DAY_S = 86_400;

const Code = Type.String({ maxLength: 50, description: "The code that the program printed when it started" });
const SETUP_ERRORS = ["already_set_up", "wrong_setup_code", "too_many_tries"] as const;

type SetupDeps = AuditDeps & RestoreDeps & { setup: Setup };

/** The routes of /ocpp/setup/. */
export const setupRoutes = [
  route({
    method: "GET",
    path: "/ocpp/setup/",
    role: "public",
    summary: "The state of set-up",
    response: Type.Object({
      needed: Type.Boolean({ description: "True while there is no user" }),
      min_password: Type.Integer({ description: "Minimum length of a password" }),
    }),
    handle: (_, { setup }: SetupDeps) => ({ needed: setup.needed(), min_password: MIN_PASSWORD }),
  }),
  route({
    method: "POST",
    path: "/ocpp/setup/",
    role: "public",
    summary: "Set the gateway up with the code that it printed; the answer sets a session's cookie",
    audit: null,
    body: Body({
      code: Code,
      password: Type.String({ minLength: MIN_PASSWORD, maxLength: MAX_PASSWORD }),
      language: Type.Optional(Type.Enum(["es", "en"])),
      name: Type.Optional(Type.String({ maxLength: 100 })),
      time_zone: Type.Optional(Type.String({ maxLength: 64, format: "time-zone" })),
      latitude: Type.Optional(Nullable(Type.Number({ minimum: -90, maximum: 90 }))),
      longitude: Type.Optional(Nullable(Type.Number({ minimum: -180, maximum: 180 }))),
    }),
    response: LoggedIn,
    status: 201,
    errors: [...SETUP_ERRORS, "common_password"],
    async handle({ body, c }, deps: SetupDeps) {
      const { setup, store } = deps;
      const cookie = await setup.finish(body, peerOf(c), c.req.header("user-agent") ?? "");
      c.header("set-cookie", setCookie(cookie, store.settings.session_days * DAY_S, peerOf(c)));
      const who = { who: ADMIN, via: "set-up" } as const;
      recordAudit(c, { action: "set-up", kind: "user", id: ADMIN, details: null, ...who }, deps);
      return { user: ADMIN, role: "admin" as const };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/setup/restore/",
    role: "public",
    summary:
      "Upload a backup in place of set-up, with the code in the header X-Setup-Code, and start anew with it",
    audit: null,
    query: RestoreQuery,
    upload: "application/octet-stream",
    response: Restored,
    status: 202,
    errors: [...SETUP_ERRORS, ...RESTORE_ERRORS],
    async handle({ c, query }, deps: SetupDeps) {
      deps.setup.admit(c.req.header("x-setup-code") ?? "", peerOf(c));
      return await restoreUpload(c, deps, query);
    },
  }),
];
