// MQTT brokers that take a connection and then do harm: each by a few raw bytes, so that no client's checks stand between.

/** The ways of being bad. */
export type Badness =
  /** Reads nothing after the connection. */
  | "deaf"
  /** Reads all, and acknowledges nothing. */
  | "silent"
  /** Sends commands as fast as they are taken. */
  | "flood"
  /** Sends a message of 10 MB, again and again. */
  | "huge"
  /** Refuses the login. */
  | "refuses";

/** A bad broker on a port of its own. */
export class BadBroker implements AsyncDisposable {
  readonly url: string;
  /** The connections that it has taken. */
  connections = 0;
  /** Bytes that the gateway has sent it. */
  received = 0;
  readonly #badness: Badness;
  readonly #topic: string;
  readonly #listener: Deno.Listener;
  readonly #open = new Set<Deno.Conn>();

  /** `topic`: of the commands that it sends. */
  constructor(badness: Badness, topic = "ocpp/chargers/CP1/action") {
    this.#badness = badness;
    this.#topic = topic;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.url = `mqtt://127.0.0.1:${(this.#listener.addr as Deno.NetAddr).port}`;
    void this.#accept();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) close(connection);
    return Promise.resolve();
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) {
      this.connections++;
      this.#open.add(connection);
      this.#serve(connection).catch(() => {}).finally(() => {
        this.#open.delete(connection);
        close(connection);
      });
    }
  }

  async #serve(connection: Deno.Conn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    const read = await connection.read(buffer) ?? 0;
    const version = buffer[2 + 2 + 4 + lengthOfLength(buffer)] ?? 4;
    const is_5 = version === 5;
    if (this.#badness === "refuses") {
      await connection.write(new Uint8Array(is_5 ? [0x20, 3, 0, 0x86, 0] : [0x20, 2, 0, 4]));
      return;
    }
    await connection.write(new Uint8Array(is_5 ? [0x20, 3, 0, 0, 0] : [0x20, 2, 0, 0]));
    this.received += read;
    if (this.#badness === "deaf") return await new Promise(() => {});
    await Promise.all([this.#read(connection), this.#send(connection, is_5)]);
  }

  async #read(connection: Deno.Conn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    for (let read; (read = await connection.read(buffer)) !== null;) this.received += read;
  }

  async #send(connection: Deno.Conn, is_5: boolean): Promise<void> {
    const text = this.#badness === "huge"
      ? new Uint8Array(10_000_000).fill(0x20)
      : new TextEncoder().encode(JSON.stringify({ action: "trigger_message", payload: {} }));
    const message = publishOf(this.#topic, text, is_5);
    const whole = this.#badness === "flood" ? repeated(message, 1000) : message;
    while (this.#badness === "flood" || this.#badness === "huge") await writeAll(connection, whole);
  }
}

/** The bytes by which the header's length is longer than one. */
function lengthOfLength(packet: Uint8Array): number {
  let more = 0;
  while (packet[1 + more]! & 0x80) more++;
  return more;
}

/** Returns a PUBLISH of QoS 0. */
function publishOf(topic: string, payload: Uint8Array, is_5: boolean): Uint8Array {
  const name = new TextEncoder().encode(topic);
  const head = [name.length >> 8, name.length & 255, ...name, ...(is_5 ? [0] : [])];
  const length: number[] = [];
  for (let left = head.length + payload.length; left > 0 || length.length === 0; left >>= 7) {
    length.push(left > 127 ? (left & 127) | 128 : left);
  }
  const packet = new Uint8Array(1 + length.length + head.length + payload.length);
  packet.set([0x30, ...length, ...head]);
  packet.set(payload, 1 + length.length + head.length);
  return packet;
}

function repeated(part: Uint8Array, times: number): Uint8Array {
  const whole = new Uint8Array(part.length * times);
  for (let at = 0; at < times; at++) whole.set(part, at * part.length);
  return whole;
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // it is closed already
  }
}
