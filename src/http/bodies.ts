// Request bodies while they come in: a bound for all of them together, and a bound in time for each.
import { HttpError } from "./http_error.ts";

const MAX_HELD = 16_777_216; // bytes of unfinished bodies, in the whole process

/** The bodies that are being read into memory. */
export class Bodies {
  #held = 0;
  readonly #max: number;
  readonly #within_ms: number;

  /** `max`: bytes of all unfinished bodies together; `within_ms`: for each. */
  constructor({ max = MAX_HELD, within_ms }: { max?: number; within_ms: number }) {
    this.#max = max;
    this.#within_ms = within_ms;
  }

  /** Returns a whole body of at most `max` bytes. Throws HttpError 408, 413 or 503. */
  async read(body: ReadableStream<Uint8Array> | null, max: number): Promise<Uint8Array<ArrayBuffer>> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of inTime(body, { total_ms: this.#within_ms })) {
        size += chunk.length;
        this.#held += chunk.length;
        if (size > max) throw tooLarge(max);
        if (this.#held > this.#max) throw new HttpError("overloaded", "Too many requests are being received");
        chunks.push(chunk);
      }
    } finally {
      this.#held -= size;
    }
    return join(chunks, size);
  }

  /** Returns a body that goes to a file as it comes. It fails with HttpError 408 when nothing has come for a while. */
  file(body: ReadableStream<Uint8Array> | null): ReadableStream<Uint8Array> | null {
    return body && ReadableStream.from(inTime(body, { silence_ms: this.#within_ms }));
  }
}

/** Returns the error 413. */
export function tooLarge(max: number): HttpError {
  return new HttpError("body_too_large", `The body is larger than ${max} bytes`, { values: { max } });
}

/** Yields the chunks of a body. Throws HttpError 408 when it is not complete, or silent for too long. */
async function* inTime(
  body: ReadableStream<Uint8Array> | null,
  { total_ms = Infinity, silence_ms = total_ms }: { total_ms?: number; silence_ms?: number },
): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const reader = body.getReader();
  const until = performance.now() + total_ms;
  try {
    for (;;) {
      const next = await within(Math.min(silence_ms, until - performance.now()), reader.read());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    reader.cancel().catch(() => {}); // not waited for: a body that is stuck never ends
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new HttpError("body_too_slow", "The body did not come in time")), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function join(chunks: Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
