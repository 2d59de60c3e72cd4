// Errors of REST: a sentence for people, a code for programs. Both are public.
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** The error codes with their HTTP status. A 502 carries the OCPP error code of the charger's CALLERROR instead. */
export const ERRORS = {
  invalid_json: 400,
  invalid_field: 400,
  invalid_query: 400,
  invalid_file: 400,
  invalid_csv: 400,
  unknown_action: 400,
  masked_secret: 400,
  common_password: 400,
  passphrase_required: 400,
  wrong_passphrase: 400,
  login_required: 401,
  wrong_login: 401,
  foreign_origin: 403,
  not_set_up: 403,
  role_required: 403,
  reauthentication_required: 403,
  code_required: 403,
  wrong_code: 403,
  basic_not_possible: 403,
  wrong_setup_code: 403,
  wrong_password: 403,
  token_has_no_password: 403,
  not_found: 404,
  method_not_allowed: 405,
  body_too_slow: 408,
  exists: 409,
  state_forbids: 409,
  too_many: 409,
  last_admin: 409,
  other_site: 409,
  already_set_up: 409,
  not_possible_here: 409,
  body_too_large: 413,
  wrong_media_type: 415,
  range_not_satisfiable: 416,
  unknown_host: 421,
  too_many_tries: 429,
  busy: 429,
  internal: 500,
  charger_error: 502,
  overloaded: 503,
  storage_failed: 503,
  no_space: 507,
  backup_failed: 503,
  charger_timeout: 504,
} as const satisfies Record<string, ContentfulStatusCode>;

/** The code of an error. */
export type ErrorCode = keyof typeof ERRORS;

/** Further parts of an error. */
export interface ErrorDetails {
  /** The subject of the sentence: field, id, limit. */
  values?: Readonly<Record<string, unknown>>;
  /** Seconds to wait; also sent as the header Retry-After. */
  retry_after?: number;
  /** Of a 502: the CALLERROR's code, and its details. */
  charger?: { code: string; details: unknown };
}

/** A request that is refused. `message` is the sentence. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: (typeof ERRORS)[ErrorCode];

  constructor(readonly code: ErrorCode, message: string, readonly more: ErrorDetails = {}) {
    super(message);
    this.status = ERRORS[code];
  }

  /** The body of the answer. */
  body(): Record<string, unknown> {
    const { values = {}, charger, retry_after } = this.more;
    return {
      error: this.message,
      code: this.code,
      values,
      ...charger,
      ...(retry_after === undefined ? {} : { retry_after }),
    };
  }
}

/** The statuses of clients that ask too much: the connection ends with the answer, so that none goes on as before. */
const TOO_MUCH: ReadonlySet<number> = new Set([408, 413, 429, 503]);

/** Answers a request with an error. */
export function answerError(c: Context, error: HttpError, headers: Record<string, string> = {}): Response {
  const { retry_after } = error.more;
  const wait: Record<string, string> = retry_after === undefined
    ? {}
    : { "retry-after": String(retry_after) };
  const end: Record<string, string> = TOO_MUCH.has(error.status) ? { connection: "close" } : {};
  return c.json(error.body(), error.status, { ...wait, ...end, ...headers });
}

/** Returns the error 404 for a record of a kind. Its id is cut to `most` characters. */
export function notFound(kind: string, id: string, most = 64): HttpError {
  return new HttpError("not_found", `There is no ${kind} ${id.slice(0, most)}`, {
    values: { kind, id: id.slice(0, most) },
  });
}
