// Commands to chargers, and chargers that misbehave on the wire.
import { assert, assertEquals } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { startTestGateway } from "../kit/gateway.ts";

const BOOT = { chargePointVendor: "V", chargePointModel: "M" };
const connect = (url: string, path: string) => RawClient.connect(url, { path });

Deno.test("A command is sent to the charger, and its answer is in the response", async () => {
  await using site = await startTestGateway();
  const charger = await connect(site.ws_url, "CP1");
  const asked = site.rest("POST", "/ocpp/chargers/CP1/action/", { action: "reset" });
  const [type, id, action, payload] = await charger.next();
  assertEquals([type, action, payload], [2, "Reset", { type: "Soft" }]);
  charger.send([3, id, { status: "Rejected" }]);
  const { status, body } = await asked;
  assertEquals([status, body], [200, {
    action: "reset",
    message_id: id,
    status: "Rejected",
    response: { status: "Rejected" },
  }]);
  await charger.close();
});

Deno.test("remote_stop alone stops the session that runs", async () => {
  await using site = await startTestGateway();
  const charger = await connect(site.ws_url, "CP1");
  await charger.call("BootNotification", BOOT);
  assertEquals(
    (await site.rest("POST", "/ocpp/chargers/CP1/action/", { action: "remote_stop" })).status,
    409,
  );
  const [, , { transactionId }] = await charger.call("StartTransaction", {
    connectorId: 1,
    idTag: "T",
    meterStart: 0,
    timestamp: new Date().toISOString(),
  });
  const asked = site.rest("POST", "/ocpp/chargers/CP1/action/", { action: "remote_stop" });
  const [, id, action, payload] = await charger.next();
  assertEquals([action, payload], ["RemoteStopTransaction", { transactionId }]);
  charger.send([3, id, { status: "Accepted" }]);
  assertEquals((await asked).body.status, "Accepted");
  await charger.close();
});

Deno.test("Commands go one at a time, in order; another charger is served meanwhile (X03)", async () => {
  await using site = await startTestGateway();
  const charger = await connect(site.ws_url, "CP1");
  const other = await connect(site.ws_url, "CP2");
  const asked: Promise<unknown>[] = [];
  const path = "/ocpp/chargers/CP1/action/";
  for (
    const [action, expected] of [["clear_cache", "ClearCache"], ["reset", "Reset"], [
      "get_configuration",
      "GetConfiguration",
    ]]
  ) {
    asked.push(site.rest("POST", path, { action }));
    if (asked.length > 1) continue;
    const [, id, name] = await charger.next();
    assertEquals(name, expected);
    queueMicrotask(() => charger.send([3, id, { status: "Accepted" }]));
  }
  assertEquals((await other.call("Heartbeat"))[0], 3);
  const names: string[] = [];
  for (let count = 0; count < 2; count++) {
    const [, id, name] = await charger.next();
    assertEquals(charger.waiting, 0, "the next command must wait");
    names.push(name);
    charger.send([3, id, name === "Reset" ? { status: "Accepted" } : {}]);
  }
  assertEquals(names, ["Reset", "GetConfiguration"]);
  await Promise.all(asked);
  await Promise.all([charger.close(), other.close()]);
});

Deno.test("A command to a charger that is unknown, offline, silent, gone or wrong gets 404, 409, 504, 409, 502", async () => {
  await using site = await startTestGateway({ settings: { call_timeout: 1 } });
  const send = (id: string) => site.rest("POST", `/ocpp/chargers/${id}/action/`, { action: "clear_cache" });
  assertEquals((await send("NONE")).status, 404);
  await site.rest("POST", "/ocpp/chargers/", { charger_id: "CP1" });
  const charger = await connect(site.ws_url, "CP1");
  const silent = await send("CP1");
  assertEquals([silent.status, silent.body.error], [504, "No answer to ClearCache within 1 s"]);
  await charger.next();
  const failing = send("CP1");
  charger.send([4, (await charger.next())[1], "NotSupported", "no cache", {}]);
  assertEquals((await failing).status, 502);
  assertEquals((await failing).body.code, "NotSupported");
  const nonsense = send("CP1");
  charger.send([3, (await charger.next())[1], { status: "Foo" }]);
  assertEquals([(await nonsense).status, (await nonsense).body.details], [502, { status: "Foo" }]);
  const gone = send("CP1");
  await charger.next();
  await charger.close();
  assertEquals((await gone).status, 409);
  assertEquals((await send("CP1")).status, 409);
});

Deno.test("A command with bad input gets 400 naming the field, and nothing is sent (X24)", async () => {
  await using site = await startTestGateway();
  const charger = await connect(site.ws_url, "CP1");
  const path = "/ocpp/chargers/CP1/action/";
  const cases: [unknown, string][] = [
    [{ action: "nope" }, "action"],
    [{ action: "__proto__" }, "action"],
    [{ action: "reset", payload: { type: "Warm" } }, "type"],
    [{ action: "remote_start", payload: { idTag: "x".repeat(21) } }, "idTag"],
    [{ action: "unlock_connector", payload: { connectorId: 0 } }, "connectorId"],
    [{ action: "unlock_connector", payload: { connectorId: 1, extra: 1 } }, "extra"],
    [{ action: "change_configuration", payload: { key: "K" } }, "value"],
    [{ payload: {} }, "action"],
  ];
  for (const [body, field] of cases) {
    const answer = await site.rest("POST", path, body);
    assertEquals(answer.status, 400, JSON.stringify(answer.body));
    assert(answer.body.error.includes(field), answer.body.error);
  }
  assertEquals((await charger.call("Heartbeat"))[0], 3);
  assertEquals(charger.waiting, 0);
  await charger.close();
});

Deno.test("What is no OCPP gets no answer, and the next good CALL does (A01, A08, A09)", async () => {
  await using site = await startTestGateway();
  const charger = await connect(site.ws_url, "CP1");
  for (const text of ["garbage", "{}", "[]", "[2]", "", "null", '[9,"a","Heartbeat",{}]', '[3,"zz",{}]']) {
    charger.sendText(text);
  }
  assertEquals((await charger.call("Heartbeat", {}, "good"))[1], "good");
  await charger.close();
});

Deno.test("Unknown actions are NotImplemented, actions of ours NotSupported (A04, A05)", async () => {
  await using site = await startTestGateway();
  const charger = await connect(site.ws_url, "CP1");
  for (const action of ["Nope", "__proto__", "constructor", "toString", "", "heartbeat"]) {
    assertEquals((await charger.call(action, {})).slice(0, 3).toSpliced(1, 1), [4, "NotImplemented"], action);
  }
  assertEquals((await charger.call("Reset", { type: "Hard" }))[2], "NotSupported");
  await charger.close();
});

Deno.test("Ten thousand Heartbeats are all answered in order, and another charger is served (A19)", async () => {
  await using site = await startTestGateway();
  const charger = await connect(site.ws_url, "CP1");
  const other = await connect(site.ws_url, "CP2");
  for (let id = 0; id < 10_000; id++) charger.sendText(`[2,"${id}","Heartbeat",{}]`);
  assertEquals((await other.call("Heartbeat"))[0], 3);
  for (let id = 0; id < 10_000; id++) assertEquals((await charger.next())[1], String(id));
  await Promise.all([charger.close(), other.close()]);
});

Deno.test("A message that is too big closes the socket with 1009 and holds the address off (A14)", async () => {
  await using site = await startTestGateway({ settings: { max_message_bytes: 2000 } });
  const charger = await connect(site.ws_url, "CP1");
  charger.send([2, "1", "DataTransfer", { vendorId: "V", data: "x".repeat(3000) }]);
  assertEquals((await charger.closed).code, 1009);
  assertEquals(
    await connect(site.ws_url, "CP1").then(() => "in", (error) => error.status ?? String(error)),
    429,
  );
});

Deno.test("A binary frame closes the socket with 1003 (A15)", async () => {
  await using site = await startTestGateway();
  const charger = await connect(site.ws_url, "CP1");
  charger.sendBinary(new TextEncoder().encode('[2,"1","Heartbeat",{}]'));
  assertEquals((await charger.closed).code, 1003);
});

Deno.test("The newest socket of a charger wins, and the old one's end leaves it alone (A17, Q31)", async () => {
  await using site = await startTestGateway();
  const old = await connect(site.ws_url, "CP1");
  const young = await connect(site.ws_url, "CP1");
  await old.closed;
  assertEquals((await young.call("Heartbeat"))[0], 3);
  assertEquals((await site.rest("GET", "/ocpp/chargers/CP1/")).body.connected, true);
  await young.close();
});

Deno.test("A pending charger may only boot until it is accepted (X01, X25)", async () => {
  await using site = await startTestGateway({ settings: { unknown_chargers: "pending" } });
  const charger = await connect(site.ws_url, "CP1");
  assertEquals((await charger.call("Heartbeat"))[2], "SecurityError");
  assertEquals((await charger.call("BootNotification", BOOT))[2].status, "Pending");
  const start = { action: "remote_start", payload: { idTag: "T" } };
  assertEquals((await site.rest("POST", "/ocpp/chargers/CP1/action/", start)).status, 409);
  await site.rest("PATCH", "/ocpp/chargers/CP1/", { registration: "Accepted" });
  assertEquals((await charger.call("BootNotification", BOOT))[2].status, "Accepted");
  assertEquals((await charger.call("Heartbeat"))[0], 3);
  await charger.close();
});

Deno.test("StatusNotification keeps state, error and since of each connector", async () => {
  await using site = await startTestGateway();
  const charger = await connect(site.ws_url, "CP1");
  const at = new Date(Date.now() - 1000).toISOString();
  await charger.call("StatusNotification", { connectorId: 0, errorCode: "NoError", status: "Available" });
  const faulted = {
    connectorId: 1,
    errorCode: "GroundFailure",
    status: "Faulted",
    info: "<b>",
    vendorErrorCode: "E7",
    timestamp: at,
  };
  assertEquals((await charger.call("StatusNotification", faulted))[2], {});
  const { connectors } = (await site.rest("GET", "/ocpp/chargers/CP1/")).body;
  assertEquals(connectors.length, 2);
  assertEquals(connectors[1], {
    connector_id: 1,
    status: "Faulted",
    error_code: "GroundFailure",
    info: "<b>",
    vendor_error_code: "E7",
    since: at,
    transaction_id: null,
    power_w: null,
    energy_wh: null,
    current_limit_a: null,
  });
  await charger.close();
});

Deno.test("The message that a trigger brings about is shown with the answer", async () => {
  await using site = await startTestGateway();
  const charger = await connect(site.ws_url, "CP1");
  const payload = { requestedMessage: "StatusNotification", connectorId: 2 };
  const asked = site.rest("POST", "/ocpp/chargers/CP1/action/", { action: "trigger_message", payload });
  charger.send([3, (await charger.next())[1], { status: "Accepted" }]);
  const status = { connectorId: 2, errorCode: "NoError", status: "Available" };
  await charger.call("StatusNotification", { ...status, connectorId: 1 });
  await charger.call("StatusNotification", status);
  assertEquals((await asked).body.followed_by, { action: "StatusNotification", payload: status });
  await charger.close();
});
