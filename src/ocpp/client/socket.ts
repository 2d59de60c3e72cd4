// A charger's websocket client, by the `ws` package: the platform's WebSocket cannot drop its connection without a Close frame,
// does not expose a refused handshake, and sends no client certificate.
// @ts-types="@types/ws"
import { WebSocket } from "ws";
import { Buffer } from "node:buffer";

/** Certificates and keys for TLS, as PEM. */
export interface TlsOptions {
  /** Trusted roots in place of the system's. */
  ca?: string;
  /** Client certificate and its key (security profile 3). */
  cert?: string;
  key?: string;
  /** Accept any certificate of the server. */
  insecure?: boolean;
}

/** The options of a connection. */
export interface DialOptions {
  protocols?: string[];
  headers?: Record<string, string>;
  tls?: TlsOptions;
  /** Handshake timeout; default 30,000. */
  timeout_ms?: number;
  /** Aborts the handshake. */
  signal?: AbortSignal;
}

/** The listeners of a socket; passed before the handshake, so that no frame is missed. */
export interface SocketEvents {
  onText(text: string): void;
  /** `code` is 1006 when there was no Close frame. */
  onClose(code: number, reason: string): void;
  onPing?(): void;
}

/** The server's refusal of the websocket handshake. */
export class HandshakeRefused extends Error {
  override readonly name = "HandshakeRefused";

  constructor(
    readonly status: number,
    readonly body: string,
    readonly headers: Record<string, unknown> = {},
  ) {
    super(`The server refused the websocket: HTTP ${status}${body ? `: ${body.slice(0, 200)}` : ""}`);
  }
}

/** An open socket. */
export interface Socket {
  /** The chosen subprotocol; "" for none. */
  readonly protocol: string;
  send(data: string | Uint8Array): void;
  ping(): void;
  close(code?: number, reason?: string): void;
  /** Ends the connection without a Close frame, as a power cut does. */
  drop(): void;
  /** Writes bytes to the TCP connection, bypassing the websocket protocol. */
  sendBytes(bytes: Uint8Array): void;
}

/** Opens a websocket. Rejects with HandshakeRefused, or with the connection's error. */
export function dial(url: string, events: SocketEvents, options: DialOptions = {}): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const ws = open(url, options);
  const abort = () => ws.terminate();
  options.signal?.addEventListener("abort", abort, { once: true });
  ws.on("open", () => {
    options.signal?.removeEventListener("abort", abort);
    resolve(wrap(ws));
  });
  ws.on("message", (data, binary) => binary || events.onText(data.toString()));
  ws.on("ping", () => events.onPing?.());
  ws.on("error", reject); // after the handshake, `close` follows
  ws.on("close", (code, reason) => {
    reject(new Error("The connection was closed before the handshake was done"));
    events.onClose(code, reason.toString());
  });
  ws.on("unexpected-response", (request, response) => {
    let body = "";
    response.setEncoding("utf8");
    response.on("data", (text: string) => body += text);
    response.on("close", () => {
      reject(new HandshakeRefused(response.statusCode ?? 0, body.trim(), response.headers));
      request.destroy();
    });
  });
  return promise;
}

function open(
  url: string,
  { protocols = [], headers = {}, tls = {}, timeout_ms = 30_000 }: DialOptions,
): WebSocket {
  return new WebSocket(url, protocols, {
    headers,
    handshakeTimeout: timeout_ms,
    perMessageDeflate: false,
    maxPayload: 16 * 1024 * 1024,
    ...(tls.ca ? { ca: tls.ca } : {}),
    ...(tls.cert ? { cert: tls.cert } : {}),
    ...(tls.key ? { key: tls.key } : {}),
    ...(tls.insecure ? { rejectUnauthorized: false } : {}),
  });
}

function wrap(ws: WebSocket): Socket {
  return {
    protocol: ws.protocol,
    send: (data) => ws.send(data),
    ping: () => ws.ping(),
    close: (code, reason) => ws.close(code, reason),
    drop: () => ws.terminate(),
    sendBytes: (bytes) => (ws as unknown as { _socket: { write(b: Uint8Array): void } })._socket.write(bytes),
  };
}

/** Returns the Authorization header of HTTP Basic; a password may be bytes (OCPP-J 1.6 §6.2.1). */
export function basicAuth(username: string, password: string | Uint8Array): string {
  const key = typeof password === "string" ? Buffer.from(password) : password;
  return "Basic " + Buffer.concat([Buffer.from(`${username}:`), key]).toString("base64");
}
