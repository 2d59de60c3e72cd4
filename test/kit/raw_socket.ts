// A peer that writes and reads bytes, for input that no websocket client sends. It reads only when told to.
import { Buffer } from "node:buffer";

/** A listener; `ca` is the PEM of its certificate authority. */
export interface Target {
  port: number;
  tls?: boolean;
  ca?: string;
}

/** A TCP or TLS connection. */
export class RawSocket implements Disposable {
  readonly #connection: Deno.Conn;

  private constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** Connects to a listener, or to the host of a `ws://` URL. */
  static async open(target: Target | string): Promise<RawSocket> {
    const { port, tls, ca }: Target = typeof target === "string"
      ? { port: Number(new URL(target).port) }
      : target;
    const address = { hostname: "127.0.0.1", port };
    if (!tls) return new RawSocket(await Deno.connect(address));
    return new RawSocket(await Deno.connectTls({ ...address, ...(ca ? { caCerts: [ca] } : {}) }));
  }

  /** Connects and upgrades to a charger's websocket. Rejects when the upgrade is refused. */
  static async connect(charger_id: string, target: Target | string): Promise<RawSocket> {
    const socket = await RawSocket.open(target);
    await socket.write(handshake(`/${charger_id}`));
    const answer = await socket.read();
    if (!answer.startsWith("HTTP/1.1 101 ")) throw new Error(`Refused: ${answer.split("\r\n")[0]}`);
    return socket;
  }

  /** Writes text or bytes. Rejects when the other side has closed. */
  async write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    for (let at = 0; at < bytes.length;) at += await this.#connection.write(bytes.subarray(at));
  }

  /** Reads what has arrived; "" when the other side has closed. */
  async read(): Promise<string> {
    return new TextDecoder("latin1").decode(await this.#readBytes());
  }

  /** Reads until the other side closes. */
  async drain(): Promise<string> {
    let all = "";
    for (let text = await this.read(); text !== ""; text = await this.read()) all += text;
    return all;
  }

  /** Reads and drops everything until the other side closes or sends a Close frame. */
  async ended(): Promise<void> {
    for (let bytes = await this.#readBytes(); bytes.length > 0; bytes = await this.#readBytes()) {
      if (bytes[0] === 0x88) return;
    }
  }

  /** Closes the connection, if it is open. */
  close(): void {
    try {
      this.#connection.close();
    } catch { /* closed already */ }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #readBytes(): Promise<Uint8Array> {
    const buffer = new Uint8Array(65_536);
    const size = await this.#connection.read(buffer).catch(() => null);
    return buffer.subarray(0, size ?? 0);
  }
}

const UPGRADE = [
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Protocol: ocpp1.6",
];

/** Returns the request of a websocket upgrade; `headers` replaces the usual ones. */
export function handshake(path: string, headers: readonly string[] = UPGRADE): string {
  return [`GET ${path} HTTP/1.1`, "Host: 127.0.0.1", ...headers, "", ""].join("\r\n");
}

/** Encodes a frame masked with zeros (RFC 6455 §5.2). Opcodes: 0 continuation, 1 text, 2 binary. */
export function frameOf(payload: string | Uint8Array, { fin = true, opcode = 1 } = {}): Uint8Array {
  const body = Buffer.from(payload as Uint8Array);
  const head = [(fin ? 0x80 : 0) | opcode];
  if (body.length < 126) head.push(0x80 | body.length);
  else if (body.length < 65_536) head.push(0x80 | 126, body.length >> 8, body.length & 255);
  else head.push(0x80 | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((bits) => (body.length >>> bits) & 255));
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), body]);
}
