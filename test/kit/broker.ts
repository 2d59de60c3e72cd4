// MQTT brokers for tests: aedes in the process, and Mosquitto as a program.
import { Aedes } from "aedes";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { type WebSocket, WebSocketServer } from "ws";
import mqtt, { type MqttClient } from "mqtt";
import type { Pair } from "./certificates.ts";
import { eventually } from "./eventually.ts";

/** A broker with a client that has read all that is retained. */
export interface Broker extends AsyncDisposable {
  url: string;
  client: MqttClient;
  /** The newest message of each topic; "" where it was cleared. */
  last: Map<string, string>;
  /** All messages, oldest first. */
  all: { topic: string; text: string; retain: boolean }[];
  // deno-lint-ignore no-explicit-any
  json(topic: string): any;
}

/** A broker's TLS: its own certificate, and the authority of those that clients must show. PEM. */
export interface BrokerTls {
  server: Pair;
  client_ca: string;
  /** The certificate and key of the test's own client. */
  client: Pair & { ca: string };
}

async function listening(
  url: string,
  stop: () => Promise<unknown>,
  tls?: BrokerTls,
): Promise<Broker> {
  const client = await mqtt.connectAsync(url, { clientId: `test-${crypto.randomUUID()}`, ...tls?.client });
  const last = new Map<string, string>();
  const all: Broker["all"] = [];
  client.on("message", (topic, payload, { retain }) => {
    last.set(topic, payload.toString());
    all.push({ topic, text: payload.toString(), retain });
  });
  await client.subscribeAsync("#");
  return {
    url,
    client,
    last,
    all,
    json: (topic) => {
      const text = last.get(topic);
      return text ? JSON.parse(text) : undefined;
    },
    async [Symbol.asyncDispose]() {
      await client.endAsync(true);
      await stop();
    },
  };
}

/** aedes, on a port of its own; it speaks MQTT 3.1.1 only. */
export async function aedes(port = 0, tls?: BrokerTls): Promise<Broker> {
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    broker.handle(socket);
  };
  const server: Server = tls
    ? createTlsServer({ ...tls.server, ca: tls.client_ca, requestCert: true }, accept)
    : createServer(accept);
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const { port: open } = server.address() as { port: number };
  return await listening(`${tls ? "mqtts" : "mqtt"}://127.0.0.1:${open}`, async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await new Promise<void>((resolve) => broker.close(() => resolve()));
  }, tls);
}

/** aedes behind a websocket; its client and what it got are those of `aedes`. */
export async function aedesByWebsocket(): Promise<Broker> {
  const broker = await aedes();
  const inner = Number(new URL(broker.url).port);
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  server.on("connection", (socket: WebSocket) => {
    const wire = connect(inner, "127.0.0.1");
    socket.on("message", (bytes) => wire.write(bytes as Uint8Array));
    wire.on("data", (bytes) => socket.send(bytes));
    socket.on("close", () => wire.destroy());
    wire.on("close", () => socket.terminate());
  });
  await new Promise<void>((resolve) => server.once("listening", () => resolve()));
  const { port } = server.address() as { port: number };
  return {
    ...broker,
    url: `ws://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) socket.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await broker[Symbol.asyncDispose]();
    },
  };
}

/** The path of Debian's Mosquitto; undefined: it is not installed. */
export const MOSQUITTO = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

/** Mosquitto as a process. */
export async function mosquitto(tls?: BrokerTls): Promise<Broker> {
  const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = probe.addr as Deno.NetAddr;
  probe.close();
  const folder = await Deno.makeTempDir();
  const lines = [`listener ${port} 127.0.0.1`, "allow_anonymous true", ...await tlsLines(folder, tls)];
  await Deno.writeTextFile(`${folder}/m.conf`, lines.join("\n") + "\n");
  if (Deno.uid() === 0) await giveAway(folder);
  const child = new Deno.Command(MOSQUITTO!, {
    args: ["-c", `${folder}/m.conf`],
    stderr: "null",
    stdout: "null",
  }).spawn();
  const url = `${tls ? "mqtts" : "mqtt"}://127.0.0.1:${port}`;
  await eventually(() =>
    Deno.connect({ hostname: "127.0.0.1", port }).then((c) => (c.close(), true), () => false)
  );
  return await listening(url, async () => {
    child.kill();
    await child.status;
    await Deno.remove(folder, { recursive: true });
  }, tls);
}

async function tlsLines(folder: string, tls?: BrokerTls): Promise<string[]> {
  if (!tls) return [];
  const { server, client_ca } = tls;
  const files = { cafile: client_ca, certfile: server.cert, keyfile: server.key };
  const lines = Object.entries(files).map(async ([name, pem]) => {
    await Deno.writeTextFile(`${folder}/${name}.pem`, pem);
    return `${name} ${folder}/${name}.pem`;
  });
  return [...await Promise.all(lines), "require_certificate true"];
}

/** Mosquitto leaves root before it reads its files. */
async function giveAway(folder: string): Promise<void> {
  await Deno.chmod(folder, 0o755);
  for await (const { name } of Deno.readDir(folder)) await Deno.chmod(`${folder}/${name}`, 0o644);
}
