// Records of chargers: the most that a stranger can make the gateway keep.
import { assertEquals } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { eventually } from "../kit/eventually.ts";

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
