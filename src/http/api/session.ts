// /login, /logout, /ocpp/session/, /ocpp/sessions/: who is logged in.
import { type Context, Hono } from "hono";
import type { Static } from "typebox";
import { Type } from "../../ocpp/schema_builder.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import type { LoginSession, User } from "../../store/store.ts";
import { recordAudit } from "../auth/audit.ts";
import { ADMIN } from "../auth/auth.ts";
import { setCookie } from "../auth/cookie.ts";
import { HttpError } from "../http_error.ts";
import { identityOf, mayDo, peerOf } from "../auth/identity.ts";
import { checked, readBody, readText } from "../input.ts";
import { MAX_PASSWORD, MIN_PASSWORD } from "../auth/password.ts";
import type { Services } from "../services.ts";

/** What POST /login holds, as JSON or as a form. */
export const Login = Type.Object({
  user: Type.Optional(Type.String({ maxLength: 100 })),
  password: Type.String({ maxLength: MAX_PASSWORD }),
}, { additionalProperties: false });

/** What PATCH /ocpp/session/ holds: one's own new password. */
export const OwnPassword = Type.Object({
  password: Type.String({ maxLength: MAX_PASSWORD }),
  new_password: Type.String({ minLength: MIN_PASSWORD, maxLength: MAX_PASSWORD }),
}, { additionalProperties: false });

const loginChecker = { ...checkerOf(Login), schema: Login };
const passwordChecker = { ...checkerOf(OwnPassword), schema: OwnPassword };

const DAY_S = 86_400;

/** The public doors of logging in and out. */
export function loginRoutes(services: Services): Hono {
  const app = new Hono({ strict: false });
  app.post("/login", async (c) => {
    const { user: name = ADMIN, password } = await readLogin(c);
    const user = await services.auth.checkPassword(name, password, peerOf(c));
    if (!user) {
      recordAudit(c, { action: "login refused", kind: "user", id: name, details: null }, services);
      throw new HttpError(401, "The user name or the password is wrong");
    }
    await begin(c, user, services);
    return c.json({ user: user.name, role: user.role });
  });
  app.post("/logout", async (c) => {
    const identity = await services.auth.authenticate(c.req.raw.headers, peerOf(c));
    if (identity?.session_id) await services.auth.login_sessions.end(identity.session_id);
    c.header("set-cookie", setCookie(null, 0, peerOf(c)));
    return c.body(null, 204);
  });
  return app;
}

/** The routes of sessions. */
export function sessionRoutes(services: Services): Hono {
  const app = new Hono({ strict: false });
  const { auth, store } = services;
  app.get("/session", (c) => {
    const { name, role, via, session_id } = identityOf(c);
    const session = session_id === undefined ? undefined : store.login_sessions.get(session_id);
    return c.json({ user: name, role, via, expires_at: session?.expires_at ?? null });
  });
  app.patch("/session", async (c) => await changeOwnPassword(c, services));
  app.get("/sessions", (c) => {
    const { name, role } = identityOf(c);
    const sessions = auth.login_sessions.of(mayDo(role, "admin") ? undefined : name).slice(0, 1000);
    return c.json({ sessions: sessions.map((session) => viewOf(session, c)), next: null });
  });
  app.delete("/sessions/:id", async (c) => {
    const session = store.login_sessions.get(c.req.param("id"));
    const { name, role } = identityOf(c);
    if (!session || (session.user !== name && !mayDo(role, "admin"))) {
      throw new HttpError(404, "There is no such login session");
    }
    await auth.login_sessions.end(session.session_id);
    return c.body(null, 204);
  });
  return app;
}

async function readLogin(c: Context): Promise<Static<typeof Login>> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header("content-type") ?? "")) {
    return await readBody(c, loginChecker);
  }
  return checked(loginChecker, Object.fromEntries(new URLSearchParams(await readText(c))));
}

async function begin(c: Context, user: User, services: Services): Promise<void> {
  const { auth, store, now } = services;
  const cookie = await auth.login_sessions.begin(user, peerOf(c), c.req.header("user-agent") ?? "");
  const last_login = new Date(now()).toISOString();
  store.users.put({ ...user, last_login }, { deferred: true }).catch(() => {}); // of no weight: nobody waits for it
  c.header("set-cookie", setCookie(cookie, store.settings.session_days * DAY_S, peerOf(c)));
  recordAudit(
    c,
    { action: "login", kind: "user", id: user.name, details: null, who: user.name, via: "session" },
    services,
  );
}

/** One's own password: the old one is asked for, and all other sessions end. */
async function changeOwnPassword(c: Context, { auth }: Services): Promise<Response> {
  const { name, via, session_id } = identityOf(c);
  if (via === "token") throw new HttpError(403, "An API token has no password");
  const { password, new_password } = await readBody(c, passwordChecker);
  const user = await auth.checkPassword(name, password, peerOf(c));
  if (!user) throw new HttpError(403, "The old password is wrong");
  await auth.setPassword(user, new_password, session_id);
  return c.body(null, 204);
}

function viewOf(session: LoginSession, c: Context): Record<string, unknown> {
  return { ...session, current: session.session_id === identityOf(c).session_id };
}
