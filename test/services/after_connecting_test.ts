// Chargers that connect and never boot, and the alarm on missing keys.
import { assertEquals } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";

const BOOT = { chargePointVendor: "V", chargePointModel: "M" };

async function alarms(site: TestGateway): Promise<Record<string, string>> {
  const { body } = await site.rest("GET", "/ocpp/system/");
  return Object.fromEntries(
    body.alarms.map(({ kind, text }: { kind: string; text: string }) => [kind, text]),
  );
}

Deno.test("a charger that connects and does not boot is asked to, and then for its connectors", async () => {
  await using site = await startTestGateway({ tuning: { boot_grace_ms: 20 } });
  await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
  const [, boot, action, asked] = await client.next();
  assertEquals([action, asked], ["TriggerMessage", { requestedMessage: "BootNotification" }]);
  client.send([3, boot, { status: "Accepted" }]);
  await client.call("BootNotification", BOOT);
  const [, status, , next] = await client.next();
  assertEquals(next, { requestedMessage: "StatusNotification" });
  client.send([3, status, { status: "Accepted" }]);
  assertEquals((await site.rest("GET", "/ocpp/chargers/CP1/")).body.vendor, "V");
});

Deno.test("a charger whose record has a boot is not asked when it reconnects", async () => {
  await using site = await startTestGateway({ tuning: { boot_grace_ms: 0 } });
  {
    await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
    await client.next(); // asked before it could boot
    await client.call("BootNotification", BOOT);
  }
  await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
  for (let n = 0; n < 5; n++) await client.call("Heartbeat");
  assertEquals(client.waiting, 0);
});

Deno.test("three reconnects without a boot are an alarm, which ends with the boot", async () => {
  await using site = await startTestGateway();
  for (let n = 0; n < 3; n++) {
    await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
    await client.call("Heartbeat");
  }
  assertEquals(Object.keys(await alarms(site)), []);
  await using client = await RawClient.connect(site.ws_url, { path: "/CP1" });
  await client.call("Heartbeat");
  assertEquals(await alarms(site), {
    no_boot: "Connects again and again, but sends no BootNotification: CP1",
  });
  await client.call("BootNotification", BOOT);
  assertEquals(await alarms(site), {});
});

Deno.test("an alarm says how many chargers have no password", async () => {
  await using site = await startTestGateway({ tuning: { sweep_ms: 20 } });
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP2", password: "0123456789abcdef" });
  const text = "1 charger has no password: whoever knows the id can connect in its place";
  await eventually(async () => (await alarms(site)).no_keys === text, "it is raised");
  await site.rest("PATCH", "/ocpp/chargers/CP1/", { password: "0123456789abcdef" });
  await eventually(async () => (await alarms(site)).no_keys === undefined, "it is cleared");
});
