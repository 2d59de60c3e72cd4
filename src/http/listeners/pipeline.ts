// Pipelined requests of a connection. node:http hands all of them over at once, before the first is answered: a peer that
// sends and never reads would fill the memory with them.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { pauseReading, resumeReading } from "./backpressure.ts";
import { hasBody } from "./node_bridge.ts";

const MAX_WAITING = 4;

/** Requests of each connection that are not answered yet. */
export class Pipeline {
  readonly #open = new WeakMap<Socket, { count: number; last: Promise<void> }>();

  /**
   * Resolves with true when the earlier requests of the connection are answered; further ones are not read meanwhile.
   * Resolves with false when the connection has ended, or is ended because too many wait.
   */
  async turn(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { socket } = request;
    const open = this.#open.get(socket) ?? { count: 0, last: Promise.resolve() };
    this.#open.set(socket, open);
    if (open.count > MAX_WAITING) socket.destroy();
    if (socket.destroyed) return false;
    const earlier = open.last;
    const waits = open.count++ > 0;
    open.last = ended(response).then(() => void open.count--);
    if (!waits) return true;
    pauseReading(socket);
    await earlier;
    if (open.count === 1 && !hasBody(request)) resumeReading(socket);
    return !socket.destroyed;
  }
}

function ended(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once("finish", resolve);
    response.once("close", resolve);
  });
}
