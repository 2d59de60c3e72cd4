// One end of an OCPP-J connection (OCPP-J 1.6 chapter 4): used by the gateway and by the simulators.
import { CallFailed, OcppError } from "./error.ts";
import { type Frame, readFrame } from "./frame.ts";

/** What a peer sends through: a websocket, whoever made it. */
export interface Wire {
  send(text: string): void;
}

/** What a peer is given. */
export interface PeerOptions {
  /** Answers a CALL of the other side; an OcppError becomes a CALLERROR, anything else InternalError. */
  serve(action: string, payload: unknown, id: string): Promise<object> | object;
  /** Sees every text that goes by, before it is handled. */
  trace?(direction: "in" | "out", text: string, frame: Frame | null): void;
  /** Told of a fault in `serve`: our bug. */
  onFault?(action: string, error: unknown): void;
  /** Told when more CALLs wait to be served than `max_waiting`. */
  onFlood?(): void;
  /** Told that a CALL has been answered after `ms`: with `ok` or the code of the CALLERROR. */
  onServed?(action: string, result: string, ms: number): void;
  /** CALLs that may wait to be served; default 64. */
  max_waiting?: () => number;
  /** How long the other side may take to answer a CALL, ms; default 30,000. */
  timeout_ms?: number;
}

/** The answer to a CALL. */
export interface Answer {
  message_id: string;
  payload: unknown;
}

interface Pending {
  id: string;
  action: string;
  text: string;
  timeout_ms: number;
  timer?: ReturnType<typeof setTimeout>;
  settle: PromiseWithResolvers<Answer>;
}

type Call = Frame & { type: "call" };

const MAX_ID = 255; // ids are 36 characters by OCPP-J §4.1.4; longer ones are echoed up to here

/** One end of a connection. One CALL at a time goes out (OCPP-J 1.6 §4.1.1); the others wait in order. */
export class Peer {
  readonly #wire: Wire;
  readonly #options: PeerOptions;
  readonly #calls: Pending[] = [];
  /** CALLs that wait to be served, the one under way first. */
  readonly #inbox: Call[] = [];
  #began = 0;
  #closed = false;

  constructor(wire: Wire, options: PeerOptions) {
    this.#wire = wire;
    this.#options = options;
  }

  /** Calls waiting for their answer, the one under way included. */
  get pending(): number {
    return this.#calls.length;
  }

  /**
   * Sends a CALL when those before it are done, and resolves with the payload of the CALLRESULT. Rejects with OcppError
   * (the code of the CALLERROR) or CallFailed (`timeout`, `closed`, `invalid`).
   */
  call(action: string, payload: object, options: { timeout_ms?: number } = {}): Promise<Answer> {
    if (this.#closed) {
      return Promise.reject(new CallFailed("closed", `Cannot send ${action}: the connection is closed`));
    }
    const id = crypto.randomUUID();
    const timeout_ms = options.timeout_ms ?? this.#options.timeout_ms ?? 30_000;
    const settle = Promise.withResolvers<Answer>();
    this.#calls.push({ id, action, text: JSON.stringify([2, id, action, payload]), timeout_ms, settle });
    if (this.#calls.length === 1) this.#sendNext();
    return settle.promise;
  }

  /** CALLs of the other side that wait to be served, the one under way included. */
  get waiting(): number {
    return this.#inbox.length;
  }

  /** Takes one text frame of the other side. Never throws. */
  receive(text: string): void {
    if (this.#closed) return;
    const frame = readFrame(text);
    this.#options.trace?.("in", text, frame);
    if (frame === null) return;
    if (frame.type === "call") this.#queue(frame);
    else if (frame.type === "broken") this.#refuseBroken(frame);
    else this.#answered(frame);
  }

  /** The connection is gone: every waiting call fails, and is never sent again. */
  closed(): void {
    this.#closed = true;
    for (const call of this.#calls.splice(0)) {
      clearTimeout(call.timer);
      call.settle.reject(
        new CallFailed("closed", `Cannot complete ${call.action}: the connection was closed`),
      );
    }
  }

  /** Serves CALLs in the order they came: the answer to one is sent before the next is begun. */
  #queue(call: Call): void {
    if (typeof call.id === "string" && call.id.length > MAX_ID) return;
    if (this.#inbox.length >= (this.#options.max_waiting?.() ?? 64)) return this.#options.onFlood?.();
    if (this.#inbox.length > 0 && this.#inbox.some(({ id }) => id === call.id)) return; // still in progress: not executed twice
    this.#inbox.push(call);
    if (this.#inbox.length === 1) this.#serveNext();
  }

  /** Hot: no promise is made where the answer is there at once. */
  #serveNext(): void {
    for (let call = this.#inbox[0]; call; call = this.#inbox[0]) {
      this.#began = performance.now();
      try {
        const answer = this.#options.serve(call.action, call.payload, String(call.id));
        if (answer instanceof Promise) return void answer.then(this.#replied, this.#failed);
        this.#reply(answer);
      } catch (error) {
        this.#fault(error);
      }
    }
  }

  readonly #replied = (payload: object): void => {
    try {
      this.#reply(payload);
    } catch (error) {
      this.#fault(error);
    }
    this.#serveNext();
  };

  readonly #failed = (error: unknown): void => {
    this.#fault(error);
    this.#serveNext();
  };

  /** Answers the CALL that is being served. It leaves its place only then: what a send brings in must wait its turn. */
  #reply(payload: object): void {
    const { id, action } = this.#inbox[0]!;
    this.#send(JSON.stringify([3, id, payload]));
    this.#inbox.shift();
    this.#options.onServed?.(action, "ok", performance.now() - this.#began);
  }

  #fault(error: unknown): void {
    const { id, action } = this.#inbox[0]!;
    if (!(error instanceof OcppError)) this.#options.onFault?.(action, error);
    this.#sendError(id, error);
    this.#inbox.shift();
    const code = error instanceof OcppError ? error.code : "InternalError";
    this.#options.onServed?.(action, code, performance.now() - this.#began);
  }

  #sendError(id: unknown, error: unknown): void {
    const { code, message, details } = error instanceof OcppError
      ? error
      : new OcppError("InternalError", "The request could not be processed");
    this.#send(JSON.stringify([4, id, code, message.slice(0, 255), details]));
  }

  /** A CALL whose payload is no JSON: its id is known, so it gets an answer. */
  #refuseBroken(frame: Frame & { type: "broken" }): void {
    if (frame.call) {
      this.#sendError(frame.id, new OcppError("FormationViolation", "The message is not valid JSON"));
    } else this.#fail(frame.id, new CallFailed("invalid", "The answer is not valid JSON", frame.text));
  }

  /** A CALLRESULT or CALLERROR: one for an unknown id is late or invented, and is dropped. */
  #answered(frame: Frame & { type: "result" | "error" }): void {
    if (frame.type === "result") {
      this.#settle(frame.id, (call) => call.settle.resolve({ message_id: call.id, payload: frame.payload }));
    } else this.#fail(frame.id, new OcppError(frame.code, frame.description, frame.details));
  }

  #fail(id: unknown, error: Error): void {
    this.#settle(id, (call) => call.settle.reject(error));
  }

  #settle(id: unknown, how: (call: Pending) => void): void {
    const call = this.#calls[0];
    if (!call || call.id !== id) return;
    clearTimeout(call.timer);
    this.#calls.shift();
    how(call);
    this.#sendNext();
  }

  #sendNext(): void {
    const call = this.#calls[0];
    if (!call) return;
    call.timer = setTimeout(() => {
      this.#fail(
        call.id,
        new CallFailed("timeout", `No answer to ${call.action} within ${call.timeout_ms / 1000} s`),
      );
    }, call.timeout_ms);
    this.#send(call.text);
  }

  #send(text: string): void {
    if (this.#closed) return;
    this.#options.trace?.("out", text, null);
    this.#wire.send(text);
  }
}
