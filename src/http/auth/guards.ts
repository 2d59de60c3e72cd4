// What every request goes through: headers, foreign origins, set-up first, who may do what.
import type { MiddlewareHandler } from "hono";
import { HttpError } from "../http_error.ts";
import { peerOf, requireRole } from "./identity.ts";
import { limitBody } from "../input.ts";
import { roleFor } from "./roles.ts";
import type { Services } from "../services.ts";

const CSP = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; " +
  "base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/** A day only: HSTS is for all ports of a host, so it takes the plain listener away from a browser that has seen the other. */
const HSTS_S = 86_400;

/** The headers of every answer; a page that needs less says so itself. Map tiles need a Referer of the origin. */
export const headers: MiddlewareHandler = async (c, next) => {
  await next();
  const { headers } = c.res;
  if (!headers.has("content-security-policy")) c.header("content-security-policy", CSP);
  if (!headers.has("cache-control")) c.header("cache-control", "no-store");
  c.header("x-content-type-options", "nosniff");
  c.header("x-frame-options", "DENY");
  c.header("referrer-policy", "strict-origin-when-cross-origin");
  if (peerOf(c).secure) c.header("strict-transport-security", `max-age=${HSTS_S}`);
};

/** Refuses what a page of another origin makes a browser send: cookies and Basic credentials would go along. */
export const sameOrigin: MiddlewareHandler = async (c, next) => {
  if (!isSafe(c.req.method) && isForeign(c.req.raw)) {
    throw new HttpError(403, "The request comes from a foreign origin");
  }
  await next();
};

/** Bodies are as large as the settings say. */
export function bodyLimit({ store }: Services): MiddlewareHandler {
  return async (c, next) => {
    limitBody(c, store.settings.max_body_bytes);
    await next();
  };
}

/** Until there is a user, browsers get set-up and nothing else; `/files` is the chargers'. */
export function setupFirst({ setup }: Services): MiddlewareHandler {
  return async (c, next) => {
    if (setup.needed() && !isForSetup(c.req.path)) {
      throw new HttpError(403, "The gateway is not set up yet: open /admin/ first");
    }
    await next();
  };
}

/** Lets users and programs through whose role is enough. */
export function guard({ auth }: Services): MiddlewareHandler {
  return async (c, next) => {
    const identity = await auth.authenticate(c.req.raw.headers, peerOf(c));
    if (!identity) {
      c.header("www-authenticate", challengeFor(c.req.raw.headers));
      return c.json({ error: "Log in first" }, 401);
    }
    c.set("identity", identity);
    requireRole(c, roleFor(c.req.method, c.req.path));
    await next();
  };
}

function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

/** Programs send neither header; browsers send at least one with what changes something. */
function isForeign({ headers }: Request): boolean {
  const origin = headers.get("origin");
  if (origin === null) return /^(cross-site|same-site)$/.test(headers.get("sec-fetch-site") ?? "");
  return !URL.canParse(origin) || new URL(origin).host !== hostOf(headers.get("host") ?? "");
}

/** A Host header as URLs write it: in lower case, without the port that goes without saying. */
function hostOf(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).host : host;
}

function isForSetup(path: string): boolean {
  return path === "/" || path === "/healthz" || /^\/(admin|static|files|ocpp\/setup)(\/|$)/.test(path);
}

/** A browser would show its own box for Basic, also for requests of the admin's scripts. */
function challengeFor(headers: Headers): string {
  const browser = headers.has("x-requested-with") || headers.has("sec-fetch-mode") ||
    /Mozilla\//.test(headers.get("user-agent") ?? "");
  return `${browser ? "Bearer" : "Basic"} realm="ocpp-gateway"`;
}
