// The connection of one charger: socket, peer, and checks of its messages.
import type { ErrorCode } from "../ocpp/error.ts";
import { CallFailed, OcppError } from "../ocpp/error.ts";
import type { Frame } from "../ocpp/frame.ts";
import { RecentTemplates } from "../ocpp/frame_template.ts";
import { readLeniently } from "../ocpp/lenient.ts";
import { type Answer, Peer } from "../ocpp/peer.ts";
import type { Context } from "../site/context.ts";
import { describeError, type Log } from "../log.ts";
import { exceptStorageErrors } from "../store/kv/commits.ts";
import type { MessageLog } from "./message_log.ts";
import type { NewestMessages } from "./newest_messages.ts";
import type { CheckedProtocol, ServedCall } from "./protocols.ts";
import type { ChargerSocket, Handshake } from "./socket.ts";
import type { Traffic } from "./traffic.ts";

/** The most bytes of a UTF-16 code unit in UTF-8. */
const MOST_BYTES = 3;

/** Dependencies of a connection. */
export interface ConnectionDeps {
  context: Context;
  protocol: CheckedProtocol;
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
  readonly #templates: RecentTemplates;
  /** The text that is being handled; empty outside `receive`. */
  #text = "";
  /** The most that the other side may not have received: the socket is asked only when that is too much. */
  #unsent = 0;

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
    this.#templates = new RecentTemplates(deps.protocol.templates);
    this.#newest = deps.messages.of(deps.context.charger_id);
    this.#peer = new Peer({ send: (text) => this.#send(text) }, {
      serve: (action, payload, _id, valid) => this.#serve(action, payload, valid),
      read: (text) => this.#templates.read(text),
      trace: (direction, text, frame) => this.#trace(direction, text, frame),
      onFault: (action, error) =>
        exceptStorageErrors(() =>
          deps.log.error(`Cannot handle ${action}`, this.#fields({ error: describeError(error) }))
        )(error),
      onFlood: () => this.close(1008, "Too many unanswered messages"),
      onServed: (action, result, ms) => {
        deps.traffic.count("in", action, result, ms);
      },
      max_waiting: () => deps.context.store.settings.max_waiting_messages,
    });
  }

  /** The version of OCPP in use. */
  get protocol(): CheckedProtocol {
    return this.#deps.protocol;
  }

  /** The handshake that opened it. */
  get handshake(): Handshake {
    return this.#deps.handshake;
  }

  /** Number of calls that wait to be served. */
  get waiting(): number {
    return this.#peer.waiting;
  }

  /** Handles a text frame. */
  receive(text: string): void {
    this.#deps.context.state.last_seen = this.#deps.context.now();
    this.#text = text;
    this.#peer.receive(text);
    this.#text = "";
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

  /** Handles the end of the socket: waiting calls fail. */
  closed(): void {
    this.#peer.closed();
  }

  /** Ends the connection; waiting calls fail at once. */
  close(code: number, reason: string): void {
    this.#deps.socket.close(code, reason);
    this.#peer.closed();
  }

  /** Ends the connection without a Close frame, if the listener can. */
  drop(): void {
    this.#deps.socket.drop();
    this.#peer.closed();
  }

  #send(text: string): void {
    const { socket, log, context } = this.#deps;
    const { max_unsent_bytes } = context.store.settings;
    if (this.#unsent > max_unsent_bytes) this.#unsent = socket.buffered;
    if (this.#unsent > max_unsent_bytes) {
      log.warn(
        "Closed the connection of a charger that does not read",
        this.#fields({ unsent: this.#unsent }),
      );
      this.#peer.closed();
      return socket.drop();
    }
    this.#unsent += MOST_BYTES * text.length;
    socket.send(text);
  }

  /** Serves a call. Hot path: no promise is created if the answer is available at once. */
  #serve(name: string, payload: unknown, valid = false): object | Promise<object> {
    const { context, protocol } = this.#deps;
    const served = protocol.calls.get(name);
    if (!served) {
      throw new OcppError(refusalOf(name, protocol), `The action ${name.slice(0, 50)} is not supported`);
    }
    if (!served.call.before_acceptance) refuseStranger(context, protocol);
    const request = valid ? payload : this.#check(payload, served);
    for (const watcher of context.state.watchers) watcher(name, request);
    const response = served.call.handle(request, context) as object | Promise<object>;
    return response instanceof Promise
      ? response.then((answer) => checked(served, name, answer))
      : checked(served, name, response);
  }

  /** Returns a payload with its faults mended; a frequent one without a fault is a template for the next ones. */
  #check(payload: unknown, { call, request }: ServedCall): unknown {
    const { max_json_depth } = this.#deps.context.store.settings;
    const { payload: checked, forgiven } = readLeniently(payload, request, max_json_depth);
    if (forgiven.length > 0) this.#forgave(request.action, forgiven);
    else if (call.gaps && this.#text !== "") this.#templates.learn(this.#text, call.gaps);
    return checked;
  }

  #forgave(action: string, forgiven: string[]): void {
    this.#deps.log.debug(
      "Accepted an invalid message",
      this.#fields({ action, what: forgiven.slice(0, 3).join("; ") }),
    );
  }

  /** Logs a text. Secrets may be in the gateway's calls and their answers, in calls marked so, and in damaged texts. */
  #trace(direction: "in" | "out", text: string, frame: Frame | null): void {
    const secret = direction === "in"
      ? frame?.type !== "call" || this.#deps.protocol.calls.get(frame.action)?.call.may_hold_secrets === true
      : text.startsWith("[2,");
    const valid = direction === "out" || (frame !== null && frame.type !== "broken");
    this.#deps.messages.write(this.#newest, direction, text, valid, secret);
  }

  #fields<T extends object>(more: T): T & { charger_id: string } {
    return { charger_id: this.#deps.context.charger_id, ...more };
  }
}

/** Checks an answer of the gateway against its schema; a violation is a bug. Throws Error. */
function checked({ response }: ServedCall, name: string, answer: unknown): object {
  if (response.check(answer)) return answer as object;
  throw new Error(`The answer to ${name} is not valid: ${JSON.stringify(response.violations(answer)[0])}`);
}

/** Returns NotSupported for an action that only the gateway sends, NotImplemented for an unknown one (OCPP-J 1.6 §4.2.3). */
function refusalOf(name: string, { commands }: CheckedProtocol): ErrorCode {
  return commands.has(name) ? "NotSupported" : "NotImplemented";
}

/** Refuses the calls of a charger that is not accepted (errata 1.6-J §3.8). */
function refuseStranger({ store, charger_id, state }: Context, { first_calls }: CheckedProtocol): void {
  const charger = store.chargers.get(charger_id);
  if (state.is_replaced) {
    throw new OcppError("SecurityError", `The charge point was replaced: only ${first_calls} is served`);
  }
  if (charger?.registration === "Accepted") return;
  throw new OcppError(
    "SecurityError",
    `The charge point is ${charger?.registration ?? "unknown"}: only ${first_calls} is served`,
  );
}
