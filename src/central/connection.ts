// One charger's connection: its socket, its peer, and what may go through.
import type { ErrorCode } from "../ocpp/error.ts";
import { CallFailed, OcppError } from "../ocpp/error.ts";
import type { Frame } from "../ocpp/frame.ts";
import { readLeniently } from "../ocpp/lenient.ts";
import { type Answer, Peer } from "../ocpp/peer.ts";
import { type Checker, checkerOf } from "../ocpp/schema.ts";
import type { ChargerAction, Context } from "../v16/action.ts";
import { FROM_CHARGER } from "../v16/from_charger.ts";
import { FROM_GATEWAY } from "../v16/from_gateway.ts";
import { describeError, type Log } from "../log.ts";
import { exceptStorageErrors } from "../store/kv/commits.ts";
import type { MessageLog } from "./message_log.ts";
import type { NewestMessages } from "./newest_messages.ts";
import type { ChargerSocket, Handshake } from "./socket.ts";
import type { Traffic } from "./traffic.ts";

interface Served {
  action: ChargerAction;
  request: Checker;
  response: Checker;
}

/** What chargers may send, found by own name only (`__proto__` is none). */
const SERVED: ReadonlyMap<string, Served> = new Map(
  Object.entries(FROM_CHARGER as unknown as Record<string, ChargerAction>).map(([name, action]) => [
    name,
    { action, request: checkerOf(action.request), response: checkerOf(action.response) },
  ]),
);

/** What a connection is made of. */
export interface ConnectionDeps {
  context: Context;
  socket: ChargerSocket;
  handshake: Handshake;
  messages: MessageLog;
  log: Log;
  call_timeout_ms: () => number;
  traffic: Traffic;
}

/** A charger's connection from its first frame to its close. */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #peer: Peer;
  readonly #newest: NewestMessages;

  constructor(parts: ConnectionDeps) {
    this.#deps = parts;
    this.#newest = parts.messages.of(parts.context.charger_id);
    this.#peer = new Peer({ send: (text) => this.#send(text) }, {
      serve: (action, payload) => this.#serve(action, payload),
      trace: (direction, text, frame) => this.#trace(direction, text, frame),
      onFault: (action, error) =>
        exceptStorageErrors(() =>
          parts.log.error(`Cannot handle ${action}`, this.#fields({ error: describeError(error) }))
        )(error),
      onFlood: () => this.close(1008, "Too many unanswered messages"),
      onServed: (action, result, ms) => {
        parts.traffic.count("in", action, result, ms);
      },
      max_waiting: () => parts.context.store.settings.max_waiting_messages,
    });
  }

  /** How it came about. */
  get handshake(): Handshake {
    return this.#deps.handshake;
  }

  /** Messages that wait to be served. */
  get waiting(): number {
    return this.#peer.waiting;
  }

  /** Takes a text frame. */
  receive(text: string): void {
    this.#deps.context.state.last_seen = this.#deps.context.now();
    this.#peer.receive(text);
  }

  /** Sends a CALL; see Peer.call. */
  async call(action: string, payload: object): Promise<Answer> {
    const began = performance.now();
    const count = (result: string) =>
      this.#deps.traffic.count("out", action, result, performance.now() - began);
    try {
      const answer = await this.#peer.call(action, payload, { timeout_ms: this.#deps.call_timeout_ms() });
      count("ok");
      return answer;
    } catch (error) {
      count(
        error instanceof OcppError
          ? error.code
          : error instanceof CallFailed
          ? error.reason
          : "InternalError",
      );
      throw error;
    }
  }

  /** The socket is gone. */
  closed(): void {
    this.#peer.closed();
  }

  /** Ends the connection; what waits on it fails at once. */
  close(code: number, reason: string): void {
    this.#deps.socket.close(code, reason);
    this.#peer.closed();
  }

  /** Ends the connection without a word, as far as the listener can. */
  drop(): void {
    this.#deps.socket.drop();
    this.#peer.closed();
  }

  #send(text: string): void {
    const { socket, log } = this.#deps;
    if (socket.buffered > this.#deps.context.store.settings.max_unsent_bytes) {
      log.warn("Dropped a charger that does not read", this.#fields({ unsent: socket.buffered }));
      this.#peer.closed();
      return socket.drop();
    }
    socket.send(text);
  }

  /** Hot: answers that are there at once stay without a promise. */
  #serve(name: string, payload: unknown): object | Promise<object> {
    const served = SERVED.get(name);
    if (!served) throw new OcppError(refusalOf(name), `The action ${name.slice(0, 50)} is not served here`);
    const { context } = this.#deps;
    if (name !== "BootNotification") refuseStranger(context);
    const request = readLeniently(served.request, name, payload, context.store.settings.max_json_depth);
    if (request.forgiven.length) this.#forgave(name, request.forgiven);
    for (const watcher of context.state.watchers) watcher(name, request.payload);
    const response = served.action.handle(request.payload, context);
    return response instanceof Promise
      ? response.then((answer) => checked(served, name, answer))
      : checked(served, name, response);
  }

  #forgave(action: string, forgiven: string[]): void {
    this.#deps.log.debug("Forgave", this.#fields({ action, what: forgiven.slice(0, 3).join("; ") }));
  }

  /** Only these can hold a secret: what we ask, and what is answered to it, and what is no OCPP. */
  #trace(direction: "in" | "out", text: string, frame: Frame | null): void {
    const call = frame?.type === "call";
    const secret = direction === "in" ? !call || frame.action === "DataTransfer" : text.startsWith("[2,");
    const valid = direction === "out" || (frame !== null && frame.type !== "broken");
    this.#deps.messages.write(this.#newest, direction, text, valid, secret);
  }

  #fields<T extends object>(more: T): T & { charger_id: string } {
    return { charger_id: this.#deps.context.charger_id, ...more };
  }
}

/** What is sent is checked too: an answer against its schema is our bug. */
function checked({ response }: Served, name: string, answer: unknown): object {
  if (response.check(answer)) return answer as object;
  throw new Error(`The answer to ${name} is not valid: ${JSON.stringify(response.violations(answer)[0])}`);
}

/** An action of OCPP that only the gateway sends is NotSupported, what is no action NotImplemented (OCPP-J 1.6 §4.2.3). */
function refusalOf(name: string): ErrorCode {
  return Object.hasOwn(FROM_GATEWAY, name) ? "NotSupported" : "NotImplemented";
}

/** Before it is accepted a charger may only boot (errata 1.6-J §3.8). */
function refuseStranger({ store, charger_id }: Context): void {
  const charger = store.chargers.get(charger_id);
  if (charger?.registration === "Accepted") return;
  throw new OcppError(
    "SecurityError",
    `The charge point is ${charger?.registration ?? "unknown"}: only BootNotification is served`,
  );
}
