// The refusal after too many wrong tries.
import { HttpError } from "../http_error.ts";

/** Returns the error 429 for an account, an address or a second factor that is locked for some seconds. */
export function lockedFor(seconds: number): HttpError {
  const minutes = Math.ceil(seconds / 60);
  const text = `Too many wrong tries: try again in ${minutes} minute${minutes === 1 ? "" : "s"}`;
  return new HttpError("too_many_tries", text, { retry_after: seconds, values: { minutes } });
}
