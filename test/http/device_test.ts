// A charger is renamed, or replaced by another device: what it was stays, and the old id or device does not come in.
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { startTestGateway } from "../kit/gateway.ts";
import { type Json, Site } from "../kit/site.ts";
import { WireCharger } from "../kit/wire_charger.ts";

const refusedWith = async (connecting: Promise<unknown>): Promise<unknown> =>
  (await assertRejects(() => connecting) as { status?: number }).status;

/** Plays a charger with one ended session. */
async function usedCharger(site: Site, record: Json = {}): Promise<WireCharger> {
  const charger_id = record.charger_id ?? site.freshId();
  const charger = await site.charger({ charger_id, record: { require_rfid: false, ...record } });
  await charger.boot({ chargePointSerialNumber: "S1" });
  await charger.stop(await charger.charge("TAG"));
  return charger;
}

Deno.test("rename: the device connects under the new identity; sessions, name and label stay", async () => {
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  await using before = await usedCharger(site, { charger_id: "OLD", name: "Door" });
  const { charger_id } = before;
  const view = await site.ask("POST", `${before.path}rename/`, { identity: "NEW" });
  assertEquals([view.charger_id, view.identity, view.name], [charger_id, "NEW", "Door"]);
  assertEquals(view.former.map(({ identity, end }: Json) => [identity, end]), [[charger_id, "renamed"]]);
  await using after = await WireCharger.connect(site, { charger_id: "NEW" });
  await after.boot({ chargePointSerialNumber: "S1" });
  await after.stop(await after.charge("TAG"));
  for (const id of [charger_id, "NEW", "new"]) {
    assertEquals((await site.transactionsOf(id)).length, 2, id);
    assertEquals(
      (await site.get(`/ocpp/chargers/${id}/`)).landing_url,
      `${gateway.url}/ocpp/c/${charger_id}/`,
    );
  }
  assertEquals((await site.get("/ocpp/chargers/")).chargers.length, 1);
  for (const id of [charger_id, "NEW"]) {
    const page = await fetch(`${gateway.url}/ocpp/c/${id}/`);
    assertMatch(await page.text(), /Door/);
  }
});

Deno.test("rename: whoever comes under the former id is refused with the new one, and is not adopted by mistake", async () => {
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  await using charger = await usedCharger(site);
  const { charger_id } = charger;
  await site.ask("POST", `${charger.path}rename/`, { identity: "NEW" });
  assertEquals(await refusedWith(WireCharger.connect(site, { charger_id })), 403);
  const { knocks } = await site.get("/ocpp/waiting/?state=refused");
  assertEquals(knocks[0].reason, "This id is a former one: the charger connects as NEW");
  const adopting = await site.rest("POST", `/ocpp/waiting/${knocks[0].knock_id}/`, { action: "reject" });
  assertEquals([adopting.status, adopting.body.code], [409, "state_forbids"]);
  assertEquals((await charger.view()).registration, "Accepted");
  const again = await site.ask("POST", `${charger.path}rename/`, { identity: charger_id });
  assertEquals(again.identity, charger_id);
  await using back = await WireCharger.connect(site, { charger_id });
  await back.boot();
});

Deno.test("rename: another charger's id is refused; a record that the device itself made under it is taken over", async () => {
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  await using charger = await usedCharger(site);
  await site.ask("POST", "/ocpp/chargers/", { charger_id: "OTHER" });
  const taken = await site.rest("POST", `${charger.path}rename/`, { identity: "other" });
  assertEquals([taken.status, taken.body.code], [409, "exists"]);
  assertEquals((await site.rest("POST", `${charger.path}rename/`, { identity: "a/b" })).status, 400);
  await using early = await WireCharger.connect(site, { charger_id: "NEW" });
  await early.boot();
  await site.ask("POST", `${charger.path}rename/`, { identity: "NEW" });
  assertEquals((await site.get("/ocpp/chargers/NEW/")).charger_id, charger.charger_id);
  assertEquals((await site.rest("POST", "/ocpp/chargers/", { charger_id: "NEW" })).status, 409);
});

Deno.test("rename and replace are refused while the charger is connected in a session", async () => {
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  await using charger = await site.charger({ record: { require_rfid: false } });
  const transaction_id = await charger.charge("TAG");
  for (const [what, body] of [["rename", { identity: "NEW" }], ["replace", {}]] as const) {
    const { status, body: { code } } = await site.rest("POST", `${charger.path}${what}/`, body);
    assertEquals([status, code], [409, "state_forbids"], what);
  }
  assertEquals((await site.transaction(transaction_id)).state, "active");
});

Deno.test("a renamed charger's key holds under the new identity", async () => {
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  const password = "0123456789abcdef";
  await site.ask("POST", "/ocpp/chargers/", { charger_id: "CP1", password });
  await site.ask("POST", "/ocpp/chargers/CP1/rename/", { identity: "NEW" });
  const as = (user: string) => ({
    charger_id: "NEW",
    headers: { authorization: `Basic ${btoa(`${user}:${password}`)}` },
  });
  assertEquals(await refusedWith(WireCharger.connect(site, { charger_id: "NEW" })), 401);
  await using charger = await WireCharger.connect(site, as("NEW"));
  await charger.boot();
});

Deno.test("replace: place, name and history stay; keys, reports and configuration of the old device go", async () => {
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  const password = "0123456789abcdef";
  const headers = { authorization: `Basic ${btoa(`CP1:${password}`)}` };
  const record = { name: "Door", latitude: 40, max_current_a: 16, password, quirks: { register_factor: 2 } };
  await using old = await site.charger({
    charger_id: "CP1",
    record: { require_rfid: false, ...record },
    headers,
  });
  await old.boot({ chargePointSerialNumber: "S1" });
  await old.status(1, "Available");
  await old.stop(await old.charge("TAG"));
  const missing = await site.rest("POST", `${old.path}replace/`, {});
  assertEquals([missing.status, missing.body.values?.field], [400, "password"]);
  const view = await site.ask("POST", `${old.path}replace/`, { password: "another password 1" });
  assertEquals(
    [
      view.name,
      view.latitude,
      view.max_current_a,
      view.serial_number,
      view.connectors,
      view.quirks.register_factor,
    ],
    ["Door", 40, 16, null, [], 1],
  );
  assertEquals([view.former[0].serial_number, view.former[0].end], ["S1", "replaced"]);
  assertEquals((await site.transactionsOf("CP1")).length, 1);
  assertEquals(await refusedWith(WireCharger.connect(site, { charger_id: "CP1", headers })), 401);
});

Deno.test("replace: the old device is rejected by its serial number under the same id, and charges nobody", async () => {
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  await using old = await usedCharger(site);
  await site.ask("POST", `${old.path}replace/`, {});
  await using again = await old.again();
  assertEquals((await again.boot({ chargePointSerialNumber: "S1" })).status, "Rejected");
  assertEquals(
    await again.refused("StartTransaction", {
      connectorId: 1,
      idTag: "TAG",
      meterStart: 0,
      timestamp: new Date().toISOString(),
    }),
    "SecurityError",
  );
  assertEquals((await old.view()).serial_number, null);
  await using fresh = await old.again();
  assertEquals((await fresh.boot({ chargePointSerialNumber: "S2" })).status, "Accepted");
  await fresh.stop(await fresh.charge("TAG"));
  assertEquals((await old.view()).serial_number, "S2");
  assertEquals((await site.transactionsOf(old.charger_id)).length, 2);
});

Deno.test("replace: the session of a device that died ends with its energy and a flag", async () => {
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  const charger = await site.charger({ record: { require_rfid: false } });
  const transactionId = await charger.charge("TAG");
  await charger.meter(1500, { transactionId });
  await charger.wire.close();
  for (let view = await charger.view(); view.connected;) view = await charger.view();
  await site.ask("POST", `${charger.path}replace/`, { identity: "NEW" });
  const { state, energy_wh, closed_by, flags } = await site.transaction(transactionId);
  assertEquals([state, energy_wh, closed_by], ["completed", 500, "charger-replaced"]);
  assertEquals(flags.includes("charger-replaced"), true);
});
