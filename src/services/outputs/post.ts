// One HTTP request to a receiver of the operator's choice: no redirects, a deadline, and an answer that is not read.
import type { Outcome } from "./courier.ts";

const DEADLINE_MS = 10_000;

/** A request to a receiver. */
export interface PostRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Sends a request. Success is an answer of 200 to 299; a redirect is not followed. */
export async function post({ url, headers, body }: PostRequest, signal: AbortSignal): Promise<Outcome> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
    });
    await answer.body?.cancel();
    const { status } = answer;
    return { ok: status >= 200 && status < 300, status, error: status < 300 ? null : sentenceOf(status) };
  } catch (error) {
    return { ok: false, status: null, error: reasonOf(error) };
  }
}

function sentenceOf(status: number): string {
  const moved = status >= 300 && status < 400;
  return moved
    ? `The receiver redirects (${status}), which is not followed`
    : `The receiver answered ${status}`;
}

function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return `No answer within ${DEADLINE_MS / 1000} s`;
  }
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  const text = error instanceof Error ? error.message + cause : String(error);
  return text.split("\n")[0]!.slice(0, 300);
}
