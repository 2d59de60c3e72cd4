// Checks answers of REST against the schemas of their routes, which so are proved by all tests.
import type { TSchema } from "typebox";
import { ROUTES } from "../../src/http/routes.ts";
import { ERRORS } from "../../src/http/http_error.ts";
import { errorsOf, responsesOf } from "../../src/http/responses.ts";
import type { ResponseSpec, RouteData } from "../../src/http/route.ts";
import { type Checker, checkerOf } from "../../src/ocpp/schema.ts";

/** An answer to check. `body` is parsed where it is JSON. */
export interface Answered {
  method: string;
  path: string;
  status: number;
  headers: Headers;
  body: unknown;
}

const PATTERNS = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, "[^/]+").replace(/\/$/, "")}/?$`),
  params: route.path.split("{").length,
})).sort((a, b) => a.params - b.params);

const checkers = new Map<TSchema, Checker>();

/** Throws where an answer is none of those that its route declares. Other paths are not checked. */
export function checkAnswer(answered: Answered): void {
  const { method, path, status } = answered;
  const bare = path.split(/[?#]/)[0]!;
  const verb = method === "HEAD" ? "GET" : method;
  const found = PATTERNS.find(({ route, pattern }) => route.method === verb && pattern.test(bare));
  if (!found || status === 405) return;
  const wrong = status < 400 ? wrongSuccess(found.route, answered) : wrongError(found.route, answered);
  if (wrong) throw new Error(`${method} ${path} answered ${status} against its route: ${wrong}`);
}

function wrongSuccess(route: RouteData, { status, headers, body, method }: Answered): string | null {
  const allowed = responsesOf(route).filter((one) => one.status === status).map(({ response }) => response);
  if (allowed.length === 0) return "the status is not declared";
  const type = headers.get("content-type")?.split(";")[0] ?? null;
  if (method === "HEAD") return null;
  const wrong = allowed.map((response) => wrongBody(response, type, body));
  return wrong.includes(null) ? null : wrong.join("; ");
}

function wrongBody(response: ResponseSpec, type: string | null, body: unknown): string | null {
  if (response === null) return body === "" ? null : "there is content";
  if (typeof response === "string") {
    return type?.startsWith(response.replace(/\*$/, "")) ? null : `the content type is ${type}`;
  }
  const [violation] = closedChecker(response).violations(body);
  return violation ? `${violation.path} ${violation.message} ${violation.properties}` : null;
}

function wrongError(route: RouteData, { status, body }: Answered): string | null {
  const { error, code, values } = (body ?? {}) as Record<string, unknown>;
  if (typeof error !== "string" || typeof values !== "object") return `the body is ${JSON.stringify(body)}`;
  const codes: string[] = errorsOf(route).filter((one) => ERRORS[one] === status);
  if (codes.includes(String(code)) || codes.includes("charger_error")) return null;
  return `the code ${code} is not declared`;
}

/** A checker that takes no other fields than those of the schema, so that none is missing there. */
function closedChecker(schema: TSchema): Checker {
  let checker = checkers.get(schema);
  if (!checker) checkers.set(schema, checker = checkerOf(closed(schema) as TSchema));
  return checker;
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
  const isObject = copy.type === "object" && copy.properties && !copy.patternProperties;
  return isObject ? { additionalProperties: false, ...copy } : copy;
}
