// An error that REST answers with: its message is public.
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** A refusal with its HTTP status; `more` goes beside `error` in the body. */
export class HttpError extends Error {
  override readonly name = "HttpError";

  constructor(
    readonly status: ContentfulStatusCode,
    message: string,
    readonly more: Record<string, unknown> = {},
  ) {
    super(message);
  }
}
