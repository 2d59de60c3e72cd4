// Every limit, crossed on each listener while a second charger is being served.
import { assert, assertEquals, assertGreater, assertLess, assertRejects } from "@std/assert";
import { connect } from "node:tls";
import { HandshakeRefused } from "../../src/ocpp/client/socket.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import type { Settings } from "../../src/store/store.ts";
import { eventually } from "../kit/eventually.ts";
import { frameOf, handshake, RawSocket, type Target } from "../kit/raw_socket.ts";
import { startTlsGateway, type TlsGateway } from "../kit/tls_gateway.ts";
import { visit } from "../kit/visitor.ts";

const BOOT = { chargePointVendor: "V", chargePointModel: "M" };
const HEARTBEAT = JSON.stringify([2, "x".repeat(250), "Heartbeat", {}]);

/** A listener, with a charger on it that has to be served throughout. */
interface Door {
  name: DoorName;
  site: TlsGateway;
  target: Target;
  dial(id: string): Promise<RawClient>;
  second: RawClient;
}

type DoorName = typeof DOORS[number];

const DOORS = ["deno", "bounded", "TLS"] as const;

function everyDoor(name: string, settings: Partial<Settings>, test: (door: Door) => Promise<void>): void {
  for (const door of DOORS) {
    Deno.test(`${name} (${door})`, async () => {
      await using site = await startTlsGateway({
        settings,
        config: { listener: door === "deno" ? "deno" : "bounded" },
      });
      const tls = door === "TLS";
      const url = tls ? site.wss_url : site.plain.ws_url;
      const dial = (id: string) => RawClient.connect(url, { path: `/${id}`, tls: { ca: site.ca.cert } });
      const target = { port: tls ? site.plain.gateway.tls_port! : site.plain.port, tls, ca: site.ca.cert };
      await using second = await dial("SECOND");
      await second.call("BootNotification", BOOT);
      await test({ name: door, site, target, dial, second });
      assertEquals((await second.call("Heartbeat"))[0], 3, "the second charger is served");
    });
  }
}

everyDoor(
  "max_sockets: one more is 429, and may come when another has gone",
  { max_sockets: 3 },
  async ({ dial }) => {
    const clients = [await dial("A"), await dial("B")];
    assertEquals((await assertRejects(() => dial("C"), HandshakeRefused)).status, 429);
    await clients[0]!.close();
    let late: RawClient | undefined;
    await eventually(async () => (late = await dial("C").catch(() => undefined)) !== undefined);
    await Promise.all([late!.close(), clients[1]!.close()]);
  },
);

everyDoor("max_sockets_per_address", { max_sockets_per_address: 2 }, async ({ dial }) => {
  await using _first = await dial("A");
  assertEquals((await assertRejects(() => dial("B"), HandshakeRefused)).status, 429);
});

everyDoor(
  "max_message_bytes: a larger message ends the connection with 1009",
  { max_message_bytes: 2048 },
  async ({ dial }) => {
    const client = await dial("A");
    client.send([2, "1", "DataTransfer", { vendorId: "V", data: "x".repeat(3000) }]);
    assertEquals((await client.closed).code, 1009);
  },
);

everyDoor("max_message_bytes holds for fragments, too", { max_message_bytes: 4096 }, async ({ target }) => {
  const connection = await RawSocket.connect("A", target);
  const gone = connection.ended();
  await connection.write(frameOf("[2", { fin: false }));
  const part = frameOf("x".repeat(1000), { fin: false, opcode: 0 });
  for (let n = 0; n < 10; n++) await connection.write(part).catch(() => {});
  await connection.write(frameOf("]", { opcode: 0 })).catch(() => {});
  await gone;
  connection.close();
});

everyDoor("max_waiting_messages: a flood is closed with 1008, or held back and answered in order", {
  max_waiting_messages: 20,
}, async ({ name, dial }) => {
  const client = await dial("A");
  const count = 500;
  for (let n = 0; n < count; n++) client.send([2, `${n}`, "BootNotification", BOOT]);
  if (name === "deno") return assert([1008, 1006].includes((await client.closed).code)); // 1006: it was still sending
  for (let n = 0; n < count; n++) assertEquals((await client.next())[1], `${n}`);
  await client.close();
});

everyDoor("max_bytes_per_second: who sends faster is read slower, or closed with 1008", {
  max_bytes_per_second: 65_536,
}, async ({ name, dial }) => {
  const client = await dial("A");
  await client.call("BootNotification", BOOT);
  const count = name === "deno" ? 60 : 8;
  const began = performance.now();
  for (let n = 0; n < count; n++) {
    client.send([2, `${n}`, "DataTransfer", { vendorId: "V", data: "x".repeat(16_000) }]);
  }
  if (name === "deno") return assert([1008, 1006].includes((await client.closed).code));
  for (let n = 0; n < count; n++) assertEquals((await client.next())[1], `${n}`);
  assertGreater(performance.now() - began, 500); // 128 kB; 80 kB may have come at once
  await client.close();
});

everyDoor("max_unsent_bytes: who does not read is dropped", {
  max_unsent_bytes: 4096,
  max_waiting_messages: 10_000,
}, async ({ target, site }) => {
  const connection = await RawSocket.connect("A", target);
  await connection.write(frameOf(JSON.stringify([2, "0", "BootNotification", BOOT])));
  const batch = new Uint8Array(
    await new Blob(Array.from({ length: 500 }, () => frameOf(HEARTBEAT) as Uint8Array<ArrayBuffer>))
      .arrayBuffer(),
  );
  const isThere = async () => (await site.plain.rest("GET", "/ocpp/chargers/A/")).body.connected;
  const sending = (async () => {
    for (;;) await connection.write(batch);
  })().catch(() => {});
  await eventually(async () => !await isThere(), "the reader's end", 30_000);
  connection.close();
  await sending;
});

everyDoor(
  "max_json_depth: what is deeper is FormationViolation, however deep",
  { max_json_depth: 10 },
  async ({ second }) => {
    for (const depth of [11, 33, 10_000]) {
      const deep = `{"vendorId":"V","x":${"[".repeat(depth)}${"]".repeat(depth)}}`;
      second.sendText(`[2,"d${depth}","DataTransfer",${deep}]`);
      const [type, id, code] = await second.next();
      assertEquals([type, id, code], [4, `d${depth}`, "FormationViolation"]);
    }
  },
);

everyDoor("max_refusals_per_minute: refusals go on, without a word", {
  max_refusals_per_minute: 5,
}, async ({ target }) => {
  const status = async (id: string) => {
    const connection = await RawSocket.open(target);
    await connection.write(handshake(`/${id}`));
    const answer = await connection.read();
    connection.close();
    return Number(answer.split(" ")[1]);
  };
  const statuses: number[] = [];
  for (let n = 0; n < 8; n++) statuses.push(await status(`a%2F${n}`));
  assertEquals(statuses, [404, 404, 404, 404, 404, 429, 429, 429]);
  assertEquals(await status("THIRD"), 101);
});

everyDoor("max_body_bytes", { max_body_bytes: 2048 }, async ({ site, target }) => {
  const client = Deno.createHttpClient({ caCerts: [site.ca.cert] });
  const url = `${target.tls ? site.https_url : site.plain.url}/login`;
  const body = JSON.stringify({ password: "x".repeat(4000) });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { client, method: "POST", headers, body });
  assertEquals(answer.status, 413);
  await answer.body?.cancel();
  const stream = new ReadableStream({ // without a length
    pull: (controller) => controller.enqueue(new TextEncoder().encode("x".repeat(1000))),
  });
  const streamed = await fetch(url, { client, method: "POST", headers, body: stream }).then(
    (response) => response.status,
    () => "cut off",
  );
  assert(streamed === 413 || streamed === "cut off", String(streamed));
  client.close();
});

everyDoor(
  "what is no websocket, or no TLS, is answered or closed (A25, A26)",
  {},
  async ({ target, site }) => {
    const other = await RawSocket.open({ port: target.port });
    await other.write(
      target.tls
        ? "GET /CP1 HTTP/1.1\r\nHost: x\r\n\r\n"
        : new Uint8Array([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]),
    );
    if (target.tls) await other.ended(); // the plain listener has no time-out for it: README
    other.close();
    const connection = await RawSocket.open(target);
    await connection.write(handshake("/CP1").replace("Upgrade: websocket", "Upgrade: h2c"));
    const text = await connection.read();
    assert(/^HTTP\/1\.1 4\d\d/.test(text), text);
    connection.close();
    assertEquals((await visit(site.plain, "GET /CP1")).status, 404);
    assertEquals((await visit(site.plain, "POST /ocpp/CP1")).status, 401);
  },
);

/** The listeners that bound connections. */
const BOUNDED = ["bounded", "TLS"] as const;

for (const name of BOUNDED) {
  Deno.test(`max_connections_per_address counts connections that never finish their handshake (${name})`, async () => {
    await crowd(name, { max_connections_per_address: 5 });
  });

  Deno.test(`max_connections counts all of them (${name})`, async () => {
    await crowd(name, { max_connections: 5 });
  });
}

for (const name of BOUNDED) {
  Deno.test(`max_http_connections_per_address leaves out websockets (${name})`, async () => {
    await using site = await startTlsGateway({
      settings: { max_http_connections_per_address: 2 },
      config: { listener: "bounded" },
    });
    const { port, url } = doorOf(site, name);
    const dial = (path: string) => RawClient.connect(url, { path, tls: { ca: site.ca.cert } });
    const chargers: RawClient[] = [];
    for (const path of ["/A", "/B", "/C", "/D"]) chargers.push(await dial(path));
    const idle = [await RawSocket.open({ port }), await RawSocket.open({ port })];
    await assertRejects(() => dial("/E"));
    for (const charger of chargers) await charger.call("BootNotification", BOOT);
    idle.pop()!.close();
    let late: RawClient | undefined;
    await eventually(async () => (late = await dial("/E").catch(() => undefined)) !== undefined);
    for (const connection of idle) connection.close();
    for (const charger of [...chargers, late!]) await charger.close();
  });
}

/** Five connections may be open: one of a charger that is served, four that say nothing, and not another. */
async function crowd(name: typeof BOUNDED[number], settings: Partial<Settings>): Promise<void> {
  await using site = await startTlsGateway({ settings, config: { listener: "bounded" } });
  const { port, url } = doorOf(site, name);
  const dial = (path: string) => RawClient.connect(url, { path, tls: { ca: site.ca.cert } });
  await using second = await dial("/SECOND");
  const idle = await Promise.all(
    Array.from({ length: 4 }, () => RawSocket.open({ port })),
  );
  await assertRejects(() => dial("/A"));
  await second.call("BootNotification", BOOT);
  for (const connection of idle) connection.close();
  let late: RawClient | undefined;
  await eventually(async () => (late = await dial("/A").catch(() => undefined)) !== undefined);
  await late!.close();
}

function doorOf({ plain, wss_url }: TlsGateway, name: DoorName): { port: number; url: string } {
  return name === "TLS"
    ? { port: plain.gateway.tls_port!, url: wss_url }
    : { port: plain.port, url: plain.ws_url };
}

for (const name of BOUNDED) {
  Deno.test(`slow handshakes, headers and bodies are ended in time (A24) (${name})`, async () => {
    const data_dir = await Deno.makeTempDir();
    const config = { data_dir, kv: `${data_dir}/gateway.db`, listener: "bounded" } as const;
    const settings = { tls_handshake_timeout: 1, headers_timeout: 1, tls_request_timeout: 2 };
    await (await startTlsGateway({ config, settings }))[Symbol.asyncDispose]();
    {
      await using site = await startTlsGateway({ config }); // they hold from the next start on
      const { port, url } = doorOf(site, name);
      const target = { port, tls: name === "TLS", ca: site.ca.cert };
      await using second = await RawClient.connect(url, { path: "/SECOND", tls: { ca: site.ca.cert } });
      const silent = await RawSocket.open({ port: target.port });
      const headers = await RawSocket.open(target);
      const body = await RawSocket.open(target);
      await headers.write("GET /healthz HTTP/1.1\r\nHo");
      await body.write(
        "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
      );
      await second.call("BootNotification", BOOT);
      await Promise.all([silent, headers, body].map((socket) => socket.ended()));
      for (const connection of [silent, headers, body]) connection.close();
    }
    await Deno.remove(data_dir, { recursive: true });
  });

  Deno.test(`a body that is read slowly is not read ahead, and one that is refused is not read at all (${name})`, async () => {
    await using site = await startTlsGateway({
      settings: { max_upload_bytes: 100_000_000 },
      config: { listener: "bounded" },
    });
    const { port, url } = doorOf(site, name);
    const target = { port, tls: name === "TLS", ca: site.ca.cert };
    await using second = await RawClient.connect(url, { path: "/SECOND", tls: { ca: site.ca.cert } });
    const connection = await RawSocket.open(target);
    const head =
      "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n";
    await connection.write(head);
    let taken = 0;
    const part = new Uint8Array(1_000_000).fill(120);
    const gone = connection.ended();
    await (async () => {
      for (; taken < 1000; taken++) await connection.write(part);
    })().catch(() => {});
    await gone;
    connection.close();
    assert(taken < 20, `${taken} MB were taken`);
    const client = Deno.createHttpClient({ caCerts: [site.ca.cert] });
    const body = new Uint8Array(20_000_000).fill(7);
    const headers = { authorization: `Basic ${btoa("admin:correct horse battery")}` };
    const put = await fetch(`${name === "TLS" ? site.https_url : site.plain.url}/ocpp/firmware/big.bin`, {
      client,
      method: "PUT",
      body,
      headers,
    });
    assertEquals([put.status, (await put.json()).size], [201, body.length]);
    client.close();
    assertEquals((await second.call("BootNotification", BOOT))[0], 3);
  });
}

for (const name of BOUNDED) {
  Deno.test(`pipelined requests are answered in order, and too many end the connection (${name})`, async () => {
    await using site = await startTlsGateway({ config: { listener: "bounded" } });
    const target = { port: doorOf(site, name).port, tls: name === "TLS", ca: site.ca.cert };
    using few = await RawSocket.open(target);
    await few.write(getOf("/healthz") + getOf("/nothing") + getOf("/healthz", "Connection: close"));
    const statuses = [...(await few.drain()).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    assertEquals(statuses, ["200", "404", "200"]);
    using many = await RawSocket.open(target);
    await many.write(getOf("/healthz").repeat(200));
    assertLess((await many.drain()).split("HTTP/1.1 ").length, 20);
  });
}

for (const name of ["deno", ...BOUNDED] as const) {
  Deno.test(`an address has 64 requests at once, one more is 503 (${name})`, async () => {
    await using site = await startTlsGateway({
      settings: { max_http_connections_per_address: 100 },
      config: { listener: name === "deno" ? "deno" : "bounded" },
    });
    const target = { port: doorOf(site, name).port, tls: name === "TLS", ca: site.ca.cert };
    const head =
      "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    const held = await Promise.all(Array.from({ length: 64 }, () => RawSocket.open(target)));
    await Promise.all(held.map((connection) => connection.write(head)));
    const status = async () => {
      using one = await RawSocket.open(target);
      await one.write(getOf("/healthz", "Connection: close"));
      return (await one.drain()).split(" ")[1];
    };
    await eventually(async () => await status() === "503");
    held.forEach((connection) => connection.close());
    await eventually(async () => await status() === "200");
  });
}

function getOf(path: string, header = "Accept: */*"): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${header}\r\n\r\n`;
}

Deno.test("the TLS listener speaks TLS 1.2 and 1.3 only", async () => {
  await using site = await startTlsGateway();
  const speak = (version: "TLSv1.1" | "TLSv1.2" | "TLSv1.3") => {
    const { promise, resolve } = Promise.withResolvers<string | null>();
    const options = {
      host: "127.0.0.1",
      port: site.plain.gateway.tls_port!,
      ca: site.ca.cert,
      minVersion: version,
      maxVersion: version,
    };
    try {
      const socket = connect(options, () => {
        resolve(socket.getProtocol());
        socket.destroy();
      });
      socket.on("error", () => resolve(null));
    } catch {
      resolve(null);
    }
    return promise;
  };
  assertEquals([await speak("TLSv1.2"), await speak("TLSv1.3")], ["TLSv1.2", "TLSv1.3"]);
});
