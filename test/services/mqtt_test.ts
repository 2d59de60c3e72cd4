import { assert, assertEquals, assertMatch } from "@std/assert";
import { aedes, aedesByWebsocket, type Broker, MOSQUITTO, mosquitto } from "../kit/broker.ts";
import { start as startProgram } from "../e2e/process.ts";
import { makeCa } from "../kit/certificates.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { needs } from "../kit/needs.ts";
import { Site } from "../kit/site.ts";
import { BrokerConnection } from "../../src/services/outputs/mqtt/connection.ts";
import { BadBroker } from "../kit/bad_broker.ts";
import { encodeSegment, Topics } from "../../src/services/outputs/mqtt/topics.ts";

async function useBroker(
  { rest }: TestGateway,
  broker: Broker,
  more: Record<string, unknown> = {},
): Promise<void> {
  const greetings = () =>
    broker.all.filter(({ topic, text }) => topic.endsWith("/status") && text === "online").length;
  const before = greetings();
  const { status, body } = await rest("PATCH", "/ocpp/settings/", { mqtt_url: broker.url, ...more });
  assertEquals(status, 200, JSON.stringify(body));
  await eventually(() => greetings() > before, "the connection by the new settings", 20_000); // it has subscribed then
  await eventually(async () => (await rest("GET", "/ocpp/mqtt/")).body.state === "connected");
}

async function tokenOf({ rest }: TestGateway, role: string): Promise<string> {
  return (await rest("POST", "/ocpp/tokens/", { label: `mqtt ${role}`, role })).body.token;
}

async function flow(broker: Broker, gateway: TestGateway): Promise<void> {
  const site = new Site(gateway);
  await useBroker(gateway, broker);
  await using charger = await site.charger({
    charger_id: "CP 1+ñ",
    record: { require_rfid: false, name: "Patio" },
  });
  await charger.status(1, "Available");
  const at = `ocpp/chargers/${encodeSegment("CP 1+ñ")}`;
  assertEquals(at, "ocpp/chargers/CP%201%2B%C3%B1");
  await eventually(() => broker.json(`${at}/connectors/1/state`)?.status === "Available");
  assertEquals(broker.last.get("ocpp/status"), "online");
  const { charger_id, name, connected } = broker.json(`${at}/state`);
  assertEquals({ charger_id, name, connected }, { charger_id: "CP 1+ñ", name: "Patio", connected: true });
  const { transactionId } = await charger.start("TAG");
  await charger.status(1, "Charging");
  await eventually(() => broker.json(`${at}/connectors/1/state`)?.charging);
  assertEquals(broker.json(`${at}/connectors/1/state`).register_wh, 1000);
  await charger.call("StopTransaction", {
    transactionId,
    meterStop: 5000,
    timestamp: new Date().toISOString(),
  });
  await charger.status(1, "Available");
  await eventually(() => broker.json(`${at}/connectors/1/state`)?.register_wh === 5000);
  const events = broker.all.filter(({ topic }) => topic === "ocpp/events");
  assert(events.every(({ retain }) => !retain));
  assert(events.some(({ text }) => JSON.parse(text).data.energy_wh === 4000));
  await gateway.rest("DELETE", "/ocpp/chargers/CP%201%2B%C3%B1/");
  await eventually(() =>
    broker.last.get(`${at}/state`) === "" && broker.last.get(`${at}/connectors/1/state`) === ""
  );
}

Deno.test("states, events and their end go to a broker that speaks MQTT 3.1.1 (aedes)", async () => {
  await using broker = await aedes();
  await using gateway = await startTestGateway();
  await flow(broker, gateway);
  await gateway.gateway.stop();
  await eventually(() => broker.last.get("ocpp/status") === "offline");
});

Deno.test("states, events and their end go to a broker behind a websocket", async () => {
  await using broker = await aedesByWebsocket();
  await using gateway = await startTestGateway();
  await flow(broker, gateway);
});

Deno.test({
  name: "states, events and their end go to Mosquitto",
  ...needs("Mosquitto", MOSQUITTO !== undefined),
  fn: async () => {
    await using broker = await mosquitto();
    await using gateway = await startTestGateway();
    await flow(broker, gateway);
  },
});

Deno.test("commands act with the role of the token, and are answered", async () => {
  await using broker = await aedes();
  await using gateway = await startTestGateway();
  await using charger = await new Site(gateway).charger({ charger_id: "CP1" });
  await charger.status(1, "Available");
  const answers = () =>
    broker.all.filter(({ topic }) => topic === "ocpp/chargers/CP1/response").map(({ text }) =>
      JSON.parse(text)
    );
  const ask = (topic: string, text: string) =>
    broker.client.publishAsync(`ocpp/chargers/CP1/${topic}`, text, { qos: 1 });
  await useBroker(gateway, broker);
  await ask("action", JSON.stringify({ action: "reset", request_id: 1 }));
  await eventually(() => answers().length === 1);
  assertEquals(answers()[0], { request_id: null, status: 403, body: { error: "Commands by MQTT are off" } });
  await useBroker(gateway, broker, { mqtt_command_token: await tokenOf(gateway, "viewer") });
  await ask(
    "action",
    JSON.stringify({ action: "unlock_connector", payload: { connectorId: 1 }, request_id: "b" }),
  );
  await eventually(() => answers().length === 2);
  assertEquals([answers()[1].request_id, answers()[1].status, answers()[1].body.code], [
    "b",
    403,
    "role_required",
  ]);
  await useBroker(gateway, broker, {
    mqtt_command_token: await tokenOf(gateway, "operator"),
    mqtt_id_tag: "HOME",
  });
  await ask("connectors/1/set/charging", "ON");
  const started = await charger.next("RemoteStartTransaction");
  assertEquals(started.payload, { connectorId: 1, idTag: "HOME" });
  charger.answer(started, { status: "Accepted" });
  await eventually(() => answers().length === 3);
  assertEquals([answers()[2].status, answers()[2].body.status], [200, "Accepted"]);
  for (
    const [topic, text, error] of [
      ["connectors/1/set/charging", "OFF", /has no session/],
      ["connectors/1/set/limit", "many", /must be a number/],
      ["action", "{broken", /must be a JSON object/],
      ["action", "x".repeat(70_000), /larger than 65536 bytes/],
      ["action", JSON.stringify({ action: "fly" }), /unknown/],
    ] as const
  ) {
    const before = answers().length;
    await ask(topic, text);
    await eventually(() => answers().length === before + 1);
    assertEquals(answers().at(-1).status, 400);
    assertMatch(answers().at(-1).body.error, error);
  }
  await charger.assertSilent();
  const audit = (await gateway.rest("GET", "/ocpp/audit/?who=mqtt%20operator")).body.entries;
  assertEquals(audit.map(({ action, id }: { action: string; id: string }) => `${action} ${id}`), [
    "remote_start CP1",
  ]);
});

Deno.test("a retained command does nothing, and is cleared", async () => {
  await using broker = await aedes();
  await using gateway = await startTestGateway();
  const token = await tokenOf(gateway, "operator");
  await using charger = await new Site(gateway).charger({ charger_id: "CP1" });
  await charger.status(1, "Available");
  const topic = "ocpp/chargers/CP1/connectors/1/set/available";
  await broker.client.publishAsync(topic, "OFF", { qos: 1, retain: true });
  await useBroker(gateway, broker, { mqtt_command_token: token });
  await eventually(() => broker.last.get(topic) === "");
  await charger.assertSilent();
});

Deno.test("a broker that goes away gets the newest states when it is back", async () => {
  const first = await aedes();
  const port = Number(new URL(first.url).port);
  await using gateway = await startTestGateway();
  await using charger = await new Site(gateway).charger({ charger_id: "CP1" });
  await charger.status(1, "Available");
  await useBroker(gateway, first);
  await first[Symbol.asyncDispose]();
  const { body } = await eventually(async () => {
    const answer = await gateway.rest("GET", "/ocpp/mqtt/");
    return answer.body.state === "connecting" && answer.body.last_error !== null && answer;
  });
  assertMatch(String(body.last_error), /refused|closed|reset/i);
  for (const status of ["Preparing", "Charging", "Finishing"]) await charger.status(1, status);
  await using back = await aedes(port);
  await eventually(
    () => back.json("ocpp/chargers/CP1/connectors/1/state")?.status === "Finishing",
    "the state",
    30_000,
  );
});

Deno.test("a charger that is deleted while the broker is away is cleared when it is back", async () => {
  const first = await aedes();
  await using gateway = await startTestGateway();
  await using charger = await new Site(gateway).charger({ charger_id: "CP1" });
  await charger.status(1, "Available");
  await useBroker(gateway, first);
  const topics = ["ocpp/chargers/CP1/state", "ocpp/chargers/CP1/connectors/1/state"];
  await eventually(() => topics.every((topic) => first.last.get(topic)));
  await first[Symbol.asyncDispose]();
  await eventually(async () => (await gateway.rest("GET", "/ocpp/mqtt/")).body.state === "connecting");
  await gateway.rest("DELETE", "/ocpp/chargers/CP1/");
  await using back = await aedes(Number(new URL(first.url).port));
  for (const topic of topics) await back.client.publishAsync(topic, "old", { retain: true, qos: 1 });
  await eventually(() => topics.every((topic) => back.last.get(topic) === ""), "the end of both", 30_000);
});

for (const badness of ["flood", "huge"] as const) {
  const name = { flood: "floods with commands", huge: "sends messages of 10 MB" }[badness];
  Deno.test(`a broker that ${name} is left for a while, and the state says why`, async () => {
    await using broker = new BadBroker(badness);
    await using gateway = await startTestGateway();
    await using charger = await new Site(gateway).charger({ charger_id: "CP1" });
    const mqtt_command_token = await tokenOf(gateway, "operator");
    const before = Deno.memoryUsage().rss;
    await gateway.rest("PATCH", "/ocpp/settings/", { mqtt_url: broker.url, mqtt_command_token });
    await eventually(() => broker.connections === 2);
    const { body } = await eventually(async () => {
      const answer = await gateway.rest("GET", "/ocpp/mqtt/");
      return answer.body.state === "connecting" && answer.body.last_error !== null && answer;
    });
    assertMatch(
      String(body.last_error),
      /^The broker sends more than 100 messages or 1000000 bytes a second$/,
    );
    assert(Deno.memoryUsage().rss - before < 200_000_000);
    await charger.call("Heartbeat");
  });
}

Deno.test("the broker says offline after kill -9 of the gateway, and online when it is back", async () => {
  await using broker = await aedes();
  const data_dir = await Deno.makeTempDir();
  const program = await startProgram(data_dir);
  await program.rest("PATCH", "/ocpp/settings/", { mqtt_url: broker.url });
  await eventually(() => broker.last.get("ocpp/status") === "online", "online", 20_000);
  await program.stop("SIGKILL");
  await eventually(() => broker.last.get("ocpp/status") === "offline", "the last will", 20_000);
  await using _again = await startProgram(data_dir);
  await eventually(() => broker.last.get("ocpp/status") === "online", "online again", 20_000);
  await Deno.remove(data_dir, { recursive: true }).catch(() => {});
});

Deno.test("a broker whose certificate nobody vouches for gets no login, and is named with the reason", async () => {
  const ca = await makeCa("Nobody");
  const { cert, key } = await ca.issue({ common_name: "broker", names: ["127.0.0.1"], usage: "server" });
  const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key });
  let received = 0;
  const serving = (async () => {
    for await (const connection of listener) {
      received += await connection.read(new Uint8Array(1000)).catch(() => 0) ?? 0;
      connection.close();
    }
  })().catch(() => {});
  await using gateway = await startTestGateway();
  const mqtt_url = `mqtts://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`;
  await gateway.rest("PATCH", "/ocpp/settings/", { mqtt_url, mqtt_username: "who", mqtt_password: "sesame" });
  const { body } = await eventually(async () => {
    const answer = await gateway.rest("GET", "/ocpp/mqtt/");
    return answer.body.last_error !== null && answer;
  });
  assertMatch(String(body.last_error), /certificate|issuer/i);
  listener.close();
  await serving;
  assertEquals(received, 0);
});

/** A broker's TLS, and the settings of a gateway that may connect to it. */
async function tlsOfBroker() {
  const broker_ca = await makeCa("Brokers");
  const device_ca = await makeCa("Devices");
  const server = await broker_ca.issue({ common_name: "broker", names: ["127.0.0.1"], usage: "server" });
  const test = await device_ca.issue({ common_name: "test" });
  const own = await device_ca.issue({ common_name: "gateway" });
  return {
    tls: { server, client_ca: device_ca.cert, client: { ...test, ca: broker_ca.cert } },
    settings: { mqtt_ca: broker_ca.cert, mqtt_client_cert: own.cert, mqtt_client_key: own.key },
  };
}

async function showsCertificate(
  broker: Broker,
  settings: { mqtt_ca: string; mqtt_client_cert: string; mqtt_client_key: string },
): Promise<void> {
  await using gateway = await startTestGateway();
  const { rest } = gateway;
  await rest("PATCH", "/ocpp/settings/", { mqtt_url: broker.url, mqtt_ca: settings.mqtt_ca });
  const refused = await eventually(async () => (await rest("GET", "/ocpp/mqtt/")).body.last_error);
  assertMatch(String(refused), /certificate|closed/i);
  assert(!broker.last.has("ocpp/status"), "a gateway without certificate was let in");
  await useBroker(gateway, broker, settings);
  const { body } = await rest("GET", "/ocpp/mqtt/");
  assertEquals([body.last_error, body.client_certificate?.subject], [null, "CN=gateway"]);
}

Deno.test("a broker that asks for a client certificate gets the one of the settings (aedes)", async () => {
  const { tls, settings } = await tlsOfBroker();
  await using broker = await aedes(0, tls);
  await showsCertificate(broker, settings);
});

Deno.test({
  name: "a broker that asks for a client certificate gets the one of the settings (Mosquitto)",
  ...needs("Mosquitto", MOSQUITTO !== undefined),
  fn: async () => {
    const { tls, settings } = await tlsOfBroker();
    await using broker = await mosquitto(tls);
    await showsCertificate(broker, settings);
  },
});

Deno.test("a client certificate comes with its key, which is never shown, and goes with it", async () => {
  await using gateway = await startTestGateway();
  const { rest } = gateway;
  const ca = await makeCa("Devices");
  const [own, other] = [await ca.issue({ common_name: "a" }), await ca.issue({ common_name: "b" })];
  const encrypted = own.key.replaceAll("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
  const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const wrong: [Record<string, string>, string][] = [
    [{ mqtt_ca: "no PEM" }, "mqtt_ca"],
    [{ mqtt_ca: broken }, "mqtt_ca"],
    [{ mqtt_client_cert: broken, mqtt_client_key: own.key }, "mqtt_client_cert"],
    [{ mqtt_client_cert: own.cert }, "mqtt_client_key"],
    [{ mqtt_client_key: own.key }, "mqtt_client_key"],
    [{ mqtt_client_cert: own.cert, mqtt_client_key: other.key }, "mqtt_client_key"],
    [{ mqtt_client_cert: own.cert, mqtt_client_key: encrypted }, "mqtt_client_key"],
    [{ mqtt_client_cert: own.cert, mqtt_client_key: own.cert }, "mqtt_client_key"],
  ];
  for (const [changes, field] of wrong) {
    const { status, body } = await rest("PATCH", "/ocpp/settings/", changes);
    assertEquals([status, body.values?.field], [400, field], JSON.stringify(changes));
  }
  assertEquals((await rest("GET", "/ocpp/settings/")).body.mqtt_client_cert, "");
  await rest("PATCH", "/ocpp/settings/", { mqtt_client_cert: own.cert, mqtt_client_key: own.key });
  const secret = own.key.split("\n")[1]!;
  for (const path of ["/ocpp/settings/", "/ocpp/audit/", "/ocpp/mqtt/"]) {
    assert(!JSON.stringify((await rest("GET", path)).body).includes(secret), path);
  }
  await rest("PATCH", "/ocpp/settings/", { mqtt_client_cert: "" });
  assertEquals(gateway.gateway.services.store.settings.mqtt_client_key, "");
  assertEquals((await rest("GET", "/ocpp/mqtt/")).body.client_certificate, null);
});

Deno.test("a broker that refuses the login is named with its reason", async () => {
  await using broker = new BadBroker("refuses");
  await using gateway = await startTestGateway();
  await gateway.rest("PATCH", "/ocpp/settings/", { mqtt_url: broker.url, mqtt_username: "who" });
  const { body } = await eventually(async () => {
    const answer = await gateway.rest("GET", "/ocpp/mqtt/");
    return answer.body.last_error !== null && answer;
  });
  assertMatch(String(body.last_error), /bad user ?name or password/i);
});

Deno.test("BrokerConnection holds a bounded number of messages for a broker that acknowledges none", async () => {
  await using broker = new BadBroker("silent");
  const { promise, resolve } = Promise.withResolvers<void>();
  const connection = new BrokerConnection(
    {
      url: broker.url,
      username: "",
      password: "",
      client_id: "test",
      status_topic: "ocpp/status",
      filters: [],
      tls: {},
    },
    { connected: resolve, message() {}, failed() {} },
  );
  await connection.start();
  await promise;
  let sent = 0;
  while (connection.publish(`ocpp/${sent}`, "state", { retain: true, qos: 1 }) && sent < 100_000) sent++;
  assertEquals([connection.has_room, sent < 5000], [false, true]);
  await connection.stop();
});

Deno.test("Home Assistant finds each charger and the gateway; its birth brings them again", async () => {
  await using broker = await aedes();
  await using gateway = await startTestGateway({ config: { public_url: "http://depot.local" } });
  await using charger = await new Site(gateway).charger({ charger_id: "CP+1", record: { name: "Patio" } });
  await charger.status(1, "Available");
  const token = await tokenOf(gateway, "operator");
  await useBroker(gateway, broker, { mqtt_command_token: token });
  const topics = () => [...broker.last.keys()].filter((topic) => topic.startsWith("homeassistant/device/"));
  await eventually(() => topics().length === 2);
  for (const topic of topics()) checkDiscovery(topic, broker.json(topic));
  const own = topics().find((topic) => topic.includes("CP_2b_1"))!;
  const { device, components } = broker.json(own);
  assertEquals([device.name, device.configuration_url], [
    "Patio",
    "http://depot.local/admin/chargers/CP%2B1",
  ]);
  assertEquals(components.c1_energy.state_class, "total_increasing");
  assertEquals(components.c1_charging.command_topic, "ocpp/chargers/CP%2B1/connectors/1/set/charging");
  const seen = broker.all.filter(({ topic }) => topic === own).length;
  await broker.client.publishAsync("homeassistant/status", "online");
  await eventually(() => broker.all.filter(({ topic }) => topic === own).length > seen);
  await gateway.rest("PATCH", "/ocpp/settings/", { mqtt_command_token: "" });
  await eventually(() => broker.json(own)?.components.c1_charging === undefined);
});

/** The rules of Home Assistant's device discovery, as its documentation has them. */
// deno-lint-ignore no-explicit-any
function checkDiscovery(topic: string, payload: any): void {
  assertMatch(topic, /^homeassistant\/device\/[a-zA-Z0-9_-]+\/config$/);
  assertEquals(Object.keys(payload).sort(), ["availability", "components", "device", "origin", "qos"]);
  assertEquals(typeof payload.origin.name, "string");
  assert(payload.device.identifiers.length === 1 && typeof payload.device.name === "string");
  const ids = new Set<string>();
  for (const [key, part] of Object.entries<Record<string, unknown>>(payload.components)) {
    assertMatch(key, /^[a-zA-Z0-9_-]+$/);
    const { platform, unique_id, state_topic, command_topic, device_class, state_class } = part;
    assert(["sensor", "binary_sensor", "switch", "button", "number"].includes(String(platform)), key);
    assert(!ids.has(String(unique_id)), `${unique_id} twice`);
    ids.add(String(unique_id));
    if (["sensor", "binary_sensor"].includes(String(platform))) assert(state_topic && !command_topic, key);
    else assert(command_topic, key);
    if (device_class === "energy") assert(["total", "total_increasing"].includes(String(state_class)), key);
    if (device_class === "enum") assert(Array.isArray(part.options) && !("state_class" in part), key);
  }
}

Deno.test("a circuit is limited by MQTT with the token's role, REST's checks, and its label as the source", async () => {
  await using broker = await aedes();
  await using gateway = await startTestGateway();
  const { rest } = gateway;
  await rest("POST", "/ocpp/circuits/", { name: "House 1", max_current_a: 40 });
  let answers = 0;
  const ask = async (text: string) => {
    const all = () => broker.all.filter(({ topic }) => topic === "ocpp/circuits/House%201/response");
    await broker.client.publishAsync("ocpp/circuits/House%201/set/limit", text, { qos: 1 });
    await eventually(() => all().length === answers + 1);
    return JSON.parse(all()[answers++]!.text);
  };
  const viewer = await tokenOf(gateway, "viewer");
  await useBroker(gateway, broker, { mqtt_command_token: viewer });
  const body = { limit_a: 16, valid_s: 600 };
  assertEquals((await ask(JSON.stringify(body))).status, 403);
  await useBroker(gateway, broker, { mqtt_command_token: await tokenOf(gateway, "operator") });
  const set = await ask(JSON.stringify({ ...body, request_id: 7 }));
  assertEquals([set.request_id, set.status, set.body.available_a], [7, 200, [16, 16, 16]]);
  assertEquals(set.body.limits[0].source, "mqtt operator");
  assertEquals((await ask(`{"limit_a": 16}`)).body.values, { field: "expires_at" });
  assertMatch((await ask("ON")).body.error, /must be a JSON object, or OFF/);
  assertEquals((await ask("OFF")).status, 204);
  assertEquals((await rest("GET", "/ocpp/circuits/House%201/")).body.limits, []);
  const { entries } = (await rest("GET", "/ocpp/audit/?who=mqtt%20operator")).body;
  assertEquals(entries.map(({ action }: { action: string }) => action), ["end limit", "limit"]);
});

Deno.test("Topics.commandOf reads commands only, of its own root", () => {
  const topics = new Topics("site/ocpp");
  assertEquals(topics.commandOf("site/ocpp/chargers/CP%2F1/action"), {
    charger_id: "CP/1",
    kind: "action",
    connector_id: 0,
  });
  assertEquals(topics.commandOf("site/ocpp/chargers/A/connectors/2/set/limit"), {
    charger_id: "A",
    kind: "limit",
    connector_id: 2,
  });
  assertEquals(topics.commandOf("site/ocpp/circuits/North%2Fa/set/limit"), {
    kind: "circuit_limit",
    circuit: "North/a",
  });
  for (
    const other of [
      "other/chargers/A/action",
      "site/ocpp/chargers/A/state",
      "site/ocpp/circuits/A/limit",
      "site/ocpp/chargers/A/connectors/x/set/limit",
      "site/ocpp/chargers/A/connectors/1/set/fire",
      "site/ocpp/chargers/%E0%A4%A/action",
      "site/ocpp/status",
    ]
  ) assertEquals(topics.commandOf(other), null, other);
});

Deno.test("the settings of MQTT are checked, and their secrets are never shown", async () => {
  await using gateway = await startTestGateway();
  const { rest } = gateway;
  for (
    const [name, value] of [["mqtt_url", "http://x"], ["mqtt_url", "mqtt://a:b@x"], ["mqtt_topic", "a/+/b"], [
      "mqtt_topic",
      "",
    ]]
  ) {
    const { status, body } = await rest("PATCH", "/ocpp/settings/", { [name!]: value });
    assertEquals([status, body.values?.field], [400, name]);
  }
  await rest("PATCH", "/ocpp/settings/", { mqtt_password: "sesame-1", mqtt_command_token: "sesame-2" });
  for (const path of ["/ocpp/settings/", "/ocpp/audit/"]) {
    assert(!JSON.stringify((await rest("GET", path)).body).includes("sesame"), path);
  }
});
