// A websocket by hand, over TCP: it reads only when told to, and sends what no library would.

/** Bytes to and from the plain listener. */
export class RawSocket implements Disposable {
  readonly #connection: Deno.TcpConn;

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  static async connect(ws_url: string): Promise<RawSocket> {
    const { hostname, port } = new URL(ws_url);
    return new RawSocket(await Deno.connect({ hostname, port: Number(port) }));
  }

  /** Opens a charger's websocket. */
  static async charger(ws_url: string, charger_id: string): Promise<RawSocket> {
    const socket = await RawSocket.connect(ws_url);
    await socket.write(handshake(`/${charger_id}`));
    const answer = await socket.read();
    if (!answer.startsWith("HTTP/1.1 101 ")) throw new Error(answer);
    return socket;
  }

  /** Writes text or bytes; rejects when the other side has gone. */
  async write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    for (let at = 0; at < bytes.length;) at += await this.#connection.write(bytes.subarray(at));
  }

  /** What comes next; "" when the other side has closed. */
  async read(): Promise<string> {
    const bytes = new Uint8Array(65_536);
    const count = await this.#connection.read(bytes).catch(() => null);
    return count === null ? "" : new TextDecoder().decode(bytes.subarray(0, count));
  }

  /** Reads on until the other side closes. */
  async drain(): Promise<string> {
    let all = "";
    for (let text = await this.read(); text !== ""; text = await this.read()) all += text;
    return all;
  }

  [Symbol.dispose](): void {
    try {
      this.#connection.close();
    } catch { /* it is closed */ }
  }
}

/** The head of an upgrade; `headers` replaces the usual ones. */
export function handshake(path: string, headers: string[] = usualHeaders()): string {
  return [`GET ${path} HTTP/1.1`, "Host: 127.0.0.1", ...headers, "", ""].join("\r\n");
}

function usualHeaders(): string[] {
  return [
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Protocol: ocpp1.6",
  ];
}

/** A text frame, masked with zeros (RFC 6455 §5.2). */
export function textFrame(payload: string | Uint8Array): Uint8Array {
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  const length = bytes.length < 126 ? [bytes.length] : [126, bytes.length >> 8, bytes.length & 0xff];
  return new Uint8Array([0x81, 0x80 | length[0]!, ...length.slice(1), 0, 0, 0, 0, ...bytes]);
}
