// The site's connection to its fleet: one outbound websocket, on which one message at a time is answered.
import {
  type FleetMessage,
  fleetMessage,
  type Hello,
  LINK_PATH,
  type RefusalCode,
} from "../../store/changes/link_messages.ts";

const LOST = "The connection to the fleet was lost";
const OPEN_MS = 15_000;
const ANSWER_MS = 30_000;

/** The fleet has refused the site or a batch. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  constructor(readonly code: RefusalCode, text: string) {
    super(text);
  }
}

/** An open connection. */
export class FleetSocket {
  readonly #socket: WebSocket;
  #answer: PromiseWithResolvers<FleetMessage> | null = null;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    const closed = Promise.withResolvers<void>();
    this.closed = closed.promise;
    socket.onmessage = ({ data }) => this.#take(data);
    socket.onerror = () => {}; // a close follows
    socket.onclose = () => {
      closed.resolve();
      this.#answer?.reject(new Error(LOST));
    };
  }

  /** Connects and says who this is; `stop` ends the attempt. Throws Error, or RefusedError. */
  static async open(url: string, hello: Hello, stop: AbortSignal): Promise<FleetSocket> {
    const target = url.replace(/^http/, "ws").replace(/\/+$/, "") + LINK_PATH;
    const socket = new FleetSocket(new WebSocket(target));
    const close = () => socket.close();
    stop.addEventListener("abort", close);
    try {
      await socket.#opened();
      await socket.ask(JSON.stringify(hello), "welcome");
      return socket;
    } catch (error) {
      close();
      throw error;
    } finally {
      stop.removeEventListener("abort", close);
    }
  }

  /** Sends a message, and returns when the fleet has answered as expected. Throws Error, or RefusedError. */
  async ask(message: string | Uint8Array, expected: FleetMessage["type"]): Promise<FleetMessage> {
    if (this.#socket.readyState !== WebSocket.OPEN) throw new Error(LOST); // a closed one would take it silently
    this.#answer = Promise.withResolvers<FleetMessage>();
    this.#answer.promise.catch(() => {});
    const timer = setTimeout(
      () => this.#answer?.reject(new Error("The fleet did not answer in time")),
      ANSWER_MS,
    );
    try {
      this.#socket.send(message as string);
      const answer = await this.#answer.promise;
      if (answer.type === "refused") throw new RefusedError(answer.code, answer.text);
      if (answer.type !== expected) {
        throw new Error(`The fleet answered ${answer.type} in place of ${expected}`);
      }
      return answer;
    } finally {
      clearTimeout(timer);
      this.#answer = null;
    }
  }

  /** Closes it; what waits for an answer fails at once, since the other end may be gone. */
  close(): void {
    this.#answer?.reject(new Error(LOST));
    try {
      this.#socket.close();
    } catch { /* it was never open */ }
  }

  async #opened(): Promise<void> {
    const opened = Promise.withResolvers<void>();
    this.#socket.onopen = () => opened.resolve();
    const failed = () => opened.reject(new Error("The fleet cannot be reached"));
    void this.closed.then(failed);
    const timer = setTimeout(failed, OPEN_MS);
    try {
      await opened.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  #take(data: unknown): void {
    const message = fleetMessage(data);
    if (message) this.#answer?.resolve(message);
    else this.#answer?.reject(new Error("The fleet answered with something else than this program knows"));
  }
}
