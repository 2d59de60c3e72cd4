// A charger's websocket on the TLS listener: held back when it sends faster than it is served, dropped when it does not read.
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { Connection } from "../central/connection.ts";
import type { ChargerSocket } from "../central/socket.ts";
import { describeError } from "../log.ts";
import type { Liveness } from "./liveness.ts";
import type { UpgradeRequest } from "./ocpp.ts";
import type { Services } from "./services.ts";

/** Who is on the other side. */
export interface TlsCharger {
  charger_id: string;
  asked: UpgradeRequest;
  services: Services;
  liveness: Liveness;
}

const HOLD_AT = 16;
const KEEP_ALIVE_MS = 30_000;

/** Connects a websocket with the central system. */
export function attachCharger(ws: WebSocket, { charger_id, asked, services, liveness }: TlsCharger): void {
  const { central, doormen, store, log } = services;
  const leave = doormen.enter(asked.remote_address);
  if (central.isConnected(charger_id)) doormen.takeovers.count(charger_id);
  const intake = new Intake(ws);
  const socket = wrap(ws, intake);
  const connection = central.connect(charger_id, socket, { ...asked, host: asked.header("host") });
  intake.feed(connection);
  const watched = { heard: performance.now(), ping: () => ws.ping(), drop: () => socket.drop() };
  const pinged = store.chargers.get(charger_id)?.quirks?.ping !== false;
  const unwatch = pinged ? liveness.watch(watched) : () => {};
  if (!pinged) rawSocket(ws).setKeepAlive(true, KEEP_ALIVE_MS);
  const heard = () => watched.heard = performance.now();
  ws.on("ping", heard).on("pong", heard);
  ws.on("message", (data, binary) => {
    heard();
    try {
      if (binary) ws.close(1003, "Only text is spoken here");
      else intake.take(data.toString());
    } catch (error) { // a throw would end the program
      log.error("Cannot take a message", { charger_id, error: describeError(error) });
    }
  });
  ws.on("error", (error) => log.debug("A charger's socket failed", { charger_id, error: error.message }));
  ws.on("close", (code) => {
    leave();
    unwatch();
    intake.stop();
    central.disconnect(charger_id, connection, code);
  });
}

function wrap(ws: WebSocket, intake: Intake): ChargerSocket {
  return {
    send: (text) => {
      if (ws.readyState === ws.OPEN) ws.send(text);
    },
    close: (code, reason) => ws.close(code, reason),
    drop: () => void rawSocket(ws).resetAndDestroy(),
    served: () => intake.served(),
    get buffered() {
      return ws.bufferedAmount;
    },
  };
}

function rawSocket(ws: WebSocket): Socket {
  return (ws as unknown as { _socket: Socket })._socket;
}

/** Takes messages in at the pace at which they are served; what came before the pause held waits here. */
class Intake {
  readonly #ws: WebSocket;
  #connection: Connection | undefined;
  #held: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ws: WebSocket) {
    this.#ws = ws;
  }

  feed(connection: Connection): void {
    this.#connection = connection;
  }

  take(text: string): void {
    const connection = this.#connection!;
    if (this.#held.length === 0 && connection.waiting < HOLD_AT) return connection.receive(text);
    this.#held.push(text);
    this.#ws.pause();
  }

  /** Not from within the message that was just served. */
  served(): void {
    if (this.#held.length > 0) this.#timer ??= setTimeout(() => this.#go(), 0);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#held = [];
  }

  #go(): void {
    this.#timer = undefined;
    const connection = this.#connection!;
    let taken = 0;
    while (taken < this.#held.length && connection.waiting < HOLD_AT) {
      connection.receive(this.#held[taken++]!);
    }
    this.#held.splice(0, taken);
    if (this.#held.length === 0) this.#ws.resume();
    else if (connection.waiting === 0) this.served();
  }
}
