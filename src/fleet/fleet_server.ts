// The fleet's listener: sites connect to it, say who they are, and send batches.
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTls } from "node:https";
// @ts-types="@types/ws"
import { type WebSocket as Socket, WebSocketServer } from "ws";
import { describeError, type Log } from "../log.ts";
import { MAX_BATCH_BYTES } from "../store/changes/batch.ts";
import { LINK_PATH } from "../store/changes/link_messages.ts";
import type { FleetEngine } from "./engine.ts";
import { SiteConnection } from "./site_connection.ts";

/** Options of the listener. */
export interface FleetServerOptions {
  engine: FleetEngine;
  log: Log;
  host: string;
  port: number;
  /** PEM; null: plain, behind a proxy that speaks TLS. */
  tls: { cert: string; key: string } | null;
  now?: () => number;
}

/** A running fleet. */
export interface FleetServer {
  port: number;
  stop(): Promise<void>;
}

const PING_MS = 30_000;
const HEADERS_MS = 10_000;

/** Starts the listener. Rejects with the error of the port. */
export async function startFleetServer(
  { engine, log, host, port, tls, now = Date.now }: FleetServerOptions,
): Promise<FleetServer> {
  const server = tls ? createTls(tls, health) : createPlain(health);
  server.headersTimeout = HEADERS_MS;
  const sockets = new WebSocketServer({
    server,
    path: LINK_PATH,
    maxPayload: MAX_BATCH_BYTES,
    perMessageDeflate: false,
  });
  sockets.on("error", () => {}); // the server's own error is told below
  const open = new Set<SiteConnection>();
  sockets.on("connection", (socket, request) => {
    const connection = new SiteConnection(socket, {
      engine,
      log,
      now,
      address: request.socket.remoteAddress ?? "",
    });
    open.add(connection);
    socket.on("close", () => open.delete(connection));
  });
  const pings = setInterval(() => sockets.clients.forEach(ping), PING_MS);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  server.on("error", (error) => log.error("The listener failed", { error: describeError(error) }));
  return {
    port: (server.address() as { port: number }).port,
    stop: async () => {
      clearInterval(pings);
      for (const socket of sockets.clients) socket.close(1001);
      await Promise.all([...open].map((connection) => connection.idle()));
      for (const socket of sockets.clients) socket.terminate();
      await new Promise<void>((resolve) => sockets.close(() => server.close(() => resolve())));
    },
  };
}

function health(request: IncomingMessage, response: ServerResponse): void {
  const found = request.url === "/healthz";
  response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
  response.end(JSON.stringify(found ? { status: "ok" } : { error: "There is nothing here" }));
}

/** Ends a connection without life, and asks the others for a sign. */
function ping(socket: Socket & { silent?: boolean }): void {
  if (socket.silent) return socket.terminate();
  socket.silent = true;
  socket.once("pong", () => socket.silent = false);
  socket.ping();
}
