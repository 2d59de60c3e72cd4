// The bounded listener: node:http or node:https with ws, for REST, pages, ws:// and wss:// chargers. In contrast to
// Deno.serve it limits connections, headers and messages, pauses peers, and drops those that do not read.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { Duplex } from "node:stream";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { type AddressInfo, connect, type Socket } from "node:net";
// @ts-types="@types/ws"
import type { WebSocketServer } from "ws";
import { describeError } from "../../log.ts";
import { certificateOf } from "../admission/client_certificate.ts";
import { isTrustedProxy, plainAddress } from "../admission/address.ts";
import { AcceptProbe } from "./accept_probe.ts";
import { addressOf, createSocketServer, upgrade } from "./bounded_upgrade.ts";
import { pauseReading, tcpOf } from "./backpressure.ts";
import { AddressCount, MAX_REQUESTS } from "./address_count.ts";
import type { App, Listener, ListenerDeps } from "./listener.ts";
import { Liveness } from "./liveness.ts";
import { answerRequest, holdBody } from "./node_bridge.ts";
import { Pipeline } from "./pipeline.ts";
import { CertificateFiles } from "./tls_files.ts";
import { proveClientsAreAsked, reachable, SelfTest } from "./tls_self_test.ts";

const MAX_HEADER_BYTES = 16_384;
const KEEP_ALIVE_MS = 5_000;
const CHECK_EVERY_MS = 1_000;
const CLOSE_WITHIN_MS = 5_000;

/** The parts of an open listener. */
interface Parts {
  deps: ListenerDeps;
  app: App;
  sockets: WebSocketServer;
  liveness: Liveness;
  self_test: SelfTest;
  connections: AddressCount;
  /** The connections that are no websocket, or none yet. */
  http_connections: AddressCount;
  /** Ends the count of a connection as one of HTTP. */
  upgraded: WeakMap<Duplex, () => void>;
  requests: AddressCount;
  pipeline: Pipeline;
  secure: boolean;
  /** The certificate, of a TLS listener. */
  files: CertificateFiles | null;
}

/** Serves `app` and chargers on the plain port. Throws an Error if the port is in use. */
export async function serveBounded(deps: ListenerDeps, app: App): Promise<Listener> {
  return await serve(partsOf(deps, app, null), deps.config.port);
}

/**
 * Serves `app` and chargers over TLS. Throws an Error if the port is in use, the certificate is not usable, or client
 * certificates are required and the runtime does not request them.
 */
export async function serveTls(deps: ListenerDeps, app: App): Promise<Listener> {
  const { config, log } = deps;
  const files = await CertificateFiles.read(config, log);
  const parts = partsOf(deps, app, files);
  const listener = await serve(parts, config.tls_port);
  if (config.tls_client_ca === null) return listener;
  try {
    const at = { host: config.host, port: listener.port };
    await proveClientsAreAsked(parts.self_test, { ...at, ...files.current });
  } catch (error) {
    await listener.stop();
    throw error;
  }
  return listener;
}

function partsOf(deps: ListenerDeps, app: App, files: CertificateFiles | null): Parts {
  return {
    deps,
    app,
    files,
    secure: files !== null,
    sockets: createSocketServer(),
    liveness: new Liveness(deps.config.tuning.idle_seconds),
    self_test: new SelfTest(),
    connections: new AddressCount(),
    http_connections: new AddressCount(),
    upgraded: new WeakMap(),
    requests: new AddressCount(),
    pipeline: new Pipeline(),
  };
}

async function serve(parts: Parts, asked_port: number): Promise<Listener> {
  const { deps: { config: { host }, log }, files, liveness, secure } = parts;
  let server = createServerOf(parts);
  const port = await listen(server, host, asked_port);
  const reopen = async () => {
    server.close(); // open sockets stay
    await listen(server = createServerOf(parts), host, port);
    notify();
  };
  const address = { host: reachable(host), port };
  const dial = () => secure ? connectTls({ ...address, rejectUnauthorized: false }) : connect(address);
  const probe = new AcceptProbe({ name: secure ? "TLS" : "plain", dial, reopen, log });
  const notify = () => server.on("connection", () => probe.accepted());
  notify();
  files?.watch((context) => (server as Server & TlsServer).setSecureContext(context));
  liveness.start();
  probe.start();
  const stop = async () => {
    await probe.stop();
    await close(server, parts);
  };
  return { port, stop };
}

interface TlsServer {
  setSecureContext(context: CertificateFiles["current"]): void;
}

function createServerOf(parts: Parts): Server {
  const options = optionsOf(parts);
  const server = parts.files === null
    ? createServer(options)
    : createTlsServer({ ...options, ...tlsOptionsOf(parts.files, parts.deps) } as ServerOptions);
  watchConnections(server, parts);
  server.on("request", (request, response) => void answer(request, response, parts));
  server.on("upgrade", (request, socket, head) => {
    parts.upgraded.get(tcpOf(request.socket))?.();
    void upgrade(request, socket, { head, parts });
  });
  return server;
}

/** The plain port has no limit for a whole request, which would end long uploads: bodies have limits of their own. */
function optionsOf({ deps: { store }, secure }: Parts) {
  const { headers_timeout, tls_request_timeout } = store.settings;
  return {
    headersTimeout: headers_timeout * 1000,
    requestTimeout: secure ? tls_request_timeout * 1000 : 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
}

function tlsOptionsOf(files: CertificateFiles, { config, store }: ListenerDeps) {
  return {
    ...files.current,
    minVersion: "TLSv1.2",
    requestCert: config.tls_client_ca !== null,
    rejectUnauthorized: false, // browsers have none; those of chargers are checked at admission
    handshakeTimeout: store.settings.tls_handshake_timeout * 1000,
  };
}

/** Limits TCP connections; they count from before a TLS handshake, which a peer may never finish. */
function watchConnections(
  server: Server,
  { deps: { store, log, connection_limits }, connections, http_connections, upgraded }: Parts,
): void {
  server.on("connection", (socket: Socket) => {
    const { max_connections, max_connections_per_address, max_http_connections_per_address } = store.settings;
    const address = plainAddress(socket.remoteAddress);
    socket.on("error", () => {}); // `close` follows
    const allowed = { all: max_connections, of_address: max_connections_per_address };
    const http = { all: Infinity, of_address: max_http_connections_per_address };
    const isProxy = isTrustedProxy(address, store.settings);
    if (connections.isFull(address, allowed) || !isProxy && http_connections.isFull(address, http)) {
      return void socket.destroy();
    }
    socket.once("close", connections.enter(address));
    if (isProxy) return;
    const leave = http_connections.enter(address);
    socket.once("close", leave);
    upgraded.set(socket, leave);
  });
  server.on("secureConnection", (socket: TLSSocket) => {
    setImmediate(pauseReading(socket)); // what came with the handshake is parsed first
  });
  server.on("tlsClientError", (error: Error, socket: TLSSocket) => {
    const address = plainAddress(socket.remoteAddress);
    if (connection_limits.refusals.retryAfter(address) === 0) {
      log.debug("A TLS handshake failed", { address, error: error.message });
    }
    connection_limits.refusals.count(address);
    socket.destroy();
  });
  server.on("clientError", (_error: Error, socket: Duplex) => {
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    else socket.destroy();
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { app, deps, self_test, secure, requests, pipeline }: Parts,
): Promise<void> {
  const { socket } = request;
  if (secure && self_test.answers(request, response, certificateOf(socket as TLSSocket))) return;
  if (socket.destroyed || socket.writableEnded) return; // requests that came with one that was refused
  holdBody(request);
  const address = addressOf(request, deps);
  if (requests.isFull(address, MAX_REQUESTS)) return refuse(response);
  response.once("close", requests.enter(address));
  if (!await pipeline.turn(request, response)) return;
  try {
    const peer = { address, secure };
    await answerRequest(request, response, { secure, app: (asked) => app(asked, peer) });
  } catch (error) {
    deps.log.error("Cannot answer a request", { error: describeError(error) });
    response.destroy();
  }
}

/** Answers a request of a peer that has too many, and ends its connection without reading what is left of it. */
function refuse(response: ServerResponse): void {
  const { socket } = response;
  response.writeHead(503, { connection: "close", "retry-after": "1" }).end();
  socket?.destroySoon();
}

function listen(server: Server, host: string, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once("error", (error: Error & { code?: string }) => {
    reject(error.code === "EADDRINUSE" ? new Error(`Cannot start: port ${port} is in use`) : error);
  });
  server.listen({ host, port, backlog: 4096 }, () => {
    server.on("error", () => {}); // errors of single connections
    resolve((server.address() as AddressInfo).port);
  });
  return promise;
}

async function close(server: Server, { sockets, liveness, files }: Parts): Promise<void> {
  files?.stop();
  liveness.stop();
  for (const ws of sockets.clients) ws.close(1001, "The gateway stops");
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    for (const ws of sockets.clients) ws.terminate();
    server.closeAllConnections();
  }, CLOSE_WITHIN_MS / 5);
  await Promise.race([
    closed,
    new Promise((resolve) => Deno.unrefTimer(setTimeout(resolve, CLOSE_WITHIN_MS))),
  ]);
  clearTimeout(timer);
}
