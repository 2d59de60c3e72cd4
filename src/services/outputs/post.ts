// One HTTP request to a receiver of the operator's choice: no redirects, a deadline, and of a refusal the first words.
import type { Outcome } from "./courier.ts";

const DEADLINE_MS = 10_000;
/** Bytes of a refusal that are read, and the time that they may take: a receiver may send without end. */
const WORDS_BYTES = 1000;
const WORDS_MS = 1000;
const WORDS = 200;
/** Deno names the URL in its errors; Telegram's holds the bot's token. */
const URL_IN_REASON = / for url \(\S*\)/g;

/** A request to a receiver. */
export interface PostRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Sends a request; without an answer in time it fails. Success is an answer of 200 to 299; a redirect is not followed. */
export async function post(
  { url, headers, body }: PostRequest,
  signal: AbortSignal,
  { deadline_ms = DEADLINE_MS }: { deadline_ms?: number } = {},
): Promise<Outcome> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(deadline_ms)]),
    });
    const { status, ok } = answer;
    const words = ok ? "" : await wordsOf(answer);
    await answer.body?.cancel().catch(() => {});
    return { ok, status, error: ok ? null : sentenceOf(status) + (words && `: ${words}`) };
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

/** Returns the reason that a receiver gives for a refusal, in one line; "" if it gives none. Telegram and ntfy answer with JSON. */
async function wordsOf({ body, headers }: Response): Promise<string> {
  if (!body || !/json|text\/plain/.test(headers.get("content-type") ?? "")) return "";
  const reader = body.getReader();
  const timer = setTimeout(() => void reader.cancel().catch(() => {}), WORDS_MS);
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (let bytes = 0; bytes < WORDS_BYTES;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.length;
      text += decoder.decode(value.subarray(0, WORDS_BYTES), { stream: true });
    }
  } catch {
    // the status says enough
  } finally {
    clearTimeout(timer);
    reader.releaseLock();
  }
  return oneLine(saidIn(text)).slice(0, WORDS);
}

/** The sentence in an error's JSON; else the whole text. */
function saidIn(text: string): string {
  try {
    const { description, error, message } = JSON.parse(text) as Record<string, unknown>;
    return String([description, error, message].find((part) => typeof part === "string") ?? "");
  } catch {
    return text;
  }
}

function oneLine(text: string): string {
  return text.replace(/[\p{C}\s]+/gu, " ").trim();
}

function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return `No answer within ${DEADLINE_MS / 1000} s`;
  }
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  const text = error instanceof Error ? error.message + cause : String(error);
  return text.split("\n")[0]!.replaceAll(URL_IN_REASON, "").slice(0, 300);
}
