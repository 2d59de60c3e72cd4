// A probe of the TLS listener: after file descriptors have run out it stops accepting connections, for good and without an error.
import { connect } from "node:tls";
import type { Log } from "../../log.ts";

const PROBE_EVERY_MS = 5_000;
const ANSWER_MS = 2_000;
const REOPEN_AFTER = 2; // a busy machine may miss one probe

/** The listener to probe. */
export interface AcceptProbeDeps {
  /** The address to connect to. */
  host: string;
  port: number;
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
    const { log } = this.#deps;
    if (failure === null) log.warn("The TLS listener had stopped accepting connections; it is open again");
    else if (this.#missed === REOPEN_AFTER) {
      log.error("The TLS listener has stopped accepting connections", { error: failure });
    }
  }

  /** Connects with a complete handshake, since an incomplete one counts as an attack. */
  async #connect(): Promise<boolean> {
    const before = this.#accepted;
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const { host, port } = this.#deps;
    const socket = connect({ host, port, rejectUnauthorized: false }, resolve);
    socket.on("error", () => resolve());
    const timer = setTimeout(resolve, ANSWER_MS);
    await over;
    clearTimeout(timer);
    socket.destroy();
    return this.#accepted !== before;
  }
}
