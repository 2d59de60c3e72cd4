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
    let all = new Uint8Array(0);
    let size = 0;
    try {
      for await (const chunk of inTime(body, { total_ms: this.#within_ms })) {
        if (size + chunk.length > max) throw tooLarge(max);
        if (size + chunk.length > all.length) all = this.#grown(all, size + chunk.length);
        all.set(chunk, size); // a chunk of some bytes may keep a buffer of 64 kB alive
        size += chunk.length;
      }
    } finally {
      this.#held -= all.length;
    }
    return all.subarray(0, size);
  }

  /** Returns a larger copy of what is held of a body. Throws HttpError 503. */
  #grown(held: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
    const larger = new Uint8Array(Math.max(size, 2 * held.length));
    this.#held += larger.length - held.length;
    if (this.#held > this.#max) {
      this.#held -= larger.length - held.length;
      throw new HttpError("overloaded", "Too many requests are being received");
    }
    larger.set(held);
    return larger;
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
