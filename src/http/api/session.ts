// /login, /logout, /ocpp/session/, /ocpp/sessions/: login sessions.
import type { Context } from "hono";
import { Type } from "../../ocpp/schema_builder.ts";
import type { LoginSession, User } from "../../store/store.ts";
import { type AuditDeps, recordAudit } from "../auth/audit.ts";
import { ADMIN, type Auth } from "../auth/auth.ts";
import { setCookie } from "../auth/cookie.ts";
import { identityOf, mayDo, peerOf } from "../auth/identity.ts";
import { MAX_PASSWORD, MIN_PASSWORD } from "../auth/password.ts";
import { HttpError } from "../http_error.ts";
import { route } from "../route.ts";
import { Body, named, OptionalTime, page, RoleName, Time } from "../schemas.ts";

const DAY_S = 86_400;

const Code = Type.Optional(
  Type.String({ maxLength: 50, description: "A code of the authenticator app, or a recovery code" }),
);

/** The answer to a login. */
export const LoggedIn = Type.Object({ user: Type.String(), role: RoleName });

const Session = named(
  "LoginSession",
  Type.Object({
    session_id: Type.String(),
    user: Type.String(),
    created_at: Time,
    last_used: Time,
    expires_at: Type.String({ format: "date-time", description: "If it is not used until then" }),
    ends_at: Type.String({ format: "date-time", description: "However much it is used" }),
    address: Type.String(),
    agent: Type.String({ description: "User-Agent" }),
    current: Type.Boolean({ description: "True for the session of this request" }),
  }),
);

type SessionDeps = AuditDeps & { auth: Auth };

/** The routes of /login, /logout, /ocpp/session/, /ocpp/sessions/. */
export const sessionRoutes = [
  route({
    method: "POST",
    path: "/login",
    role: "public",
    summary: "Log in: the answer sets the session's cookie",
    audit: null,
    body: Body({
      user: Type.Optional(Type.String({ maxLength: 100 })),
      password: Type.String({ maxLength: MAX_PASSWORD }),
      code: Code,
    }),
    form: true,
    response: LoggedIn,
    errors: ["wrong_login", "code_required", "wrong_code", "too_many_tries", "busy"],
    async handle({ body: { user: name = ADMIN, password, code }, c }, deps: SessionDeps) {
      const user = await deps.auth.checkPassword(name, password, peerOf(c));
      const refuse = () =>
        recordAudit(c, { action: "login refused", kind: "user", id: name, details: null }, deps);
      if (!user) {
        refuse();
        throw new HttpError("wrong_login", "The user name or the password is wrong");
      }
      await deps.auth.second_factors.check(user, code).catch((error) => {
        if (code) refuse();
        throw error;
      });
      await begin(c, user, deps);
      return { user: user.name, role: user.role };
    },
  }),
  route({
    method: "POST",
    path: "/login/confirm",
    role: "viewer",
    summary:
      "Give the password of this login session again, which changes of users, tokens and the like ask for",
    audit: null,
    body: Body({ password: Type.String({ maxLength: MAX_PASSWORD }), code: Code }),
    response: Type.Object({ confirmed_until: Time }),
    errors: ["wrong_password", "code_required", "wrong_code", "not_possible_here"],
    async handle({ body: { password, code }, c }, { auth }: SessionDeps) {
      const { user: name, session_id } = identityOf(c);
      if (session_id === undefined) {
        throw new HttpError("not_possible_here", "Only a login session can be confirmed");
      }
      const user = await auth.checkPassword(name, password, peerOf(c));
      if (!user) throw new HttpError("wrong_password", "The password is wrong");
      await auth.second_factors.check(user, code);
      return { confirmed_until: new Date(auth.login_sessions.prove(session_id)).toISOString() };
    },
  }),
  route({
    method: "POST",
    path: "/logout",
    role: "public",
    summary: "Log out",
    audit: null,
    response: null,
    async handle({ c }, { auth }: SessionDeps) {
      const identity = await auth.authenticate(c.req.raw.headers, peerOf(c));
      if (identity?.session_id) await auth.login_sessions.end(identity.session_id);
      c.header("set-cookie", setCookie(null, 0, peerOf(c)));
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/session/",
    role: "viewer",
    summary: "The user or token of this request",
    response: Type.Object({
      user: Type.String({ description: "The user's name or the token's label" }),
      role: RoleName,
      via: Type.Enum(["session", "basic", "token"]),
      expires_at: OptionalTime,
      ends_at: OptionalTime,
      second_factor: Type.Boolean({ description: "True: the user logs in with a code as well" }),
    }),
    handle({ c }, { auth, store }: SessionDeps) {
      const { name, user, role, via, session_id } = identityOf(c);
      const session = session_id === undefined ? undefined : store.login_sessions.get(session_id);
      return {
        user: name,
        role,
        via,
        expires_at: session?.expires_at ?? null,
        ends_at: session ? auth.login_sessions.endOf(session) : null,
        second_factor: store.users.get(user)?.second_factor !== undefined,
      };
    },
  }),
  route({
    method: "PATCH",
    path: "/ocpp/session/",
    role: "viewer",
    summary: "Change one's own password; all other sessions of the user end",
    audit: { action: "change", kind: "session" },
    body: Body({
      password: Type.String({ maxLength: MAX_PASSWORD }),
      new_password: Type.String({ minLength: MIN_PASSWORD, maxLength: MAX_PASSWORD }),
    }),
    response: null,
    errors: ["token_has_no_password", "wrong_password", "common_password"],
    async handle({ body: { password, new_password }, c }, { auth }: SessionDeps) {
      const { name, via, session_id } = identityOf(c);
      if (via === "token") throw new HttpError("token_has_no_password", "An API token has no password");
      const user = await auth.checkPassword(name, password, peerOf(c));
      if (!user) throw new HttpError("wrong_password", "The old password is wrong");
      await auth.setPassword(user, new_password, session_id);
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/sessions/",
    role: "viewer",
    summary: "Login sessions: one's own, or all for an admin",
    response: page("sessions", Session),
    handle({ c }, { auth }: SessionDeps) {
      const sessions = auth.login_sessions.of().filter((session) => isTheirs(session, c)).slice(0, 1000);
      const views = sessions.map((session) => ({
        ...session,
        ends_at: auth.login_sessions.endOf(session),
        current: session.session_id === identityOf(c).session_id,
      }));
      return { sessions: views, next: null };
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/sessions/{session_id}/",
    role: "viewer",
    summary: "End a login session",
    audit: { action: "delete", kind: "session", id: "session_id" },
    response: null,
    async handle({ params, c }, { auth, store }: SessionDeps) {
      const session = store.login_sessions.get(params.session_id);
      if (!session || !isTheirs(session, c)) {
        throw new HttpError("not_found", "There is no such login session", { values: { kind: "session" } });
      }
      await auth.login_sessions.end(session.session_id);
    },
  }),
];

async function begin(c: Context, user: User, deps: SessionDeps): Promise<void> {
  const { auth, store, now } = deps;
  const cookie = await auth.login_sessions.begin(user, peerOf(c), c.req.header("user-agent") ?? "");
  const last_login = new Date(now()).toISOString();
  store.users.put({ ...store.users.get(user.name)!, last_login }, { deferred: true }).catch(() => {}); // the login does not depend on it
  c.header("set-cookie", setCookie(cookie, store.settings.session_days * DAY_S, peerOf(c)));
  const who = { who: user.name, via: "session" } as const;
  recordAudit(c, { action: "login", kind: "user", id: user.name, details: null, ...who }, deps);
}

/** Returns true for a session that the sender may see and end: any for an admin, else the user's own, none for a token. */
function isTheirs({ user }: LoginSession, c: Context): boolean {
  const identity = identityOf(c);
  return mayDo(identity.role, "admin") || (identity.via !== "token" && identity.user === user);
}
