// A charger's connection to its central system: dials, redials, and carries calls both ways while it is open.
import { CallFailed } from "../error.ts";
import type { Frame } from "../frame.ts";
import { type Answer, Peer } from "../peer.ts";
import type { Clock, Timer } from "./clock.ts";
import { Gate } from "./gate.ts";
import { dial, type DialOptions, type Socket } from "./socket.ts";

/** The surroundings of a link: its time, its address, and its listeners. */
export interface LinkDeps {
  clock: Clock;
  /** Returns a number from [0, 1). */
  random: () => number;
  /** Returns the address and how to dial it; called for each attempt, since password and certificates may change. */
  target(): { url: string; dialing: DialOptions };
  /** Answers a CALL. Functions passed to `afterwards` run once the answer has been sent. */
  serve(action: string, payload: unknown, afterwards: (run: () => void) => void): Promise<object> | object;
  onOpen(): void;
  onClose(code: number, reason: string): void;
  /** An attempt to connect has failed; the next follows in `retry_s` seconds. */
  onRefused(error: Error, retry_s: number): void;
  onFrame(direction: "in" | "out", text: string, frame: Frame | null): void;
  /** `serve` has thrown something other than an OcppError. */
  onFault(action: string, error: unknown): void;
  call_timeout_ms: number;
}

const FIRST_RETRY = 1; // s
const LAST_RETRY = 60; // s

/** A connection that is opened again whenever it is lost, from dial() until close(). */
export class Link {
  readonly #deps: LinkDeps;
  #socket: Socket | null = null;
  #peer: Peer | null = null;
  #redial: Timer | null = null;
  #ping: Timer | null = null;
  #wanted = false;
  #dialing: AbortController | null = null;
  #connecting: Promise<void> = Promise.resolve();
  #attempts = 0;
  #afterwards: (() => void)[] = [];
  #ended = Promise.withResolvers<void>();
  #calls = 0;
  readonly #idle = new Gate();

  constructor(deps: LinkDeps) {
    this.#deps = deps;
    this.#ended.resolve();
    this.#idle.open();
  }

  /** True while the websocket is open. */
  get up(): boolean {
    return this.#peer !== null;
  }

  /** Connects now, and again whenever the connection is lost. */
  dial(): void {
    this.#wanted = true;
    this.#redial?.cancel();
    this.#redial = null;
    if (!this.#socket && !this.#dialing) this.#connecting = this.#deps.clock.during(this.#connect());
  }

  /** Closes, with or without a Close frame, and stays closed until dial(). Resolves when the connection has ended. */
  close(how: "close" | "drop" = "close"): Promise<void> {
    this.#wanted = false;
    this.#dialing?.abort();
    this.#redial?.cancel();
    this.#redial = null;
    if (how === "close") this.#socket?.close(1000);
    else this.#socket?.drop();
    return this.#deps.clock.during(this.#connecting.then(() => this.#ended.promise));
  }

  /** Ends the connection without a Close frame, and redials as after any loss. */
  drop(): Promise<void> {
    this.#socket?.drop();
    return this.#deps.clock.during(this.#ended.promise);
  }

  /** Sends a CALL and resolves with its answer. Rejects as Peer.call does. */
  async call(action: string, payload: object): Promise<Answer> {
    if (!this.#peer) throw new CallFailed("closed", `Cannot send ${action}: not connected`);
    this.#calls++;
    this.#idle.shut();
    try {
      return await this.#deps.clock.during(this.#peer.call(action, payload));
    } finally {
      if (--this.#calls === 0) this.#idle.open();
    }
  }

  /** Resolves when no CALL waits for its answer. */
  get idle(): Promise<void> {
    return this.#idle.passed;
  }

  /** Sends a text frame as it is. Throws CallFailed while there is no connection. */
  sendText(text: string): void {
    if (!this.#socket) throw new CallFailed("closed", "Cannot send: not connected");
    this.#deps.onFrame("out", text, null);
    this.#socket.send(text);
  }

  /** Sends a websocket ping every `seconds`; 0 turns pings off (WebSocketPingInterval). */
  pingEvery(seconds: number): void {
    this.#ping?.cancel();
    this.#ping = null;
    if (seconds <= 0) return;
    this.#ping = this.#deps.clock.after(seconds * 1000, () => {
      this.#socket?.ping();
      this.pingEvery(seconds);
    });
  }

  /** Makes the next loss be followed by a short wait again. */
  resetBackoff(): void {
    this.#attempts = 0;
  }

  async #connect(): Promise<void> {
    const dialing = this.#dialing = new AbortController();
    const { url, dialing: options } = this.#deps.target();
    const closed = Promise.withResolvers<void>();
    let socket: Socket | undefined;
    const events = {
      onText: (text: string) => socket && this.#socket === socket && this.#peer?.receive(text),
      onClose: (code: number, reason: string) => {
        closed.resolve();
        if (socket && this.#socket === socket) this.#lost(code, reason);
      },
    };
    try {
      socket = await dial(url, events, { ...options, signal: dialing.signal });
      this.#dialing = null;
      if (this.#wanted) return this.#opened(socket, closed.promise);
      socket.drop();
      await closed.promise;
    } catch (error) {
      this.#dialing = null;
      if (this.#wanted) this.#retry(error as Error);
    }
  }

  #opened(socket: Socket, closed: Promise<void>): void {
    this.#socket = socket;
    this.#ended = Promise.withResolvers();
    closed.then(() => this.#ended.resolve());
    this.#peer = new Peer({ send: (text) => this.#send(text) }, {
      serve: (action, payload) => this.#deps.serve(action, payload, (run) => this.#afterwards.push(run)),
      trace: (direction, text, frame) => this.#deps.onFrame(direction, text, frame),
      onFault: (action, error) => this.#deps.onFault(action, error),
      timeout_ms: this.#deps.call_timeout_ms,
    });
    this.#deps.onOpen();
  }

  /** After a CALLRESULT or CALLERROR, runs the functions that were to follow it. */
  #send(text: string): void {
    this.#socket?.send(text);
    if (!text.startsWith("[3,") && !text.startsWith("[4,")) return;
    for (const run of this.#afterwards.splice(0)) run();
  }

  #lost(code: number, reason: string): void {
    const peer = this.#peer;
    this.#socket = this.#peer = null;
    this.#afterwards = [];
    this.pingEvery(0);
    peer?.closed();
    this.#deps.onClose(code, reason);
    if (this.#wanted) this.#retry(null);
  }

  /** The wait doubles with each attempt and is random, so that a site's chargers do not return together (errata 1.6-J §3.3). */
  #retry(error: Error | null): void {
    const wait = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** this.#attempts++) *
      (0.75 + this.#deps.random() / 2);
    if (error) this.#deps.onRefused(error, wait);
    this.#redial = this.#deps.clock.after(wait * 1000, () => this.dial());
  }
}
