// A small central system for tests of chargers: it records every message, and answers as a test sets it.
import { OcppError } from "../../src/ocpp/error.ts";
import { Peer } from "../../src/ocpp/peer.ts";
import { FROM_CHARGER } from "../../src/v16/from_charger.ts";
import { FROM_GATEWAY } from "../../src/v16/from_gateway.ts";
import { checkerOf, sentenceOf } from "../../src/ocpp/schema.ts";

/** A message of a charger. */
export interface Received {
  action: string;
  // deno-lint-ignore no-explicit-any
  payload: any;
}

// deno-lint-ignore no-explicit-any
type Reply = (payload: any) => object | Promise<object>;

const accepted = { status: "Accepted" };

/** A central system on a free port of the loopback. */
export class Central implements AsyncDisposable {
  /** All received messages, in order. */
  readonly received: Received[] = [];
  /** All handshakes, in order. */
  readonly handshakes: { path: string; authorization: string | null; protocols: string | null }[] = [];
  /** Violations of the schemas. */
  readonly invalid: string[] = [];
  /** Throw on disposal if a message violated its schema. */
  strict = true;
  /** Status with which handshakes are refused; 0: accepted. */
  refuse = 0;
  readonly replies: Record<string, Reply> = {
    BootNotification: () => ({ status: "Accepted", currentTime: new Date().toISOString(), interval: 300 }),
    Heartbeat: () => ({ currentTime: new Date().toISOString() }),
    Authorize: () => ({ idTagInfo: accepted }),
    StartTransaction: () => ({ idTagInfo: accepted, transactionId: ++this.transactions }),
    StopTransaction: ({ idTag }) => idTag ? { idTagInfo: accepted } : {},
    SignCertificate: () => accepted,
    DataTransfer: () => accepted,
  };
  transactions = 0;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #sockets = new Set<WebSocket>();
  readonly #waiting = new Set<() => void>();
  #peer: Peer | null = null;

  constructor() {
    this.#server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      (request) => this.#serve(request),
    );
  }

  get port(): number {
    return this.#server.addr.port;
  }

  /** Options that connect a simulator to this central system. */
  get at() {
    return { host: "127.0.0.1", ws_port: this.port, cp_path: "CP1/" };
  }

  /** Names of the received messages; of StatusNotification connector and status. */
  get names(): string[] {
    return this.received.map(({ action, payload }) =>
      action === "StatusNotification" ? `${payload.connectorId} ${payload.status}` : action
    );
  }

  /** Returns the received payloads of an action. */
  // deno-lint-ignore no-explicit-any
  of(action: string): any[] {
    return this.received.filter((message) => message.action === action).map(({ payload }) => payload);
  }

  /** Sends a CALL to the charger that connected last, and resolves with the payload of its answer. */
  // deno-lint-ignore no-explicit-any
  async call(action: string, payload: object = {}): Promise<any> {
    const { payload: answer } = await this.#peer!.call(action, payload);
    const { response } = FROM_GATEWAY[action as keyof typeof FROM_GATEWAY] ?? {};
    if (response) this.#check(response, `${action}.conf`, answer);
    return answer;
  }

  /** Resolves when a condition, checked after each message, is met. */
  until(condition: () => unknown, timeout_ms = 5000): Promise<void> {
    if (condition()) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(
      () =>
        reject(
          new Error(
            `The condition was not met within ${timeout_ms} ms: ${condition}\n${this.names.join("\n")}`,
          ),
        ),
      timeout_ms,
    );
    const look = () => condition() && resolve();
    this.#waiting.add(look);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(look);
    });
  }

  /** Closes all connections. */
  closeAll(code = 1001): void {
    for (const socket of this.#sockets) socket.close(code);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    if (this.strict && this.invalid.length) {
      throw new Error(`The simulator sent what the schemas forbid:\n${this.invalid.join("\n")}`);
    }
  }

  #serve(request: Request): Response {
    const { headers } = request;
    const path = new URL(request.url).pathname;
    this.handshakes.push({
      path,
      authorization: headers.get("authorization"),
      protocols: headers.get("sec-websocket-protocol"),
    });
    queueMicrotask(() => this.#look());
    if (this.refuse) return new Response("refused", { status: this.refuse });
    const offered = headers.has("sec-websocket-protocol");
    const { socket, response } = Deno.upgradeWebSocket(request);
    if (offered) response.headers.set("sec-websocket-protocol", "ocpp1.6");
    const peer = new Peer(socket, { serve: (action, payload) => this.#answer(action, payload) });
    socket.onopen = () => {
      this.#peer = peer;
      this.#sockets.add(socket);
    };
    socket.onmessage = ({ data }) => peer.receive(data);
    socket.onerror = () => {};
    socket.onclose = () => {
      peer.closed();
      this.#sockets.delete(socket);
      this.#look();
    };
    return response;
  }

  async #answer(action: string, payload: unknown): Promise<object> {
    const { request } = FROM_CHARGER[action as keyof typeof FROM_CHARGER] ?? {};
    if (!request) throw new OcppError("NotImplemented", action);
    this.#check(request, action, payload);
    this.received.push({ action, payload });
    try {
      return await (this.replies[action] ?? (() => ({})))(payload);
    } finally {
      queueMicrotask(() => this.#look());
    }
  }

  #check(schema: Parameters<typeof checkerOf>[0], name: string, payload: unknown): void {
    const violations = checkerOf(schema).violations(payload);
    if (violations.length) this.invalid.push(`${name}: ${violations.map(sentenceOf).join("; ")}`);
  }

  #look(): void {
    for (const look of this.#waiting) look();
  }
}
