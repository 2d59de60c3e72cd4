// The end of connections whose request was answered before its body had come.
import type { IncomingMessage, ServerResponse } from "node:http";
import { resumeReading } from "./backpressure.ts";

const MAX_AT_ONCE = 16;
const WITHIN_MS = 500;
const MAX_BYTES = 1_048_576;

/**
 * Discards the rest of a body that the app has not read, for a short time and up to a size, since a client that is
 * reset while it sends never sees the response; then the connection is ended. Only a few connections have that courtesy
 * at once: under an attack it would be the attack's way to memory.
 */
export class Goodbyes {
  #count = 0;

  /** Ends a request's connection when its response is sent, unless the whole body has come. */
  after(request: IncomingMessage, response: ServerResponse): void {
    if (!request.complete) response.once("finish", () => this.#say(request));
  }

  #say(request: IncomingMessage): void {
    const { socket } = request;
    if (request.complete) return;
    if (this.#count >= MAX_AT_ONCE) return void socket.destroy();
    this.#count++;
    const timer = setTimeout(() => socket.destroy(), WITHIN_MS);
    const over = () => {
      this.#count--;
      clearTimeout(timer);
      socket.off("close", over);
      request.off("end", over);
    };
    socket.once("close", over);
    request.once("end", over);
    discard(request, () => socket.destroy());
  }
}

function discard(request: IncomingMessage, onTooMuch: () => void): void {
  let discarded = 0;
  request.removeAllListeners("data").on("data", ({ length }: Uint8Array) => {
    if ((discarded += length) > MAX_BYTES) onTooMuch();
  });
  resumeReading(request.socket);
}
