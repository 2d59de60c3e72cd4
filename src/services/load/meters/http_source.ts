// A meter that is read by HTTP: a JSON document at a URL.
import type { JsonValues } from "../../../site/load/feed_meter.ts";
import { currentsIn } from "./json_values.ts";
import type { FeedValues } from "./phase_values.ts";

const DEADLINE_MS = 5_000;
const MAX_BYTES = 65_536;

/** One meter. */
export class HttpSource {
  readonly #meter: JsonValues & { url: string };
  readonly #closed = new AbortController();

  constructor(meter: JsonValues & { url: string }) {
    this.#meter = meter;
  }

  /** Reads the currents. Throws Error with a sentence, in which the URL is not. */
  async read(): Promise<FeedValues> {
    return currentsIn(await this.#text(), this.#meter);
  }

  /** Ends what is under way. */
  close(): void {
    this.#closed.abort();
  }

  async #text(): Promise<string> {
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(DEADLINE_MS)]);
    try {
      const answer = await fetch(this.#meter.url, {
        redirect: "manual",
        signal,
        headers: { accept: "application/json" },
      });
      if (answer.ok) return await boundedText(answer);
      await answer.body?.cancel();
      throw new Error(sentenceOf(answer.status));
    } catch (error) {
      throw new Error(reasonOf(error));
    }
  }
}

function sentenceOf(status: number): string {
  if (status >= 300 && status < 400) return `The meter redirects (${status}), which is not followed`;
  return `The meter answered ${status}`;
}

async function boundedText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`The meter's answer is longer than ${MAX_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return `No answer within ${DEADLINE_MS / 1000} s`;
  }
  const { message, cause } = error as Error;
  const deepest = cause instanceof Error ? cause.message : message;
  return deepest.split("\n")[0]!.replaceAll(/ ?(for url )?\(?https?:\S*/g, "").slice(0, 200);
}
