// A peer that speaks bytes: for what no websocket client would do.
import { Buffer } from "node:buffer";

/** A TCP or TLS connection. */
export type Connection = Deno.Conn;

/** Where to connect. */
export interface Target {
  port: number;
  tls: boolean;
  /** PEM of the server's CA. */
  ca?: string;
}

/** Opens a connection. */
export async function open({ port, tls, ca }: Target): Promise<Connection> {
  if (!tls) return await Deno.connect({ hostname: "127.0.0.1", port });
  return await Deno.connectTls({ hostname: "127.0.0.1", port, ...(ca ? { caCerts: [ca] } : {}) });
}

/** The head of a websocket handshake. */
export function handshakeOf(id: string, more = ""): string {
  return `GET /${id} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
    `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n${more}\r\n`;
}

/** Opens a connection and does the handshake. Throws when it is refused. */
export async function connectAs(id: string, target: Target): Promise<Connection> {
  const connection = await open(target);
  await write(connection, handshakeOf(id));
  const head = await read(connection);
  if (!head.startsWith("HTTP/1.1 101")) throw new Error(`Refused: ${head.split("\r\n")[0]}`);
  return connection;
}

/** A masked frame; the mask is zero, which is one, too. Opcodes: 0 continuation, 1 text, 2 binary. */
export function frameOf(payload: string | Uint8Array, { fin = true, opcode = 1 } = {}): Uint8Array {
  const body = Buffer.from(payload as Uint8Array);
  const head = [(fin ? 0x80 : 0) | opcode];
  if (body.length < 126) head.push(0x80 | body.length);
  else if (body.length < 65_536) head.push(0x80 | 126, body.length >> 8, body.length & 255);
  else head.push(0x80 | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((bits) => (body.length >>> bits) & 255));
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), body]);
}

/** Writes all of it. Throws when the other side has gone. */
export async function write(connection: Connection, data: string | Uint8Array): Promise<void> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** What comes next, as text; "" at the end. */
export async function read(connection: Connection): Promise<string> {
  const buffer = new Uint8Array(65_536);
  const size = await connection.read(buffer).catch(() => null);
  return new TextDecoder("latin1").decode(buffer.subarray(0, size ?? 0));
}

/** Resolves when the other side has ended the connection, or said so in a Close frame; what comes until then is dropped. */
export async function ended(connection: Connection): Promise<void> {
  const buffer = new Uint8Array(65_536);
  while (await connection.read(buffer).catch(() => null)) if (buffer[0] === 0x88) return;
}

/** Closes a connection that may be closed. */
export function close(connection: Connection): void {
  try {
    connection.close();
  } catch { /* it was */ }
}
