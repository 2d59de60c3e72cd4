// The checks that every request passes: headers, foreign origins, set-up, credentials.
import type { Context, MiddlewareHandler } from "hono";
import type { Tuning } from "../../config.ts";
import type { Settings } from "../../store/store.ts";
import { type HostDeps, isForeign, isOwnHost } from "../admission/origin.ts";
import { HttpError } from "../http_error.ts";
import { Bodies } from "../bodies.ts";
import { countBody, limitBody } from "../input.ts";
import type { Auth } from "./auth.ts";
import { identityOf, peerOf } from "./identity.ts";
import type { Setup } from "./setup.ts";

/** The parts that check credentials. */
export interface GuardDeps {
  auth: Auth;
}

const CSP = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; " +
  "base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/** The features of browsers that no page of the gateway uses. */
const PERMISSIONS = ["camera", "display-capture", "geolocation", "microphone", "midi", "payment", "usb"]
  .map((feature) => `${feature}=()`).join(", ");

/**
 * A year. A browser that has seen it opens no plain page of this host name any more, on any port; it does not apply to
 * IP addresses.
 */
const HSTS_S = 31_536_000;

/** Sets the headers of every response; a page with its own policy keeps it. Map tiles need a Referer with the origin. */
export const headers: MiddlewareHandler = async (c, next) => {
  await next();
  const { headers } = c.res;
  if (!headers.has("content-security-policy")) c.header("content-security-policy", CSP);
  if (!headers.has("cache-control")) c.header("cache-control", "no-store");
  c.header("x-content-type-options", "nosniff");
  c.header("x-frame-options", "DENY");
  c.header("cross-origin-opener-policy", "same-origin");
  c.header("permissions-policy", PERMISSIONS);
  c.header("referrer-policy", "strict-origin-when-cross-origin");
  if (peerOf(c).secure) c.header("strict-transport-security", `max-age=${HSTS_S}`);
};

/**
 * Refuses a host name that is not the gateway's, which a page of a foreign domain uses to read as if it were ours (DNS
 * rebinding). `/files` stays open: its paths hold secrets, and chargers fetch them by the host name that they have.
 */
export function ownHost(deps: HostDeps): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header("host") ?? new URL(c.req.url).host;
    if (!c.req.path.startsWith("/files/") && !isOwnHost(host, deps)) {
      const name = host.slice(0, 100);
      throw new HttpError(
        "unknown_host",
        `The host name ${name} is not known: use the IP address, or add the name to the setting allowed_hosts`,
        { values: { host: name } },
      );
    }
    await next();
  };
}

/** Refuses changes that a page of another origin makes a browser send, with the cookie or Basic credentials of ours. */
export const sameOrigin: MiddlewareHandler = async (c, next) => {
  if (!isSafe(c.req.method) && isForeign((name) => c.req.header(name) ?? null)) {
    throw new HttpError("foreign_origin", "The request comes from a foreign origin");
  }
  await next();
};

/** The settings that limit bodies. */
export interface BodyDeps {
  store: { settings: Settings };
  config: { tuning: Pick<Tuning, "body_ms"> };
}

/** Limits bodies to the size that the settings allow, and all of them together. */
export function bodyLimit({ store, config }: BodyDeps): MiddlewareHandler {
  const bodies = new Bodies({ within_ms: config.tuning.body_ms });
  return async (c, next) => {
    limitBody(c, store.settings.max_body_bytes);
    countBody(c, bodies);
    await next();
  };
}

/** Refuses everything but set-up until there is a user, and waits for one that is being created. `/files` stays open, for chargers. */
export function setupFirst({ setup, auth }: { setup: Setup; auth: Auth }): MiddlewareHandler {
  return async (c, next) => {
    if (!isForSetup(c.req.path)) {
      if (auth.first_stored) await auth.first_stored;
      if (setup.needed()) {
        throw new HttpError("not_set_up", "The gateway is not set up yet: open /admin/ first");
      }
    }
    await next();
  };
}

/** Finds out who asks, for `identityOf`. Throws HttpError 401 or 429. */
export async function authenticate(c: Context, { auth }: GuardDeps): Promise<void> {
  const identity = await auth.authenticate(c.req.raw.headers, peerOf(c));
  if (!identity) {
    c.header("www-authenticate", challengeFor(c.req.raw.headers));
    throw new HttpError("login_required", "Log in first");
  }
  c.set("identity", identity);
}

/** Throws HttpError 403 for a login session that has not given its password in the last five minutes. */
export function requireProof(c: Context, { auth }: GuardDeps): void {
  const { session_id } = identityOf(c);
  if (session_id === undefined || auth.login_sessions.isProven(session_id)) return;
  throw new HttpError("reauthentication_required", "Give your password again first: POST /login/confirm");
}

function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

function isForSetup(path: string): boolean {
  return path === "/" || path === "/healthz" || /^\/(admin|static|files|ocpp\/setup)(\/|$)/.test(path);
}

/** The challenge of a 401: browsers are not asked for Basic, since they would show a dialog of their own. */
function challengeFor(headers: Headers): string {
  const browser = headers.has("x-requested-with") || headers.has("sec-fetch-mode") ||
    /Mozilla\//.test(headers.get("user-agent") ?? "");
  return `${browser ? "Bearer" : "Basic"} realm="ocpp-gateway"`;
}
