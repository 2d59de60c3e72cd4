// REST as the contract has it.
import { assert, assertEquals } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { EventReader } from "../kit/event_reader.ts";
import { Site } from "../kit/site.ts";
import { startTestGateway } from "../kit/gateway.ts";
import { visit } from "../kit/visitor.ts";

Deno.test("Chargers are created, listed, changed and forgotten", async () => {
  await using site = await startTestGateway();
  const made = await site.rest("POST", "/ocpp/chargers/", {
    charger_id: "CP1",
    name: "Door",
    latitude: 25.6,
    config: { a: 1 },
  });
  assertEquals([made.status, made.body.name, made.body.has_password], [201, "Door", false]);
  assertEquals((await site.rest("POST", "/ocpp/chargers", { charger_id: "CP1" })).status, 409);
  const changed = await site.rest("PATCH", "/ocpp/chargers/CP1", {
    require_rfid: true,
    password: "a secret password",
  });
  assertEquals([changed.body.require_rfid, changed.body.has_password], [true, true]);
  assert(!JSON.stringify(changed.body).includes("a secret password"));
  const { body } = await site.rest("GET", "/ocpp/chargers/");
  assertEquals([body.chargers.length, body.next, body.chargers[0]?.charger_id], [1, null, "CP1"]);
  assertEquals((await site.rest("DELETE", "/ocpp/chargers/CP1/")).status, 204);
  assertEquals((await site.rest("GET", "/ocpp/chargers/CP1/")).status, 404);
});

Deno.test("A charger in a session is deleted by force only; the session ends with its energy and a flag", async () => {
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  await using charger = await site.charger({ record: { require_rfid: false } });
  const { transactionId } = await charger.start("TAG");
  await charger.call("MeterValues", {
    connectorId: 1,
    transactionId,
    meterValue: [{ timestamp: new Date().toISOString(), sampledValue: [{ value: "1500" }] }],
  });
  const refused = await gateway.rest("DELETE", charger.path);
  assertEquals([refused.status, refused.body.code], [409, "state_forbids"]);
  assertEquals((await site.transaction(transactionId)).state, "active");
  assertEquals((await gateway.rest("DELETE", `${charger.path}?force=true`)).status, 204);
  const { state, energy_wh, flags } = await site.transaction(transactionId);
  assertEquals([state, energy_wh, flags], ["completed", 500, ["no-meter-stop", "charger-deleted"]]);
});

Deno.test("A charger has all fields of the contract", async () => {
  await using site = await startTestGateway();
  const { body } = await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  const fields =
    "charger_id name connected connected_since last_seen last_path remote_address vendor model serial_number " +
    "firmware_version registration require_rfid config latitude longitude last_heartbeat last_meter_values connectors " +
    "transaction landing_url has_password";
  for (const field of fields.split(" ")) assert(field in body, field);
  assertEquals(body.landing_url, `${site.url}/ocpp/c/CP1/`);
});

Deno.test("Lists come in pages", async () => {
  await using site = await startTestGateway();
  for (const charger_id of ["A", "B", "C"]) await site.rest("POST", "/ocpp/chargers/", { charger_id });
  const first = (await site.rest("GET", "/ocpp/chargers/?limit=2")).body;
  assertEquals(first.chargers.map((charger: { charger_id: string }) => charger.charger_id), ["A", "B"]);
  const second = (await site.rest("GET", `/ocpp/chargers/?limit=2&cursor=${first.next}`)).body;
  assertEquals([second.chargers.length, second.next], [1, null]);
});

Deno.test("Bad input gets 4xx naming the field, and changes nothing", async () => {
  await using site = await startTestGateway();
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  const before = (await site.rest("GET", "/ocpp/chargers/CP1/")).body;
  const cases: [string, string, unknown, number, string][] = [
    ["POST", "/ocpp/chargers/", {}, 400, "charger_id"],
    ["POST", "/ocpp/chargers/", { charger_id: "a/b" }, 400, "charger_id"],
    ["POST", "/ocpp/chargers/", { charger_id: ".." }, 400, "charger_id"],
    ["PATCH", "/ocpp/chargers/CP1/", { latitude: 91 }, 400, "latitude"],
    ["PATCH", "/ocpp/chargers/CP1/", { name: 5 }, 400, "name"],
    ["PATCH", "/ocpp/chargers/CP1/", { name: "x", vendor: "y" }, 400, "vendor"],
    ["PATCH", "/ocpp/chargers/CP1/", { config: [] }, 400, "config"],
    ["PATCH", "/ocpp/settings/", { heartbeat_interval: 0 }, 400, "heartbeat_interval"],
    ["POST", "/ocpp/rfids/", { rfid: "x".repeat(21) }, 400, "rfid"],
    ["POST", "/ocpp/rfids/", { rfid: "A", expires_at: "soon" }, 400, "expires_at"],
    ["GET", "/ocpp/chargers/?limit=0", undefined, 400, "limit"],
    ["GET", "/ocpp/chargers/CP1/readings/?from=yesterday", undefined, 400, "from"],
    ["GET", "/ocpp/transactions/?state=odd", undefined, 400, "state"],
    ["GET", "/ocpp/transactions/abc/", undefined, 404, "abc"],
    ["GET", "/ocpp/nothing/", undefined, 404, "nothing"],
  ];
  for (const [method, path, body, status, field] of cases) {
    const answer = await site.rest(method, path, body);
    assertEquals(answer.status, status, `${method} ${path}`);
    assert(answer.body.error.includes(field), answer.body.error);
  }
  assertEquals((await site.rest("PATCH", "/ocpp/chargers/CP1/", "{")).status, 415);
  assertEquals((await site.rest("GET", "/ocpp/chargers/CP1/")).body, before);
});

Deno.test("A body that is too big gets 413", async () => {
  await using site = await startTestGateway();
  assertEquals(
    (await site.rest("POST", "/ocpp/chargers/", { charger_id: "x", name: "y".repeat(2_000_000) })).status,
    413,
  );
});

Deno.test("The RFID table goes out and comes in as CSV", async () => {
  await using site = await startTestGateway();
  await site.rest("POST", "/ocpp/rfids/", { rfid: "AB12", label: '=cmd|"x"' });
  assertEquals((await site.rest("POST", "/ocpp/rfids/", { rfid: "ab12" })).status, 409);
  const csv = (await site.rest("GET", "/ocpp/rfids/?format=csv")).body as string;
  assert(csv.includes('AB12,true,"\'=cmd|""x""",,,,'), csv);
  const load = (text: string) => send(site.url, text);
  assertEquals(await load("rfid,allowed,label\r\nab12,false,Ana\r\nC0FFEE,true,Bo\r\n"), [200, {
    created: 1,
    changed: 1,
    unchanged: 0,
    remarks: [],
  }]);
  const { body } = await site.rest("GET", "/ocpp/rfids/aB12/");
  assertEquals([body.rfid, body.allowed, body.label], ["AB12", false, "Ana"]);
  const [status, answer] = await load("rfid,allowed\nD1,true\nD2,perhaps\n");
  assertEquals([status, answer.error], [400, "Line 3: allowed must be true or false"]);
  assertEquals((await site.rest("GET", "/ocpp/rfids/D1/")).status, 404);
});

// deno-lint-ignore no-explicit-any
async function send(url: string, body: string): Promise<[number, any]> {
  const headers = {
    authorization: `Basic ${btoa("admin:correct horse battery")}`,
    "content-type": "text/csv",
  };
  const response = await fetch(`${url}/ocpp/rfids/`, { method: "POST", headers, body });
  return [response.status, await response.json()];
}

Deno.test("require_rfid lets in only tags that are in the table, allowed and not expired (TC_023)", async () => {
  await using site = await startTestGateway();
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1", require_rfid: true });
  await site.rest("POST", "/ocpp/rfids/", { rfid: "GOOD", parent_id_tag: "FAMILY" });
  await site.rest("POST", "/ocpp/rfids/", { rfid: "BLOCKED", allowed: false });
  await site.rest("POST", "/ocpp/rfids/", { rfid: "OLD", expires_at: "2020-01-01T00:00:00Z" });
  const charger = await RawClient.connect(site.ws_url, { path: "CP1" });
  const statusOf = async (idTag: string) => (await charger.call("Authorize", { idTag }))[2].idTagInfo;
  assertEquals(await statusOf("good"), { status: "Accepted", parentIdTag: "FAMILY" });
  assertEquals((await statusOf("BLOCKED")).status, "Blocked");
  assertEquals((await statusOf("OLD")).status, "Expired");
  assertEquals((await statusOf("' OR 1=1")).status, "Invalid");
  await charger.close();
});

Deno.test("Events tell what changes as it changes", async () => {
  await using site = await startTestGateway();
  await using events = await EventReader.open(site.url);
  const charger = await RawClient.connect(site.ws_url, { path: "CP1" });
  await charger.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Charging" });
  assertEquals((await events.next("charger")).charger_id, "CP1");
  const { charger_id, status } = await events.next("connector");
  assertEquals([charger_id, status], ["CP1", "Charging"]);
  await charger.close();
});

Deno.test("A gateway that stops ends the streams of events at once", async () => {
  const site = await startTestGateway();
  const headers = { authorization: `Basic ${btoa("admin:correct horse battery")}` };
  const response = await fetch(`${site.url}/ocpp/events/`, { headers });
  await Promise.all([site.gateway.stop(), response.text()]);
});

Deno.test("/openapi.json describes every action with its schema", async () => {
  await using site = await startTestGateway();
  const document = await (await fetch(`${site.url}/openapi.json`)).json();
  assertEquals(document.openapi, "3.1.0");
  assert("/ocpp/chargers/{charger_id}/action/" in document.paths);
  assertEquals(document.components.schemas.ResetRequest.properties.type.enum, ["Hard", "Soft"]);
  for (const path of ["/ocpp/rfids/", "/ocpp/transactions/{transaction_id}/close/"]) {
    assert(path in document.paths, path);
  }
});

Deno.test("/openapi.json says which role each request needs", async () => {
  await using site = await startTestGateway();
  const { paths } = await (await fetch(`${site.url}/openapi.json`)).json();
  const roleOf = (method: string, path: string) => paths[path][method]["x-role"];
  assertEquals(roleOf("get", "/ocpp/chargers/{charger_id}/"), "viewer");
  assertEquals(roleOf("post", "/ocpp/chargers/{charger_id}/action/"), "operator");
  assertEquals(roleOf("patch", "/ocpp/rfids/{rfid}/"), "operator");
  assertEquals(roleOf("patch", "/ocpp/settings/"), "admin");
  assertEquals(roleOf("get", "/healthz"), undefined);
});

Deno.test("/openapi.json has for each operation its role, what it answers, and its errors by code", async () => {
  await using site = await startTestGateway();
  const document = await (await fetch(`${site.url}/openapi.json`)).json();
  const { schemas } = document.components;
  let operations = 0;
  // deno-lint-ignore no-explicit-any
  for (const [path, methods] of Object.entries<any>(document.paths)) {
    // deno-lint-ignore no-explicit-any
    for (const [method, { responses, security }] of Object.entries<any>(methods)) {
      operations++;
      const success = Object.keys(responses).find((status) => status < "300")!;
      assert(success === "204" || responses[success].content, `${method} ${path}`);
      assert(responses[500].description.includes("internal"), `${method} ${path}`);
      assertEquals("401" in responses, security.length > 0 || path === "/login", `${method} ${path}`);
    }
  }
  assert(operations > 100, String(operations));
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    assert(name! in schemas, name);
  }
  assertEquals(schemas.Charger.properties.transaction.anyOf[0].$ref, "#/components/schemas/Transaction");
  assert(schemas.Error.properties.code.anyOf[0].enum.includes("role_required"));
});

Deno.test("A method that a path does not have answers 405 with Allow, to strangers 401", async () => {
  await using site = await startTestGateway();
  const { status, headers, body } = await site.rest("DELETE", "/ocpp/settings/");
  assertEquals([status, headers.get("allow"), body.code], [405, "GET, HEAD, PATCH", "method_not_allowed"]);
  assertEquals((await site.rest("PUT", "/ocpp/commissioning/steps/")).status, 405);
  assertEquals((await visit(site, "DELETE /ocpp/settings/")).status, 401);
  assertEquals((await visit(site, "GET /login")).headers.get("allow"), "POST");
});

Deno.test("Errors carry a code for programs and what their sentence is about", async () => {
  await using site = await startTestGateway();
  const wrong = await site.rest("PATCH", "/ocpp/settings/", { latitude: 91 });
  assertEquals([wrong.body.code, wrong.body.values], ["invalid_field", { field: "latitude" }]);
  const unknown = await site.rest("GET", "/ocpp/rfids/ABC/");
  assertEquals(unknown.body, {
    error: "There is no tag ABC",
    code: "not_found",
    values: { kind: "tag", id: "ABC" },
  });
});

Deno.test("A command with a mask in a secret's place is not sent", async () => {
  await using site = await startTestGateway();
  const charger = await RawClient.connect(site.ws_url, { path: "CP1" });
  const command = (action: string, payload: Record<string, unknown>) =>
    site.rest("POST", "/ocpp/chargers/CP1/action/", { action, payload });
  const refused = await command("change_configuration", { key: "AuthorizationKey", value: "***" });
  assertEquals([refused.status, refused.body.error], [
    400,
    "payload contains ***, the mask of a secret: send the secret itself",
  ]);
  assertEquals((await command("get_diagnostics", { location: "ftp://***@host/x" })).status, 400);
  const bulk = await site.rest("POST", "/ocpp/chargers/CP1/configuration/", { values: { VendorKey: "***" } });
  assertEquals([bulk.body.equal, bulk.body.results], [["VendorKey"], []]);
  const sent = command("change_configuration", { key: "Greeting", value: "***" });
  charger.send([3, (await charger.next())[1], { status: "Accepted" }]);
  assertEquals((await sent).status, 200);
  await charger.close();
});

Deno.test("The message log holds what went by, secrets masked, and what was no JSON marked", async () => {
  await using site = await startTestGateway();
  const charger = await RawClient.connect(site.ws_url, { path: "CP1" });
  charger.sendText("garbage");
  await charger.call("Heartbeat");
  const key = "0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF";
  const payload = { key: "AuthorizationKey", value: key };
  const asked = site.rest("POST", "/ocpp/chargers/CP1/action/", { action: "change_configuration", payload });
  charger.send([3, (await charger.next())[1], { status: "Accepted" }]);
  await asked;
  const { log } = (await site.rest("GET", "/ocpp/chargers/CP1/")).body;
  assertEquals(log[0].text, "garbage");
  assertEquals(log[1].message[2], "Heartbeat");
  assertEquals([log[1].direction, log[2].direction, log[3].message[3].value], ["in", "out", "***"]);
  assert(!JSON.stringify(log).includes(key));
  await charger.close();
});
