// Whether the TLS listener still hears: where file descriptors run out, it goes deaf without a word and stays so.
import { connect } from "node:tls";
import type { Log } from "../../log.ts";

const LOOK_EVERY_MS = 5_000;
const ANSWER_MS = 2_000;
const DEAF_AFTER = 2; // once may be a busy machine

/** What is watched, and how it is opened anew. */
export interface AcceptProbeDeps {
  /** Where to connect to. */
  host: string;
  port: number;
  reopen: () => Promise<void>;
  log: Log;
}

/** Connects to the listener when nobody else does, and has it opened anew when it does not hear that. */
export class AcceptProbe {
  readonly #deps: AcceptProbeDeps;
  #timer: ReturnType<typeof setInterval> | undefined;
  #heard = 0;
  #seen = 0;
  #deaf = 0;
  #looking: Promise<void> | null = null;

  constructor(parts: AcceptProbeDeps) {
    this.#deps = parts;
  }

  /** A connection has come. */
  heard(): void {
    this.#heard++;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look().finally(() => this.#looking = null);
    }, LOOK_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#looking;
  }

  async #look(): Promise<void> {
    const heard = this.#heard !== this.#seen || await this.#knock();
    this.#seen = this.#heard;
    this.#deaf = heard ? 0 : this.#deaf + 1;
    if (this.#deaf < DEAF_AFTER || this.#timer === undefined) return;
    const failure = await this.#deps.reopen().then(() => null, (error) => String(error));
    if (failure === null) this.#deaf = 0;
    const { log } = this.#deps;
    if (failure === null) log.warn("The TLS listener had stopped accepting connections; it is open again");
    else if (this.#deaf === DEAF_AFTER) {
      log.error("The TLS listener has stopped accepting connections", { error: failure });
    }
  }

  /** One whole handshake, so that it is not taken for an attack. */
  async #knock(): Promise<boolean> {
    const before = this.#heard;
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const { host, port } = this.#deps;
    const socket = connect({ host, port, rejectUnauthorized: false }, resolve);
    socket.on("error", () => resolve());
    const timer = setTimeout(resolve, ANSWER_MS);
    await over;
    clearTimeout(timer);
    socket.destroy();
    return this.#heard !== before;
  }
}
