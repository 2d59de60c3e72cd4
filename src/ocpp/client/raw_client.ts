// A websocket client for raw frames, valid or not.
import { basicAuth, dial, type DialOptions, type Socket } from "./socket.ts";

/** The options of a raw client. */
export interface RawClientOptions extends DialOptions {
  /** Path below the URL: `CP1`, `/foo/CP1/`. */
  path?: string;
  /** HTTP Basic. */
  username?: string;
  password?: string | Uint8Array;
  /** Timeout of next(), ms; default 5000. */
  next_timeout_ms?: number;
}

/** The end of a connection. */
export interface Closure {
  code: number;
  reason: string;
}

interface Waiter {
  settle: PromiseWithResolvers<string>;
  timer: ReturnType<typeof setTimeout>;
}

/** A websocket that sends any frame, and queues received frames until they are taken. */
export class RawClient implements AsyncDisposable {
  /** Resolves when the connection has ended; never rejects. */
  readonly closed: Promise<Closure>;
  readonly #end = Promise.withResolvers<Closure>();
  readonly #inbox: string[] = [];
  readonly #waiters: Waiter[] = [];
  readonly #timeout_ms: number;
  #socket!: Socket;
  #closure: Closure | null = null;

  private constructor(timeout_ms: number) {
    this.#timeout_ms = timeout_ms;
    this.closed = this.#end.promise;
  }

  /** Connects, by default with the subprotocol `ocpp1.6`. Rejects with HandshakeRefused when the server refuses. */
  static async connect(url: string | URL, options: RawClientOptions = {}): Promise<RawClient> {
    const { path, username, password, next_timeout_ms = 5000, ...dialing } = options;
    const client = new RawClient(next_timeout_ms);
    const events = {
      onText: (text: string) => client.#take(text),
      onClose: (code: number, reason: string) => client.#ended({ code, reason }),
    };
    const headers = { ...dialing.headers };
    if (password !== undefined) headers.authorization ??= basicAuth(username ?? "", password);
    client.#socket = await dial(join(url, path), events, { protocols: ["ocpp1.6"], ...dialing, headers });
    return client;
  }

  /** The subprotocol that the server chose; "" for none. */
  get protocol(): string {
    return this.#socket.protocol;
  }

  /** Sends a frame such as `[2, "1", "Heartbeat", {}]`. */
  send(frame: unknown): void {
    this.sendText(JSON.stringify(frame));
  }

  /** Sends a text frame as it is. */
  sendText(text: string): void {
    this.#socket.send(text);
  }

  /** Sends a binary frame. */
  sendBinary(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  /** Writes bytes to the TCP connection, bypassing the websocket protocol. */
  sendBytes(bytes: Uint8Array): void {
    this.#socket.sendBytes(bytes);
  }

  /** Takes the next frame, parsed. Rejects when none comes in time or the connection ends. */
  // deno-lint-ignore no-explicit-any
  async next(timeout_ms = this.#timeout_ms): Promise<any> {
    return JSON.parse(await this.nextText(timeout_ms));
  }

  /** Takes the next text frame. Rejects as next() does. */
  nextText(timeout_ms = this.#timeout_ms): Promise<string> {
    const text = this.#inbox.shift();
    if (text !== undefined) return Promise.resolve(text);
    if (this.#closure) return Promise.reject(closedError(this.#closure));
    const settle = Promise.withResolvers<string>();
    const timer = setTimeout(() => {
      this.#waiters.splice(this.#waiters.findIndex((waiter) => waiter.settle === settle), 1);
      settle.reject(new Error(`No frame within ${timeout_ms} ms`));
    }, timeout_ms);
    this.#waiters.push({ settle, timer });
    return settle.promise;
  }

  /** Sends a CALL and resolves with the next frame: its answer, unless the server sends a CALL first. */
  // deno-lint-ignore no-explicit-any
  call(action: string, payload: unknown = {}, id: string = crypto.randomUUID()): Promise<any> {
    this.send([2, id, action, payload]);
    return this.next();
  }

  /** Number of received frames that have not been taken. */
  get waiting(): number {
    return this.#inbox.length;
  }

  /** Closes with a Close frame and waits for the end of the connection. */
  close(code = 1000, reason = ""): Promise<Closure> {
    this.#socket.close(code, reason);
    return this.closed;
  }

  /** Ends the connection without a Close frame. */
  drop(): Promise<Closure> {
    this.#socket.drop();
    return this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closure) await this.drop();
  }

  #take(text: string): void {
    const waiter = this.#waiters.shift();
    if (!waiter) return void this.#inbox.push(text);
    clearTimeout(waiter.timer);
    waiter.settle.resolve(text);
  }

  #ended(closure: Closure): void {
    this.#closure = closure;
    for (const { timer, settle } of this.#waiters.splice(0)) {
      clearTimeout(timer);
      settle.reject(closedError(closure));
    }
    this.#end.resolve(closure);
  }
}

function closedError({ code, reason }: Closure): Error {
  return new Error(`The connection was closed: ${code}${reason ? ` ${reason}` : ""}`);
}

function join(url: string | URL, path = ""): string {
  const base = String(url).replace(/^http/, "ws");
  if (path === "") return base;
  return base.replace(/\/$/, "") + (path.startsWith("/") ? path : `/${path}`);
}
