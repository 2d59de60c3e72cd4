// A viewer sees no tag's number: not in records, events, messages, CSV or reports.
import { assert, assertEquals } from "@std/assert";
import { ROUTES } from "../../src/http/routes.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { EventReader } from "../kit/event_reader.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { visit } from "../kit/visitor.ts";

const TAG = "04A1B2C3D4";
const PARENT = "0499887766";
const SHOWN = /04a1b2c3d4|0499887766/i;
const PASSWORD = "a viewer's password";
const VIEWER = `viewer:${PASSWORD}`;

/** A site with a tag that has done everything a tag can do. */
async function siteWithTag(): Promise<{ site: TestGateway; charger: RawClient }> {
  const site = await startTestGateway({ settings: { remember_unknown_tags: true } });
  await site.rest("POST", "/ocpp/users/", { name: "viewer", role: "viewer", password: PASSWORD });
  await site.rest("POST", "/ocpp/rfids/", { rfid: TAG, label: "Ana", parent_id_tag: PARENT });
  await site.rest("POST", "/ocpp/rfids/", { rfid: "0400000001", label: "Luis" });
  const charger = await RawClient.connect(site.ws_url, { path: "/CP1" });
  await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  await charger.call("Authorize", { idTag: TAG });
  await charger.call("StartTransaction", {
    connectorId: 1,
    idTag: TAG.toLowerCase(),
    meterStart: 0,
    timestamp: new Date().toISOString(),
  });
  await charger.call("DataTransfer", { vendorId: "V", data: JSON.stringify({ idTag: TAG }) });
  const expiryDate = "2099-01-01T00:00:00Z";
  const reserve = { connectorId: 2, expiryDate, idTag: TAG, parentIdTag: PARENT, reservationId: 7 };
  await command(site, charger, { action: "reserve_now", payload: reserve });
  const localAuthorizationList = [{ idTag: TAG, idTagInfo: { status: "Accepted", parentIdTag: PARENT } }];
  const list = { listVersion: 1, updateType: "Full", localAuthorizationList };
  await command(site, charger, { action: "send_local_list", payload: list });
  charger.sendText(`[2,"x","Authorize",{"idTag":"${TAG}"`); // not JSON
  await charger.call("Heartbeat");
  return { site, charger };
}

/** Sends a command, which the charger accepts. */
async function command(site: TestGateway, charger: RawClient, body: unknown): Promise<void> {
  const asked = site.rest("POST", "/ocpp/chargers/CP1/action/", body);
  let call = await charger.next();
  while (call[0] !== 2) call = await charger.next();
  charger.send([3, call[1], { status: "Accepted" }]);
  assertEquals((await asked).status, 200);
}

Deno.test("no route shows a tag's number to a viewer, and each that has tags shows them to an operator", async () => {
  const { site, charger } = await siteWithTag();
  await using _ = site;
  await using __ = charger;
  const paths = ROUTES.filter(({ method, role, path }) =>
    method === "GET" && role === "viewer" && path !== "/ocpp/events/"
  ).map(({ path }) => path.replace("{charger_id}", "CP1").replace("{transaction_id}", "1"));
  const csv = ["/ocpp/events/log/?format=csv", "/ocpp/rfids/?format=csv", "/ocpp/transactions/?format=csv"];
  const showing: string[] = [];
  for (const path of [...paths, ...csv]) {
    const { body } = await visit(site, `GET ${path}`, { basic: VIEWER });
    const text = JSON.stringify(body);
    assert(!SHOWN.test(text), `${path}: ${text}`);
    const admins = JSON.stringify((await site.rest("GET", path)).body);
    if (SHOWN.test(admins)) showing.push(path);
  }
  assertEquals(showing.sort(), [
    "/ocpp/chargers/",
    "/ocpp/chargers/CP1/",
    "/ocpp/chargers/CP1/local_list/",
    "/ocpp/chargers/CP1/reservations/",
    "/ocpp/events/log/",
    "/ocpp/events/log/?format=csv",
    "/ocpp/reservations/",
    "/ocpp/rfids/",
    "/ocpp/rfids/?format=csv",
    "/ocpp/transactions/",
    "/ocpp/transactions/1/",
    "/ocpp/transactions/?format=csv",
  ]);
});

Deno.test("a viewer's stream has no tag's number, in events and in messages", async () => {
  const { site, charger } = await siteWithTag();
  await using _ = site;
  await using __ = charger;
  const authorization = `Basic ${btoa(VIEWER)}`;
  await using viewer = await EventReader.open(site.url, "?messages=*", { authorization });
  await using admin = await EventReader.open(site.url, "?messages=*");
  await charger.call("Authorize", { idTag: TAG });
  await charger.call("StopTransaction", {
    transactionId: 1,
    idTag: TAG,
    meterStop: 10,
    timestamp: new Date().toISOString(),
  });
  await site.rest("PATCH", `/ocpp/rfids/${TAG}/`, { label: "Ana G." });
  await site.rest("DELETE", `/ocpp/rfids/${TAG}/`);
  for (const reader of [viewer, admin]) {
    await reader.next("rfid_deleted");
    await reader.events("message", 4);
  }
  assert(!SHOWN.test(viewer.text), viewer.text);
  assert(SHOWN.test(admin.text));
});

Deno.test("a viewer follows a card by its mask, in sessions and in the table, and cannot try numbers out", async () => {
  const { site, charger } = await siteWithTag();
  await using _ = site;
  await using __ = charger;
  const ask = async (path: string) => (await visit(site, `GET ${path}`, { basic: VIEWER }));
  const [first] = (await ask("/ocpp/rfids/?limit=1")).body.rfids;
  const { next } = (await ask("/ocpp/rfids/?limit=1")).body;
  const [second] = (await ask(`/ocpp/rfids/?limit=1&cursor=${encodeURIComponent(next)}`)).body.rfids;
  assertEquals([first.label, second.label], ["Luis", "Ana"]);
  assert(/^\*\*\*D4-\w{5}$/.test(second.rfid), second.rfid);
  const [session] = (await ask("/ocpp/transactions/")).body.transactions;
  assertEquals(session.id_tag.toUpperCase(), second.rfid.toUpperCase(), "one card, one mask");
  const mask = encodeURIComponent(second.rfid);
  assertEquals((await ask(`/ocpp/rfids/${mask}/`)).body.label, "Ana");
  assertEquals((await ask(`/ocpp/transactions/?id_tag=${mask}`)).body.transactions.length, 1);
  assertEquals((await ask(`/ocpp/rfids/${TAG}/`)).status, 404);
  assertEquals((await ask(`/ocpp/transactions/?id_tag=${TAG}`)).body.transactions, []);
});
