// A KV Connect server in memory (denokv/proto/kv-connect.md, datapath.proto), which tests can stop, hold and empty.

const TOKEN = "a token for the tests";

/** A stored value: its bytes, their encoding, and the commit that wrote it. */
interface Entry {
  key: Uint8Array;
  value: Uint8Array;
  encoding: number;
  versionstamp: Uint8Array;
}

/** A server under test. */
export interface KvServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Keys as hexadecimal text, in order. */
  keys(): string[];
  /** Lets requests wait, whose effect comes when they are released. */
  hold(): void;
  release(): void;
  /** Refuses reads, as a server does whose token was changed. */
  refuse_reads: boolean;
  /** Forgets everything. */
  empty(): void;
}

/** Starts a server; its token is in the environment variable that Deno KV reads. */
export function startKvServer(): KvServer {
  Deno.env.set("DENO_KV_ACCESS_TOKEN", TOKEN);
  const data = new KvData();
  let gate = Promise.resolve();
  let open = () => {};
  const handle = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    if (pathname === "/") return metadata();
    await gate;
    if (pathname.endsWith("/snapshot_read")) {
      return server.refuse_reads ? new Response("no", { status: 403 }) : answer(data.read(body));
    }
    if (pathname.endsWith("/atomic_write")) return answer(data.write(body));
    return new Response("not found", { status: 404 });
  };
  const listener = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, handle);
  const server: KvServer = {
    url: `http://127.0.0.1:${listener.addr.port}`,
    keys: () => data.keys(),
    hold: () => {
      const held = Promise.withResolvers<void>();
      gate = held.promise;
      open = held.resolve;
    },
    release: () => open(),
    refuse_reads: false,
    empty: () => data.empty(),
    async [Symbol.asyncDispose]() {
      open();
      await listener.shutdown();
    },
  };
  return server;
}

function metadata(): Response {
  return Response.json({
    version: 3,
    databaseId: "5b7a3b8e-6a37-4f0b-9f5e-6a3b1d7a9c11",
    endpoints: [{ url: "/v2", consistency: "strong" }],
    token: TOKEN,
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
}

function answer(bytes: Uint8Array): Response {
  return new Response(bytes as BodyInit, { headers: { "content-type": "application/x-protobuf" } });
}

/** The values, and the two requests of the data path. */
class KvData {
  readonly #entries = new Map<string, Entry>();
  #commits = 0;

  keys(): string[] {
    return [...this.#entries.keys()].sort();
  }

  empty(): void {
    this.#entries.clear();
  }

  /** SnapshotRead → SnapshotReadOutput. */
  read(body: Uint8Array): Uint8Array {
    const ranges = fieldsOf(body).filter(({ tag }) => tag === 1).map(({ bytes }) => this.#range(bytes));
    return message([...ranges.map((range) => field(1, range)), field(4, 1), field(8, 1)]);
  }

  /** ReadRange → ReadRangeOutput. */
  #range(body: Uint8Array): Uint8Array {
    const { 1: start, 2: end, 3: limit, 4: reverse } = byTag(body);
    const [from, to] = [hex(start?.bytes), hex(end?.bytes)];
    const keys = this.keys().filter((key) => key >= from && key < to);
    if (reverse?.number) keys.reverse();
    const entries = keys.slice(0, limit?.number || 100).map((key) => this.#entries.get(key)!);
    return message(
      entries.map(({ key, value, encoding, versionstamp }) =>
        field(1, message([field(1, key), field(2, value), field(3, encoding), field(4, versionstamp)]))
      ),
    );
  }

  /** AtomicWrite → AtomicWriteOutput. */
  write(body: Uint8Array): Uint8Array {
    const fields = fieldsOf(body);
    const failed = fields.filter(({ tag }) => tag === 1).some(({ bytes }) => !this.#holds(bytes));
    if (failed) return message([field(1, 2)]);
    const versionstamp = new Uint8Array(10);
    new DataView(versionstamp.buffer).setUint32(4, ++this.#commits);
    for (const { bytes } of fields.filter(({ tag }) => tag === 2)) this.#mutate(bytes, versionstamp);
    return message([field(1, 1), field(2, versionstamp)]);
  }

  #holds(check: Uint8Array): boolean {
    const { 1: key, 2: versionstamp } = byTag(check);
    return hex(this.#entries.get(hex(key?.bytes))?.versionstamp) === hex(versionstamp?.bytes);
  }

  #mutate(mutation: Uint8Array, versionstamp: Uint8Array): void {
    const { 1: key, 2: value, 3: kind } = byTag(mutation);
    const { 1: bytes, 2: encoding } = byTag(value?.bytes ?? new Uint8Array());
    if (kind?.number === 2) this.#entries.delete(hex(key!.bytes));
    else {
      this.#entries.set(hex(key!.bytes), {
        key: key!.bytes,
        value: bytes?.bytes ?? new Uint8Array(),
        encoding: encoding?.number ?? 0,
        versionstamp,
      });
    }
  }
}

/** A field of a protobuf message: a number, or bytes. */
interface Field {
  tag: number;
  number: number;
  bytes: Uint8Array;
}

function fieldsOf(body: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let [number, shift] = [0, 1];
    for (;; shift *= 128) {
      const byte = body[at++]!;
      number += (byte & 127) * shift;
      if (byte < 128) return number;
    }
  };
  while (at < body.length) {
    const key = varint();
    const number = varint();
    const is_bytes = (key & 7) === 2;
    fields.push({ tag: key >> 3, number, bytes: is_bytes ? body.slice(at, at + number) : new Uint8Array() });
    if (is_bytes) at += number;
  }
  return fields;
}

function byTag(body: Uint8Array): Record<number, Field | undefined> {
  return Object.fromEntries(fieldsOf(body).map((field) => [field.tag, field]));
}

function field(tag: number, value: number | Uint8Array): Uint8Array {
  if (typeof value === "number") return Uint8Array.of(tag << 3, ...varintOf(value));
  return message([Uint8Array.of(tag << 3 | 2, ...varintOf(value.length)), value]);
}

function varintOf(number: number): number[] {
  return number < 128 ? [number] : [number % 128 | 128, ...varintOf(Math.floor(number / 128))];
}

function message(parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) bytes.set(part, at), at += part.length;
  return bytes;
}

function hex(bytes: Uint8Array = new Uint8Array()): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
