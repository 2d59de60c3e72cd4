// A charger's websocket on a bounded listener: paused when it sends faster than it is served, dropped when it does not read.
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { Connection } from "../../central/connection.ts";
import type { ChargerSocket } from "../../central/socket.ts";
import { quirksOf } from "../../site/quirks.ts";
import type { SimulatorClaim } from "../../site/simulated.ts";
import { describeError } from "../../log.ts";
import type { Liveness } from "./liveness.ts";
import type { UpgradeRequest } from "../admission/handshake.ts";
import type { ListenerDeps } from "./listener.ts";
import { pauseReading, resumeReading } from "./backpressure.ts";
import { ByteRate } from "./byte_rate.ts";

/** An admitted charger on a bounded listener. */
export interface BoundedCharger {
  charger_id: string;
  /** As chosen in the handshake; null: none was offered. */
  subprotocol: string | null;
  /** True if the charger has shown its key or a valid certificate. */
  proved: boolean;
  simulator: SimulatorClaim;
  asked: UpgradeRequest;
  deps: ListenerDeps;
  liveness: Liveness;
}

const HOLD_AT = 16;
const SLICE_MS = 10;
const PER_SLICE = 32; // 3,200 messages a second
const BURST_S = 0.25;
const KEEP_ALIVE_MS = 30_000;
const GOODBYE_MS = 500;

/** Connects a websocket with the central system. */
export function attachCharger(
  ws: WebSocket,
  { charger_id, subprotocol, proved, simulator, asked, deps, liveness }: BoundedCharger,
): void {
  const { central, connection_limits, store, log } = deps;
  const leave = connection_limits.enter(asked.remote_address);
  if (central.isConnected(charger_id)) connection_limits.countTakeover(charger_id, asked.remote_address);
  const intake = new Intake(ws);
  const socket = wrap(ws);
  const connection = central.connect(charger_id, socket, {
    ...asked,
    subprotocol,
    proved,
    simulator,
    host: asked.header("host"),
  });
  intake.feed(connection);
  const watched = { heard: performance.now(), ping: () => ws.ping(), drop: () => socket.drop() };
  const pinged = quirksOf(store.chargers.get(charger_id)).ping;
  const unwatch = pinged ? liveness.watch(watched) : () => {};
  if (!pinged) rawSocket(ws).setKeepAlive(true, KEEP_ALIVE_MS);
  const rate = new ByteRate(BURST_S);
  rawSocket(ws).on("data", ({ length }: Uint8Array) => {
    const wait = rate.count(length, store.settings.max_bytes_per_second);
    if (wait > 0) intake.hold(wait);
  });
  const heard = () => watched.heard = performance.now();
  ws.on("ping", heard).on("pong", heard);
  ws.on("message", (data, binary) => {
    heard();
    try {
      if (binary) ws.close(1003, "Only text is spoken here");
      else intake.take(data.toString());
    } catch (error) { // an uncaught exception would end the program
      log.error("Cannot process a message", { charger_id, error: describeError(error) });
    }
  });
  ws.on("error", (error) => {
    log.debug("A charger's socket failed", { charger_id, error: error.message });
    endSoon(ws);
  });
  ws.on("close", (code) => {
    leave();
    unwatch();
    intake.stop();
    central.disconnect(charger_id, connection, code);
  });
}

function wrap(ws: WebSocket): ChargerSocket {
  return {
    send: (text) => {
      if (ws.readyState === ws.OPEN) ws.send(text);
    },
    close: (code, reason) => ws.close(code, reason),
    drop: () => void rawSocket(ws).resetAndDestroy(),
    get buffered() {
      return ws.bufferedAmount;
    },
  };
}

/** Closes the connection after the Close frame without reading further data. */
function endSoon(ws: WebSocket): void {
  pauseReading(rawSocket(ws));
  const timer = setTimeout(() => ws.terminate(), GOODBYE_MS);
  ws.once("close", () => clearTimeout(timer));
}

function rawSocket(ws: WebSocket): Socket {
  return (ws as unknown as { _socket: Socket })._socket;
}

/**
 * Passes messages on at the pace at which they are served, within bounds per second: the runtime reads a socket until it
 * is empty, so that a peer that never stops would block all others. Messages received before the pause wait here.
 */
class Intake {
  readonly #ws: WebSocket;
  #connection: Connection | undefined;
  #held: string[] = [];
  #slice = { began: 0, taken: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Time until which nothing is read, monotonic ms. */
  #until = 0;

  constructor(ws: WebSocket) {
    this.#ws = ws;
  }

  feed(connection: Connection): void {
    this.#connection = connection;
  }

  take(text: string): void {
    if (this.#held.length === 0 && this.#hasTurn()) return this.#pass(text);
    this.#held.push(text);
    this.#pause();
  }

  /** Stops reading for a time. */
  hold(ms: number): void {
    this.#until = performance.now() + ms;
    this.#pause();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#held = [];
  }

  #pause(): void {
    if (this.#ws.isPaused || this.#ws.readyState === this.#ws.CLOSED) return;
    this.#ws.pause();
    pauseReading(rawSocket(this.#ws));
    this.#wait();
  }

  #pass(text: string): void {
    this.#slice.taken++;
    this.#connection!.receive(text);
  }

  #hasTurn(): boolean {
    const now = performance.now();
    if (now - this.#slice.began >= SLICE_MS) this.#slice = { began: now, taken: 0 };
    return this.#slice.taken < PER_SLICE && this.#connection!.waiting < HOLD_AT;
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#go(), SLICE_MS);
  }

  #go(): void {
    let taken = 0;
    while (taken < this.#held.length && this.#hasTurn()) this.#pass(this.#held[taken++]!);
    this.#held.splice(0, taken);
    if (this.#held.length > 0 || performance.now() < this.#until) return this.#wait();
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#ws.resume();
    resumeReading(rawSocket(this.#ws));
  }
}
