// A charger's line to the central system: dials, redials, and carries calls both ways while it is up.
import { CallFailed } from "../../ocpp/error.ts";
import { type Frame } from "../../ocpp/frame.ts";
import { type Answer, Peer } from "../../ocpp/peer.ts";
import type { Clock, Timer } from "../clock.ts";
import { Gate } from "../gate.ts";
import type { Random } from "../random.ts";
import { dial, type DialOptions, type Socket } from "../../ocpp/client/socket.ts";

/** What a line is given. */
export interface LinkOptions {
  clock: Clock;
  random: Random;
  /** How to dial; asked anew each time, since key and profile may change. */
  target(): { url: string; dialing: DialOptions };
  /** Answers a CALL. What it leaves in `afterwards` runs when the answer is on the wire. */
  serve(action: string, payload: unknown, afterwards: (run: () => void) => void): Promise<object> | object;
  onOpen(): void;
  onClose(code: number, reason: string): void;
  onRefused(error: Error, retry_s: number): void;
  onFrame(direction: "in" | "out", text: string, frame: Frame | null): void;
  onFault(action: string, error: unknown): void;
  call_timeout_ms: number;
}

const FIRST_RETRY = 1; // s
const LAST_RETRY = 60; // s

/** A line that wants to be up from dial() until hangUp(). */
export class Link {
  readonly #options: LinkOptions;
  #socket: Socket | null = null;
  #peer: Peer | null = null;
  #redial: Timer | null = null;
  #ping: Timer | null = null;
  #wanted = false;
  #dialling: AbortController | null = null;
  #connecting: Promise<void> = Promise.resolve();
  #attempts = 0;
  #afterwards: (() => void)[] = [];
  #ended = Promise.withResolvers<void>();
  #calls = 0;
  readonly #idle = new Gate();

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#ended.resolve();
    this.#idle.open();
  }

  /** Whether the socket is open. */
  get up(): boolean {
    return this.#peer !== null;
  }

  /** Connects now, and again whenever the line is lost. */
  dial(): void {
    this.#wanted = true;
    this.#redial?.cancel();
    this.#redial = null;
    if (!this.#socket && !this.#dialling) this.#connecting = this.#options.clock.during(this.#connect());
  }

  /** Closes, with a Close frame unless told otherwise, and stays away until dial(). Resolves when it is down. */
  close(how: "close" | "drop" = "close"): Promise<void> {
    this.#wanted = false;
    this.#dialling?.abort();
    this.#redial?.cancel();
    this.#redial = null;
    if (how === "close") this.#socket?.close(1000);
    else this.#socket?.drop();
    return this.#options.clock.during(this.#connecting.then(() => this.#ended.promise));
  }

  /** Loses the connection without a Close frame, and redials after a while as for any loss. */
  drop(): Promise<void> {
    this.#socket?.drop();
    return this.#options.clock.during(this.#ended.promise);
  }

  /** Sends a CALL and resolves with the answer; see Peer.call. */
  async call(action: string, payload: object): Promise<Answer> {
    if (!this.#peer) throw new CallFailed("closed", `Cannot send ${action}: not connected`);
    this.#calls++;
    this.#idle.shut();
    try {
      return await this.#options.clock.during(this.#peer.call(action, payload));
    } finally {
      if (--this.#calls === 0) this.#idle.open();
    }
  }

  /** Resolves when no CALL waits for its answer. */
  get idle(): Promise<void> {
    return this.#idle.passed;
  }

  /** Sends a text frame as it is. */
  sendText(text: string): void {
    if (!this.#socket) throw new CallFailed("closed", "Cannot send: not connected");
    this.#options.onFrame("out", text, null);
    this.#socket.send(text);
  }

  /** Pings every `seconds`; 0: never (WebSocketPingInterval). */
  pingEvery(seconds: number): void {
    this.#ping?.cancel();
    this.#ping = null;
    if (seconds <= 0) return;
    this.#ping = this.#options.clock.after(seconds * 1000, () => {
      this.#socket?.ping();
      this.pingEvery(seconds);
    });
  }

  /** The line has proved good: the next loss is redialled soon. */
  proved(): void {
    this.#attempts = 0;
  }

  async #connect(): Promise<void> {
    const dialling = this.#dialling = new AbortController();
    const { url, dialing } = this.#options.target();
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
      socket = await dial(url, events, { ...dialing, signal: dialling.signal });
      this.#dialling = null;
      if (this.#wanted) return this.#opened(socket, closed.promise);
      socket.drop();
      await closed.promise;
    } catch (error) {
      this.#dialling = null;
      if (this.#wanted) this.#retry(error as Error);
    }
  }

  #opened(socket: Socket, closed: Promise<void>): void {
    this.#socket = socket;
    this.#ended = Promise.withResolvers();
    closed.then(() => this.#ended.resolve());
    this.#peer = new Peer({ send: (text) => this.#send(text) }, {
      serve: (action, payload) => this.#options.serve(action, payload, (run) => this.#afterwards.push(run)),
      trace: (direction, text, frame) => this.#options.onFrame(direction, text, frame),
      onFault: (action, error) => this.#options.onFault(action, error),
      timeout_ms: this.#options.call_timeout_ms,
    });
    this.#options.onOpen();
  }

  /** What an answer sets in motion begins when the answer has gone out. */
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
    this.#options.onClose(code, reason);
    if (this.#wanted) this.#retry(null);
  }

  /** Waits longer each time, and not all chargers of a site equally long (errata 1.6-J §3.3). */
  #retry(error: Error | null): void {
    const wait = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** this.#attempts++) *
      (0.75 + this.#options.random() / 2);
    if (error) this.#options.onRefused(error, wait);
    this.#redial = this.#options.clock.after(wait * 1000, () => this.dial());
  }
}
