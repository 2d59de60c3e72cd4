// One end of an OCPP-J connection (OCPP-J 1.6 chapter 4), used by the gateway and the simulators.
import { CallFailed, OcppError } from "./error.ts";
import { type Frame, readFrame } from "./frame.ts";

/** The sending side of a websocket. */
export interface Wire {
  send(text: string): void;
}

/** Options of a peer. */
export interface PeerOptions {
  /**
   * Answers a CALL of the other side; an OcppError is sent as CALLERROR, any other error as InternalError. `valid`: its
   * payload is known to match its schema.
   */
  serve(action: string, payload: unknown, id: string, valid?: true): Promise<object> | object;
  /** Reads a text faster than `readFrame`, with the same result; null if it cannot. */
  read?(text: string): Frame | null;
  /** Called with every text, sent or received, before it is handled. */
  trace?(direction: "in" | "out", text: string, frame: Frame | null): void;
  /** Called with an unexpected error of `serve`. */
  onFault?(action: string, error: unknown): void;
  /** Called if more CALLs wait than `max_waiting`. */
  onFlood?(): void;
  /** Called after a CALL was answered, with the time it took and `ok` or the code of the CALLERROR. */
  onServed?(action: string, result: string, ms: number): void;
  /** CALLs that may wait to be served; default 64. */
  max_waiting?: () => number;
  /** Timeout of a CALL, ms; default 30,000. */
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

/** One end of a connection. CALLs are sent one at a time, in order (OCPP-J 1.6 §4.1.1). */
export class Peer {
  readonly #wire: Wire;
  readonly #options: PeerOptions;
  readonly #calls: Pending[] = [];
  /** Received CALLs, the one being served first. */
  readonly #inbox: Call[] = [];
  #began = 0;
  #closed = false;

  constructor(wire: Wire, options: PeerOptions) {
    this.#wire = wire;
    this.#options = options;
  }

  /** Number of sent or queued CALLs without an answer. */
  get pending(): number {
    return this.#calls.length;
  }

  /**
   * Sends a CALL after those before it, and resolves with the payload of the CALLRESULT. Rejects with OcppError
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

  /** Number of received CALLs without an answer. */
  get waiting(): number {
    return this.#inbox.length;
  }

  /** Handles a text frame of the other side. Never throws. */
  receive(text: string): void {
    if (this.#closed) return;
    const frame = this.#options.read?.(text) ?? readFrame(text);
    this.#options.trace?.("in", text, frame);
    if (frame === null) return;
    if (frame.type === "call") this.#queue(frame);
    else if (frame.type === "broken") this.#refuseBroken(frame);
    else this.#answered(frame);
  }

  /** Handles the end of the connection: all calls fail and are not repeated. */
  closed(): void {
    this.#closed = true;
    for (const call of this.#calls.splice(0)) {
      clearTimeout(call.timer);
      call.settle.reject(
        new CallFailed("closed", `Cannot complete ${call.action}: the connection was closed`),
      );
    }
  }

  /** Serves CALLs in order: the answer to one is sent before the next is served. */
  #queue(call: Call): void {
    if (typeof call.id === "string" && call.id.length > MAX_ID) return;
    if (this.#inbox.length >= (this.#options.max_waiting?.() ?? 64)) return this.#options.onFlood?.();
    if (this.#inbox.length > 0 && this.#inbox.some(({ id }) => id === call.id)) return; // still in progress: not executed twice
    this.#inbox.push(call);
    if (this.#inbox.length === 1) this.#serveNext();
  }

  /** Serves a CALL. Hot path: no promise is created if the answer is available at once. */
  #serveNext(): void {
    for (let call = this.#inbox[0]; call; call = this.#inbox[0]) {
      this.#began = performance.now();
      try {
        const answer = this.#options.serve(call.action, call.payload, String(call.id), call.valid);
        if (answer instanceof Promise) {
          call.payload = undefined; // while the answer is awaited it would cost the garbage collector much
          return void answer.then(this.#replied, this.#failed);
        }
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

  /** Answers the CALL that is being served. It leaves the queue only after the send, during which new CALLs may arrive. */
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

  /** Answers a frame that is not valid JSON, whose id is known. */
  #refuseBroken(frame: Frame & { type: "broken" }): void {
    if (frame.call) {
      this.#sendError(frame.id, new OcppError("FormationViolation", "The message is not valid JSON"));
    } else this.#fail(frame.id, new CallFailed("invalid", "The answer is not valid JSON", frame.text));
  }

  /** Handles a CALLRESULT or CALLERROR; one with an unknown id, such as a late one, is dropped. */
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
