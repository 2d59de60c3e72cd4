// Records of chargers: the most that a stranger can make the gateway keep.
import { assertEquals } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { AUTHORIZATION, startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { eventually } from "../kit/eventually.ts";
import { RawSocket } from "../kit/raw_socket.ts";

const BOOT = { chargePointVendor: "V", chargePointModel: "M" };

async function boot(site: TestGateway, id: string): Promise<string> {
  await using client = await RawClient.connect(site.ws_url, { path: `/${id}` });
  return ((await client.call("BootNotification", BOOT))[2] as { status: string }).status;
}

async function stored(site: TestGateway): Promise<string[]> {
  const { store } = site.gateway.services;
  await store.commits.flush();
  const ids: string[] = [];
  for await (const { key } of store.read.list({ prefix: [] })) {
    if (key.includes("charger")) ids.push(String(key.at(-1)));
  }
  return ids.sort();
}

for (const unknown_chargers of ["accept", "pending"] as const) {
  Deno.test(`a charger that has not booted is shown while it is connected, and stored nowhere (${unknown_chargers})`, async () => {
    await using site = await startTestGateway({ settings: { unknown_chargers } });
    {
      await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
      await client.call("Heartbeat");
      const { body } = await site.rest("GET", "/ocpp/chargers/CP1/");
      assertEquals([body.connected, body.adopted, body.last_path], [true, false, "/CP1"]);
      assertEquals(await stored(site), []);
    }
    await eventually(
      async () => (await site.rest("GET", "/ocpp/chargers/CP1/")).status === 404,
      "it is forgotten with its connection",
    );
    assertEquals(await boot(site, "CP1"), unknown_chargers === "accept" ? "Accepted" : "Pending");
    assertEquals(await stored(site), ["CP1"]);
    assertEquals((await site.rest("GET", "/ocpp/chargers/CP1/")).body.vendor, "V");
  });
}

Deno.test("connectors that a charger reports before it boots are stored with its record", async () => {
  await using site = await startTestGateway();
  await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
  await client.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Available" });
  assertEquals(await stored(site), []);
  await client.call("BootNotification", BOOT);
  await client.call("StatusNotification", { connectorId: 2, errorCode: "NoError", status: "Charging" });
  const { connectors } = (await site.rest("GET", "/ocpp/chargers/CP1/")).body;
  assertEquals(connectors.map(({ status }: { status: string }) => status), ["Available", "Charging"]);
  assertEquals(await stored(site), ["CP1"]);
});

Deno.test("a session of a charger that never booted is stored with a record of the charger", async () => {
  await using site = await startTestGateway();
  {
    await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
    const timestamp = new Date().toISOString();
    const start = { connectorId: 1, idTag: "TAG", meterStart: 0, timestamp };
    assertEquals((await client.call("StartTransaction", start))[0], 3);
  }
  assertEquals(await stored(site), ["CP1"]);
});

Deno.test("an address may register so many chargers a minute; the others wait with Pending", async () => {
  await using site = await startTestGateway({ settings: { max_new_chargers_per_minute: 2 } });
  assertEquals(await boot(site, "CP1"), "Accepted");
  assertEquals(await boot(site, "CP2"), "Accepted");
  assertEquals(await boot(site, "CP3"), "Pending");
  assertEquals(await boot(site, "CP1"), "Accepted", "a known one is not counted");
  assertEquals(await stored(site), ["CP1", "CP2"]);
});

Deno.test("of too many chargers that nobody adopted the oldest goes, but none with a session, a key or a connection", async () => {
  let now = Date.parse("2026-06-01T00:00:00Z");
  await using site = await startTestGateway({
    settings: { max_unadopted_chargers: 3 },
    now: () => now += 1000,
  });
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "MADE" });
  await boot(site, "ADOPTED");
  await site.rest("PATCH", "/ocpp/chargers/ADOPTED/", { name: "Garage" });
  {
    await using client = await RawClient.connect(site.ws_url, { path: "/CHARGED" });
    await client.call("BootNotification", BOOT);
    const timestamp = new Date(now).toISOString();
    await client.call("StartTransaction", { connectorId: 1, idTag: "TAG", meterStart: 0, timestamp });
  }
  await using open = await RawClient.connect(site.ws_url, { path: "/OPEN" });
  await open.call("BootNotification", BOOT);
  assertEquals(await boot(site, "NEW1"), "Accepted");
  assertEquals(await boot(site, "NEW2"), "Accepted");
  assertEquals(await stored(site), ["ADOPTED", "CHARGED", "MADE", "NEW2", "OPEN"]);
  await using _new2 = await RawClient.connect(site.ws_url, { path: "/NEW2" });
  assertEquals(await boot(site, "NEW3"), "Pending", "none may go");
});

Deno.test("a connectorId has a bound: NumberOfConnectors where it is known, else 64", async () => {
  await using site = await startTestGateway();
  await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
  await client.call("BootNotification", BOOT);
  const status = (connectorId: number) =>
    client.call("StatusNotification", { connectorId, errorCode: "NoError", status: "Available" });
  const meter = (connectorId: number) =>
    client.call("MeterValues", {
      connectorId,
      meterValue: [{ timestamp: new Date().toISOString(), sampledValue: [{ value: "1" }] }],
    });
  const start = (connectorId: number) =>
    client.call("StartTransaction", {
      connectorId,
      idTag: "TAG",
      meterStart: 0,
      timestamp: new Date().toISOString(),
    });
  const outcome = async (asked: Promise<unknown[]>) => {
    const frame = await asked;
    return frame[0] === 3 ? "ok" : frame[2];
  };
  for (const report of [status, meter, start]) {
    assertEquals(await outcome(report(64)), "ok");
    assertEquals(await outcome(report(65)), "PropertyConstraintViolation");
    assertEquals(await outcome(report(1_000_000)), "PropertyConstraintViolation");
  }
  assertEquals(await outcome(status(0)), "ok");
  const asked = site.rest("POST", "/ocpp/chargers/CP1/action/", { action: "get_configuration" });
  const [, id] = await client.next();
  const configurationKey = [{ key: "NumberOfConnectors", readonly: true, value: "2" }];
  client.send([3, id, { configurationKey }]);
  await asked;
  assertEquals(await outcome(status(2)), "ok");
  assertEquals(await outcome(status(3)), "PropertyConstraintViolation");
  assertEquals(await outcome(status(64)), "ok", "known before");
});

Deno.test("a reader of events that does not read is dropped, with what waits for it", async () => {
  await using site = await startTestGateway();
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  using reader = await RawSocket.open(site.url);
  const login = `Authorization: ${AUTHORIZATION.authorization}`;
  await reader.write(`GET /ocpp/events/ HTTP/1.1\r\nHost: 127.0.0.1\r\n${login}\r\n\r\n`);
  await reader.read();
  const { events } = site.gateway.services;
  const event = { charger_id: "CP1", type: "x".repeat(40_000) };
  for (let n = 0; n < 500; n++) {
    events.emit("security", "CP1", () => event as never);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  assertEquals((await reader.drain()).length > 0, true, "the connection ends");
});

Deno.test("a charger's readings have a daily budget, with an alarm; its sessions are stored beyond it", async () => {
  await using site = await startTestGateway({
    settings: { max_reading_bytes_per_day: 10_000 },
    tuning: { sweep_ms: 20 },
  });
  await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
  await client.call("BootNotification", BOOT);
  const timestamp = () => new Date().toISOString();
  const flood = async () => {
    const sampledValue = [{ value: "x".repeat(3_000) }];
    const frame = await client.call("MeterValues", {
      connectorId: 1,
      meterValue: [{ timestamp: timestamp(), sampledValue }],
    });
    return frame[0];
  };
  const answers = [];
  for (let n = 0; n < 8; n++) answers.push(await flood());
  assertEquals([answers[0], answers.at(-1)], [3, 4]);
  const start = { connectorId: 1, idTag: "TAG", meterStart: 0, timestamp: timestamp() };
  const [kind, , { transactionId }] = await client.call("StartTransaction", start) as [
    number,
    string,
    { transactionId: number },
  ];
  assertEquals(kind, 3);
  const stop = { transactionId, meterStop: 100, timestamp: timestamp() };
  assertEquals((await client.call("StopTransaction", stop))[0], 3);
  await eventually(async () => {
    const { alarms } = (await site.rest("GET", "/ocpp/system/")).body;
    return alarms.some(({ kind }: { kind: string }) => kind === "readings");
  }, "the alarm is raised");
});

Deno.test("transactionData of StopTransaction counts in the budget of readings, and is left out beyond it; its energy counts", async () => {
  await using site = await startTestGateway({ settings: { max_reading_bytes_per_day: 10_000 } });
  await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
  await client.call("BootNotification", BOOT);
  const session = async () => {
    const timestamp = new Date().toISOString();
    const start = { connectorId: 1, idTag: "TAG", meterStart: 0, timestamp };
    const [, , { transactionId }] = await client.call("StartTransaction", start) as [
      number,
      string,
      { transactionId: number },
    ];
    const energy = { value: "700", context: "Transaction.End" };
    const note = { value: "x".repeat(3_000), measurand: "Voltage" };
    const transactionData = [{ timestamp, sampledValue: [energy, note] }];
    const stop = { transactionId, meterStop: 500, timestamp, transactionData };
    assertEquals((await client.call("StopTransaction", stop))[0], 3);
    const { body } = await site.rest("GET", `/ocpp/transactions/${transactionId}/`);
    const { readings } =
      (await site.rest("GET", `/ocpp/chargers/CP1/readings/?transaction_id=${transactionId}`))
        .body;
    return [body.state, body.energy_wh, readings.length];
  };
  const ended = [];
  for (let n = 0; n < 6; n++) ended.push(await session());
  assertEquals(ended[0], ["completed", 700, 2]);
  assertEquals(ended.at(-1), ["completed", 700, 0]);
  const timestamp = new Date().toISOString();
  const meterValue = [{ timestamp, sampledValue: [{ value: "1" }] }];
  assertEquals((await client.call("MeterValues", { connectorId: 1, meterValue }))[0], 4, "it is used up");
});

Deno.test("while the disk is almost full readings are refused and sessions are stored", async () => {
  await using site = await startTestGateway();
  site.gateway.services.store.readings.paused = true; // as the disk monitor sets it
  await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
  await client.call("BootNotification", BOOT);
  const timestamp = new Date().toISOString();
  const meterValue = [{ timestamp, sampledValue: [{ value: "1" }] }];
  assertEquals((await client.call("MeterValues", { connectorId: 1, meterValue }))[0], 4);
  const start = { connectorId: 1, idTag: "TAG", meterStart: 0, timestamp };
  assertEquals((await client.call("StartTransaction", start))[0], 3);
});
