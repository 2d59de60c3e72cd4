// Errors that nothing has caught: in the log, without the end of the program.
import { describeError, type Log } from "../log.ts";

/** Logs uncaught errors; they do not end the program. */
export function logUncaughtErrors(log: Log): void {
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    log.error("Uncaught error", { error: describeError(event.reason) });
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    log.error("Uncaught error", { error: describeError(event.error) });
  });
}
