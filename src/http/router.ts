// Mounts routes on Hono: authorizes, reads and checks the request, calls the handler, writes the audit log.
import type { Context, Handler, Hono } from "hono";
import { checkerOf } from "../ocpp/schema.ts";
import { type AuditDeps, recordAudit } from "./auth/audit.ts";
import { authenticate, type GuardDeps, requireProof } from "./auth/guards.ts";
import { shownTo } from "./auth/tag_mask.ts";
import { requireRole } from "./auth/identity.ts";
import { checked, limitBody, readForm, readJson } from "./input.ts";
import { refuseMethod } from "./methods.ts";
import { readQuery } from "./query.ts";
import type { Route } from "./route.ts";

/** The parts that all routes need. */
export type RouterDeps = GuardDeps & AuditDeps;

const ANONYMOUS_BODY = 8_192; // bytes from a stranger: a login takes 200
const FORM = /^application\/x-www-form-urlencoded\b/i;

/** Mounts routes. A path is served with and without the slash at its end; other methods of it answer 405. */
export function mount<Deps extends RouterDeps>(app: Hono, routes: readonly Route<Deps>[], deps: Deps): void {
  for (const [path, methods] of byPath(routes)) {
    for (const route of methods) app.on(route.method, honoPath(path), handlerOf(route, deps));
    app.all(honoPath(path), otherMethods(methods, deps));
  }
}

/** Routes by path: `{` sorts behind letters, so that `/a/steps/` comes before `/a/{id}/`. */
function byPath<R extends Route<never>>(routes: readonly R[]): Map<string, R[]> {
  const paths = new Map<string, R[]>();
  const sorted = routes.toSorted((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
  for (const route of sorted) paths.set(route.path, [...paths.get(route.path) ?? [], route]);
  return paths;
}

function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1").replace(/(?<=.)\/$/, "");
}

function handlerOf<Deps extends RouterDeps>(route: Route<Deps>, deps: Deps): Handler {
  const body = route.body && { ...checkerOf(route.body), schema: route.body };
  return async (c) => {
    if (route.role === "public") limitBody(c, ANONYMOUS_BODY);
    else if (!route.isOpen?.(deps)) {
      await authenticate(c, deps);
      requireRole(c, route.role);
      if (route.proof) requireProof(c, deps);
    }
    const asked = {
      c,
      params: c.req.param() as never,
      query: (route.query ? readQuery(route.query, c, deps.store.calendar.time_zone) : {}) as never,
      body: (body && !isUpload(route, c) ? checked(body, await readObject(route, c)) : {}) as never,
    };
    const value = await route.handle(asked, deps);
    const shown = value instanceof Response ? value : shownTo(c, value, deps);
    const response = answerOf(route, shown, c);
    if (route.audit && response.status < 400) recordAudit(c, entryOf(route, c), deps);
    return response;
  };
}

async function readObject({ form }: Route<never>, c: Context): Promise<unknown> {
  const type = c.req.header("content-type") ?? "";
  const read = form && FORM.test(type) ? readForm : readJson;
  const value = await read(c);
  c.set("body", value);
  return value;
}

function isUpload({ upload }: Route<never>, c: Context): boolean {
  return upload !== undefined && (c.req.header("content-type") ?? "").toLowerCase().startsWith(upload);
}

function answerOf({ response, status = 200 }: Route<never>, value: unknown, c: Context): Response {
  if (value instanceof Response) return value;
  return response === null ? c.body(null, 204) : c.json(value as object, status);
}

/** The audit entry of a request; `{name}` in the action is a path parameter or a field of the body. */
function entryOf({ audit, method }: Route<never>, c: Context) {
  const body = (c.get("body") ?? null) as Record<string, unknown> | null;
  const { action = method, kind = "", id = "", is_command = false } = audit ?? {};
  const named = (name: string) => {
    const value = c.req.param(name) ?? body?.[name];
    return typeof value === "string" ? value : "";
  };
  return {
    action: action.replaceAll(/\{(\w+)\}/g, (_, name) => named(name)),
    kind,
    id: named(id),
    details: body,
    is_command,
  };
}

/** Returns the handler of the methods that a path does not have: 405, to those who may see that the path is there. */
function otherMethods<Deps extends RouterDeps>(routes: readonly Route<Deps>[], deps: Deps): Handler {
  const methods = routes.map(({ method }) => method);
  const open = routes.some((route) => route.role === "public");
  return async (c) => {
    if (!open) await authenticate(c, deps);
    return refuseMethod(c, methods);
  };
}
