// The TLS listener: node:https and ws for REST, pages and wss:// chargers. Loaded only where a certificate is given.
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server, type ServerOptions } from "node:https";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { AddressInfo, Socket } from "node:net";
// @ts-types="@types/ws"
import { type ServerOptions as WsOptions, WebSocketServer } from "ws";
import { describeError } from "../../log.ts";
import { certificateOf } from "../admission/client_certificate.ts";
import type { Peer } from "../auth/identity.ts";
import { answerRequest } from "./node_bridge.ts";
import {
  type Admission,
  admit,
  denialHeaders,
  denialResponse,
  type UpgradeRequest,
} from "../admission/admission.ts";
import { Liveness } from "./liveness.ts";
import { AcceptProbe } from "./accept_probe.ts";
import { clientAddress, plainAddress } from "../admission/address.ts";
import type { Listener, ListenerDeps } from "./plain_listener.ts";
import { CertificateFiles } from "./tls_files.ts";
import { proveClientsAreAsked, reachable, SelfTest } from "./tls_self_test.ts";
import { attachCharger } from "./tls_charger.ts";

const MAX_HEADER_BYTES = 16_384;
const MAX_FRAGMENTS = 64;
const KEEP_ALIVE_MS = 5_000;
const CHECK_EVERY_MS = 1_000;
const CLOSE_WITHIN_MS = 5_000;

type App = (request: Request, peer: Peer) => Response | Promise<Response>;

/** The parts of an open listener. */
interface Parts {
  deps: ListenerDeps;
  app: App;
  sockets: WebSocketServer;
  liveness: Liveness;
  self_test: SelfTest;
  count: ConnectionCount;
}

/** Counts TCP connections, in all and by address. */
class ConnectionCount {
  all = 0;
  readonly by_address = new Map<string, number>();

  /** Counts a connection until it closes. */
  add(address: string, socket: Socket): void {
    this.all++;
    this.by_address.set(address, this.of(address) + 1);
    socket.once("close", () => {
      this.all--;
      const left = this.of(address) - 1;
      if (left > 0) this.by_address.set(address, left);
      else this.by_address.delete(address);
    });
  }

  of(address: string): number {
    return this.by_address.get(address) ?? 0;
  }
}

/**
 * Serves `app` and chargers over TLS. Throws an Error if the port is in use, the certificate is not usable, or client
 * certificates are required and the runtime does not request them.
 */
export async function serveTls(deps: ListenerDeps, app: App): Promise<Listener> {
  const { config, log } = deps;
  const files = await CertificateFiles.read(config, log);
  const parts = {
    deps,
    app,
    sockets: socketServer(),
    liveness: new Liveness(),
    self_test: new SelfTest(),
    count: new ConnectionCount(),
  };
  let server = createServerOf(files, parts);
  const port = await listen(server, config.host, config.tls_port);
  const reopen = async () => {
    server.close(); // open sockets stay
    await listen(server = createServerOf(files, parts), config.host, port);
    notify();
  };
  const probe = new AcceptProbe({ host: reachable(config.host), port, reopen, log });
  const notify = () => server.on("connection", () => probe.accepted());
  notify();
  const stop = async () => {
    await probe.stop();
    await close(server, parts, files);
  };
  try {
    if (config.tls_client_ca !== null) {
      await proveClientsAreAsked(parts.self_test, { host: config.host, port, ...files.current });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  files.watch((context) => server.setSecureContext(context));
  parts.liveness.start();
  probe.start();
  return { port, stop };
}

function createServerOf(files: CertificateFiles, parts: Parts): Server {
  const server = createServer(optionsOf(files, parts.deps) as ServerOptions);
  watchConnections(server, parts);
  server.on("request", (request, response) => void answer(request, response, parts));
  server.on("upgrade", (request, socket, head) => upgrade(request, socket, head, parts));
  return server;
}

function optionsOf(files: CertificateFiles, { config, store }: ListenerDeps) {
  const { tls_handshake_timeout, tls_headers_timeout, tls_request_timeout } = store.settings;
  return {
    ...files.current,
    minVersion: "TLSv1.2",
    requestCert: config.tls_client_ca !== null,
    rejectUnauthorized: false, // browsers have none; those of chargers are checked at admission
    handshakeTimeout: tls_handshake_timeout * 1000,
    headersTimeout: tls_headers_timeout * 1000,
    requestTimeout: tls_request_timeout * 1000,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
}

function socketServer(): WebSocketServer {
  const options = {
    noServer: true,
    perMessageDeflate: false,
    clientTracking: true,
    maxFragments: MAX_FRAGMENTS,
  };
  return new WebSocketServer({ ...options, handleProtocols: ([first]) => first ?? false } as WsOptions);
}

/** Limits TCP connections; they count from before the handshake, which a peer may never finish. */
function watchConnections(
  server: Server,
  { deps: { store, log, connection_limits }, count }: Parts,
): void {
  server.on("connection", (socket: Socket) => {
    const { max_tls_connections, max_tls_connections_per_address } = store.settings;
    const address = plainAddress(socket.remoteAddress);
    socket.on("error", () => {}); // `close` follows
    const full = count.all >= max_tls_connections || count.of(address) >= max_tls_connections_per_address;
    if (full) socket.destroy();
    else count.add(address, socket);
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
  { app, deps, self_test }: Parts,
): Promise<void> {
  const socket = request.socket as TLSSocket;
  if (self_test.answers(request, response, certificateOf(socket))) return;
  try {
    await answerRequest(
      request,
      response,
      (asked) => app(asked, { address: addressOf(request, deps), secure: true }),
    );
  } catch (error) {
    deps.log.error("Cannot answer a request", { error: describeError(error) });
    response.destroy();
  }
}

async function upgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Uint8Array,
  parts: Parts,
): Promise<void> {
  socket.on("error", () => {});
  try {
    const asked = upgradeRequestOf(request, parts.deps);
    const admission = /^websocket$/i.test(request.headers.upgrade?.trim() ?? "")
      ? await admit(asked, parts.deps)
      : { status: 400 as const, reason: "Only websocket is spoken here" };
    if ("status" in admission) return void refuse(socket, admission);
    accept(request, socket, head, { asked, admission, parts });
  } catch (error) {
    parts.deps.log.error("Cannot answer a handshake", { error: describeError(error) });
    socket.destroy();
  }
}

function addressOf({ socket, headers }: IncomingMessage, { store }: ListenerDeps): string {
  return clientAddress(socket.remoteAddress, headers["x-forwarded-for"]?.toString(), store.settings);
}

function upgradeRequestOf(request: IncomingMessage, deps: ListenerDeps): UpgradeRequest {
  const socket = request.socket as TLSSocket;
  return {
    path: (request.url ?? "/").replace(/^\w+:\/\/[^/]*/, "").replace(/[?#].*$/, ""),
    header: (name) => request.headers[name]?.toString() ?? null,
    remote_address: addressOf(request, deps),
    secure: true,
    certificate: certificateOf(socket),
  };
}

async function refuse(socket: Duplex, denial: Parameters<typeof denialResponse>[0]): Promise<void> {
  const body = await denialResponse(denial).text();
  const headers = {
    ...denialHeaders(denial),
    "content-length": String(new TextEncoder().encode(body).length),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.end(`HTTP/1.1 ${denial.status} Refused\r\n${lines}\r\n${body}`, () => socket.destroy());
}

/** Upgrades a request with the current limit of a message's size. Only the chosen subprotocol is passed to ws. */
function accept(
  request: IncomingMessage,
  socket: Duplex,
  head: Uint8Array,
  { asked, admission, parts }: { asked: UpgradeRequest; admission: Admission; parts: Parts },
): void {
  const { sockets, deps, liveness } = parts;
  sockets.options.maxPayload = deps.store.settings.max_message_bytes;
  if (admission.subprotocol === null) delete request.headers["sec-websocket-protocol"];
  else request.headers["sec-websocket-protocol"] = admission.subprotocol;
  sockets.handleUpgrade(request, socket, head as never, (ws) => {
    attachCharger(ws, { ...admission, asked, deps, liveness });
  });
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

async function close(server: Server, { sockets, liveness }: Parts, files: CertificateFiles): Promise<void> {
  files.stop();
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
