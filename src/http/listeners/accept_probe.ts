// A probe of a bounded listener: after file descriptors have run out it stops accepting connections, for good and without
// an error.
import type { Socket } from "node:net";
import type { Log } from "../../log.ts";

const PROBE_EVERY_MS = 5_000;
const ANSWER_MS = 2_000;
const REOPEN_AFTER = 2; // a busy machine may miss one probe

/** The listener to probe. */
export interface AcceptProbeDeps {
  /** Its name in the log: `plain` or `TLS`. */
  name: string;
  /** Connects to it. */
  dial: () => Socket;
  reopen: () => Promise<void>;
  log: Log;
}

/** Connects to the listener when no client has, and reopens it if it does not accept that connection. */
export class AcceptProbe {
  readonly #deps: AcceptProbeDeps;
  #timer: ReturnType<typeof setInterval> | undefined;
  #accepted = 0;
  #seen = 0;
  #missed = 0;
  #probing: Promise<void> | null = null;

  constructor(deps: AcceptProbeDeps) {
    this.#deps = deps;
  }

  /** Notes an accepted connection. */
  accepted(): void {
    this.#accepted++;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#probing ??= this.#probe().finally(() => this.#probing = null);
    }, PROBE_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#probing;
  }

  async #probe(): Promise<void> {
    const accepted = this.#accepted !== this.#seen || await this.#connect();
    this.#seen = this.#accepted;
    this.#missed = accepted ? 0 : this.#missed + 1;
    if (this.#missed < REOPEN_AFTER || this.#timer === undefined) return;
    const failure = await this.#deps.reopen().then(() => null, (error) => String(error));
    if (failure === null) this.#missed = 0;
    const { log, name } = this.#deps;
    if (failure === null) {
      log.warn("A listener had stopped accepting connections; it is open again", { listener: name });
    } else if (this.#missed === REOPEN_AFTER) {
      log.error("A listener has stopped accepting connections", { listener: name, error: failure });
    }
  }

  /** Connects, with a complete handshake on TLS, since an incomplete one counts as an attack. */
  async #connect(): Promise<boolean> {
    const before = this.#accepted;
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const socket = this.#deps.dial();
    socket.on("connect", resolve).on("secureConnect", resolve);
    socket.on("error", () => resolve());
    const timer = setTimeout(resolve, ANSWER_MS);
    await over;
    clearTimeout(timer);
    socket.destroy();
    return this.#accepted !== before;
  }
}
