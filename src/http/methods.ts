// The methods of paths: 405 for those that a path does not have, and HEAD wherever there is GET.
import type { Context, Handler, MiddlewareHandler } from "hono";
import { answerError, HttpError } from "./http_error.ts";

/** Answers a method that a path does not have: 405, with those that it has (RFC 9110 §15.5.6). HEAD goes with GET. */
export function refuseMethod(c: Context, methods: readonly string[]): Response {
  const allow = [...methods, ...methods.includes("GET") ? ["HEAD"] : []].sort().join(", ");
  const text = `${c.req.method} is not possible here: ${allow} ${allow.includes(",") ? "are" : "is"}`;
  const error = new HttpError("method_not_allowed", text, { values: { allow } });
  return answerError(c, error, { allow });
}

/** Returns the handler for all other methods of a public path. */
export function onlyMethods(...methods: string[]): Handler {
  return (c) => refuseMethod(c, methods);
}

/** Answers HEAD as GET without content. The content is cancelled, which closes files and ends streams. */
export const headOnly: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.req.raw.method !== "HEAD" || c.res.body === null) return;
  const { status, headers, body } = c.res;
  await body.cancel();
  c.res = new Response(null, { status, headers });
};
