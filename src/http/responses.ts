// The answers that a route can give, derived from its data.
import type { ErrorCode } from "./http_error.ts";
import type { ResponseSpec, RouteData } from "./route.ts";

/** An answer on success. */
export interface Success {
  status: number;
  response: ResponseSpec;
}

/** Returns a route's answers on success. */
export function responsesOf({ response, status, also = {} }: RouteData): Success[] {
  const usual = { status: status ?? (response === null ? 204 : 200), response };
  const others = Object.entries(also).flatMap(([code, other]) =>
    [other].flat().map((response) => ({ status: Number(code), response: response as ResponseSpec }))
  );
  return [usual, ...others];
}

/** Returns the codes of a route's errors: its own, and those of all routes like it. */
export function errorsOf(route: RouteData): ErrorCode[] {
  const { method, path, role, body, query, errors = [] } = route;
  const codes: ErrorCode[] = ["not_set_up", "unknown_host", "internal", ...errors];
  if (role !== "public") codes.push("login_required", "too_many_tries", "busy", "basic_not_possible");
  if (route.proof) codes.push("reauthentication_required");
  if (role !== "public" && role !== "viewer") codes.push("role_required");
  if (path.includes("{")) codes.push("not_found");
  if (query) codes.push("invalid_query");
  if (body) {
    codes.push(
      "invalid_json",
      "invalid_field",
      "wrong_media_type",
      "body_too_large",
      "body_too_slow",
      "overloaded",
    );
  }
  if (method !== "GET") codes.push("foreign_origin", "storage_failed");
  return [...new Set(codes)];
}
