// GET /ocpp/events/log/: what happened is kept, in bounds, and found.
import { assert, assertEquals } from "@std/assert";
import { start as startProgram } from "../e2e/process.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { cases, type GatewayAccess, type Json, Site, time } from "../kit/site.ts";
import { WireCharger } from "../kit/wire_charger.ts";

/** Returns the entries of a query, newest first. */
async function entriesOf(site: GatewayAccess | Site, query = ""): Promise<Json[]> {
  const { status, body } = await site.rest("GET", `/ocpp/events/log/?limit=1000&${query}`);
  assertEquals(status, 200, JSON.stringify(body));
  return body.entries;
}

/** Returns the first entry of a query that `matches`, once there is one. */
function entry(site: GatewayAccess | Site, query: string, matches: (one: Json) => boolean = () => true) {
  return eventually(async () => (await entriesOf(site, query)).find(matches));
}

cases("the event log has what happened to a charger", { settings: { unknown_chargers: "reject" } }, (it) => {
  it("connected, boot and disconnected", async (site) => {
    const charger = await site.charger();
    await entry(site, `charger_id=${charger.charger_id}&kind=connected`);
    const boot = await entry(site, `charger_id=${charger.charger_id}&kind=boot`);
    assertEquals(boot.values, { vendor: "Vendor", model: "Model", firmware_version: null });
    await charger[Symbol.asyncDispose]();
    const gone = await entry(site, `charger_id=${charger.charger_id}&kind=disconnected`);
    assertEquals([gone.severity, typeof gone.values.code], ["warning", "number"]);
  });
  it("found by part of the charger's name, and by an id in any spelling", async (site) => {
    await using charger = await site.charger();
    const { charger_id } = charger;
    await site.ask("PATCH", `/ocpp/chargers/${charger_id}/`, { name: `Patio of ${charger_id}` });
    await entry(site, `charger=patio%20of%20${charger_id}&kind=connected`);
    for (const query of [`charger=PATIO%20OF%20${charger_id}`, `charger_id=${charger_id.toLowerCase()}`]) {
      const found = await entriesOf(site, query);
      assert(found.length > 0, query);
      assertEquals([...new Set(found.map((one) => one.charger_id))], [charger_id], query);
    }
    assertEquals(await entriesOf(site, "charger=patio%20of%20nowhere"), []);
  });
  it("in groups of kinds", async (site) => {
    await using charger = await site.charger();
    await charger.call("Authorize", { idTag: "NOSUCHTAG" });
    const query = `charger_id=${charger.charger_id}`;
    await entry(site, `${query}&group=sessions`);
    const kinds = async (group: string) =>
      new Set((await entriesOf(site, `${query}&group=${group}`)).map(({ kind }) => kind));
    assertEquals(await kinds("sessions"), new Set(["card_refused"]));
    assertEquals(await kinds("chargers"), new Set(["connected", "boot"]));
    assertEquals(await kinds("gateway"), new Set());
    assertEquals(await entriesOf(site, `${query}&group=gateway&kind=boot`), []);
  });
  it("a new firmware version, with the old one", async (site) => {
    await using charger = await site.charger();
    await charger.boot({ firmwareVersion: "1.0" });
    await charger.boot({ firmwareVersion: "2.0" });
    const changed = await entry(
      site,
      `charger_id=${charger.charger_id}&kind=identity`,
      ({ values }) => values.firmware_version === "2.0",
    );
    assertEquals(changed.values, { firmware_version: "2.0", firmware_version_before: "1.0" });
  });
  it("a fault and its end, once each", async (site) => {
    await using charger = await site.charger();
    const report = (status: string, errorCode: string) =>
      charger.call("StatusNotification", { connectorId: 1, status, errorCode, timestamp: time() });
    await report("Faulted", "GroundFailure");
    await report("Faulted", "GroundFailure");
    await report("Available", "NoError");
    const query = `charger_id=${charger.charger_id}`;
    const ended = await entry(site, `${query}&kind=fault_ended`);
    assertEquals([ended.connector_id, ended.values.error_code], [1, "GroundFailure"]);
    const faults = await entriesOf(site, `${query}&kind=fault`);
    assertEquals(faults.map(({ severity, values }) => [severity, values]), [["error", {
      error_code: "GroundFailure",
    }]]);
  });
  it("a refused card, masked for viewers", async (site) => {
    await using charger = await site.charger();
    await charger.call("Authorize", { idTag: "NOSUCHTAG" });
    const refused = await entry(site, `charger_id=${charger.charger_id}&kind=card_refused`);
    assertEquals(refused.values, { id_tag: "NOSUCHTAG", status: "Invalid" });
  });
  it("a refused charger, with the address", async (site) => {
    const error = await RawClient.connect(site.ws_url, { path: "UNKNOWN" }).catch((error) => error);
    assert(error instanceof Error);
    const refused = await entry(site, "kind=charger_refused");
    assertEquals(refused.values, { status: 404, address: "127.0.0.1" });
    assertEquals(refused.charger_id, null);
  });
  it("a session's start and end, by its id", async (site) => {
    await using charger = await site.charger({ record: { require_rfid: false } });
    const { transactionId } = await charger.start("TAG");
    await charger.call("StopTransaction", { transactionId, meterStop: 5000, timestamp: time() });
    const ended = await entry(site, `charger_id=${charger.charger_id}&kind=session_ended`);
    assertEquals([ended.values.transaction_id, ended.values.energy_wh], [transactionId, 4000]);
    const started = await entry(site, `charger_id=${charger.charger_id}&kind=session_started`);
    assertEquals(started.values, { transaction_id: transactionId });
  });
  it("a command with who and the answer, or the reason why there is none", async (site) => {
    const charger = await site.charger();
    const asked = site.command(charger.charger_id, "reset");
    charger.answer(await charger.next("Reset"), { status: "Rejected" });
    assertEquals((await asked).status, 200);
    const query = `charger_id=${charger.charger_id}&kind=command`;
    const [command] = await entriesOf(site, query);
    assertEquals([command!.user, command!.values], ["admin", { action: "reset", status: "Rejected" }]);
    await charger[Symbol.asyncDispose]();
    await eventually(async () => !(await charger.view()).connected);
    assertEquals((await site.command(charger.charger_id, "reset")).status, 409);
    const [failed] = await entriesOf(site, query);
    assertEquals([failed!.severity, failed!.values], ["warning", {
      action: "reset",
      error: "state_forbids",
    }]);
    assertEquals((await site.command(charger.charger_id, "reset", { type: "Wrong" })).status, 400);
    assertEquals((await entriesOf(site, query)).length, 2);
  });
  it("progress of firmware updates", async (site) => {
    await using charger = await site.charger();
    await charger.call("FirmwareStatusNotification", { status: "Downloading" });
    await charger.call("FirmwareStatusNotification", { status: "DownloadFailed" });
    await entry(site, `kind=firmware&severity=warning`, ({ values }) => values.status === "DownloadFailed");
  });
  it("a change with its author, but a command only once", async (site) => {
    await site.ask("PATCH", "/ocpp/settings/", { name: "Depot" });
    const change = await entry(site, "kind=change", ({ values }) => values.object === "setting");
    assertEquals([change.user, change.values.action], ["admin", "change"]);
    const changes = await entriesOf(site, "kind=change");
    assert(!changes.some(({ values }) => values.action === "reset"));
  });
});

Deno.test("the event log has the gateway's start, its alarms, clock steps and backups", async () => {
  const data_dir = await Deno.makeTempDir();
  {
    await using gateway = await startTestGateway({ config: { data_dir, kv: `${data_dir}/kv.db` } });
    const { alarms, clock_monitor } = gateway.gateway.services.maintenance;
    alarms.raise("test", { en: "A test", es: "Una prueba" }, true);
    alarms.clear("test");
    clock_monitor.set(Date.now() + 3_600_000);
    assertEquals((await gateway.rest("POST", "/ocpp/backups/")).status, 201);
    const alarm = await entry(gateway, "kind=alarm&severity=error");
    assertEquals(alarm.values, { alarm: "test" });
    await entry(gateway, "kind=alarm_ended");
    const step = await entry(gateway, "kind=clock_stepped");
    assert(Math.abs(step.values.by_s - 3600) < 5, JSON.stringify(step));
    const backup = await entry(gateway, "kind=backup");
    assertEquals([backup.values.damaged, typeof backup.values.name], [false, "string"]);
    await entry(gateway, "kind=gateway_started");
  }
  await using again = await startTestGateway({ config: { data_dir, kv: `${data_dir}/kv.db` } });
  await entry(again, "kind=gateway_stopped");
  assertEquals((await entriesOf(again, "kind=gateway_started")).length, 2);
});

Deno.test("a stop of the gateway is one entry, whatever the number of its chargers", async () => {
  const data_dir = await Deno.makeTempDir();
  const first = await startTestGateway({ config: { data_dir, kv: `${data_dir}/kv.db` } });
  const site = new Site(first);
  const chargers = await Promise.all([site.charger(), site.charger(), site.charger()]);
  await first.gateway.stop();
  for (const charger of chargers) await charger[Symbol.asyncDispose]();
  await using again = await startTestGateway({ config: { data_dir, kv: `${data_dir}/kv.db` } });
  assertEquals((await entriesOf(again, "kind=disconnected")).length, 0);
  assertEquals((await entriesOf(again, "kind=connected")).length, 3);
});

/** Fills the log with entries of two chargers, far apart in number. */
function fill({ gateway }: TestGateway, count: number): void {
  const { activity } = gateway.services.store;
  for (let n = 0; n < count; n++) {
    const rare = n % 500 === 0;
    activity.add({
      at: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString(),
      kind: rare ? "fault" : "session_started",
      severity: rare ? "error" : "info",
      charger_id: rare ? "RARE" : "USUAL",
      connector_id: 1,
      user: null,
      values: { n },
      count: 1,
      until: null,
    });
  }
}

Deno.test("the event log is paged and filtered the same over new entries and blocks of old ones", async () => {
  await using gateway = await startTestGateway();
  fill(gateway, 2_000);
  const { activity } = gateway.gateway.services.store;
  await eventually(() => activity.blocks === 15);
  const found: number[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const query: string = cursor ? `&cursor=${cursor}` : "";
    const { body }: { body: Json } = await gateway.rest(
      "GET",
      `/ocpp/events/log/?kind=session_started&limit=300${query}`,
    );
    found.push(...body.entries.map(({ values }: Json) => values.n));
    cursor = body.next;
  }
  const wanted = Array.from({ length: 2_000 }, (_, n) => 1_999 - n).filter((n) => n % 500 !== 0);
  assertEquals(found, wanted);
  for (const query of ["charger_id=RARE", "kind=fault", "group=chargers", "severity=error&to=2027-01"]) {
    const rare = (await entriesOf(gateway, query)).filter(({ kind }) => kind === "fault");
    assertEquals(rare.map(({ values }) => values.n), [1500, 1000, 500, 0], query);
  }
  const span = await entriesOf(gateway, "from=2026-01-01T01:00:00Z&to=2026-01-01T01:03:00Z");
  assertEquals(span.map(({ values }) => values.n), [62, 61, 60]);
  assertEquals((await gateway.rest("GET", "/ocpp/events/log/?kind=nonsense")).status, 400);
  const csv = await gateway.rest("GET", "/ocpp/events/log/?charger_id=RARE&format=csv");
  assertEquals(String(csv.body).trim().split("\r\n").length, 5);
});

Deno.test("the event log keeps as many entries as the setting says, and none that are too old", async () => {
  const settings = { event_entries: 300, event_days: 36_500 };
  await using gateway = await startTestGateway({ settings, tuning: { sweep_ms: 20 } });
  fill(gateway, 3_000);
  const left = await eventually(async () => {
    const entries = await entriesOf(gateway);
    return entries.length <= 300 && entries;
  });
  assert(left.length > 100, String(left.length));
  assert(left.some(({ values }) => values.n === 2_999));
  await gateway.rest("PATCH", "/ocpp/settings/", { event_days: 1 });
  fill(gateway, 300);
  await eventually(async () => (await entriesOf(gateway, "kind=session_started")).length < 200);
});

Deno.test("a flapping charger fills a few entries, with the count of the others", async () => {
  await using gateway = await startTestGateway();
  const site = new Site(gateway);
  await site.ask("POST", "/ocpp/chargers/", { charger_id: "FLAP" });
  for (let n = 0; n < 30; n++) {
    const charger = await WireCharger.connect(site, { charger_id: "FLAP" });
    await charger.call("Heartbeat");
    await charger[Symbol.asyncDispose]();
    await eventually(async () => !(await charger.view()).connected);
  }
  const connected = await eventually(async () => {
    const entries = await entriesOf(gateway, "charger_id=FLAP&kind=connected");
    return entries.reduce((sum, { count }) => sum + count, 0) === 30 && entries;
  });
  assertEquals(connected.map(({ count }) => count), [26, 1, 1, 1, 1]);
  assert(connected[0]!.until > connected[0]!.at);
});

Deno.test("strangers cannot fill the event log", async () => {
  await using gateway = await startTestGateway({ settings: { unknown_chargers: "accept" } });
  for (let n = 0; n < 100; n++) {
    const client = await RawClient.connect(gateway.ws_url, { path: `STRANGER${n}` });
    await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
    await client.close();
  }
  await eventually(async () => {
    const entries = await entriesOf(gateway, "kind=boot");
    return entries.reduce((sum, { count }) => sum + count, 0) === 100;
  });
  const { length } = await entriesOf(gateway);
  assert(length < 80, String(length));
});

Deno.test("a viewer sees the event log with masked tags, without users, changes and logins", async () => {
  await using gateway = await startTestGateway();
  await gateway.rest("POST", "/ocpp/users/", { name: "eva", role: "viewer", password: "a long password 1" });
  await using charger = await new Site(gateway).charger();
  await charger.call("Authorize", { idTag: "NOSUCHTAG" });
  await entry(gateway, "kind=card_refused");
  const asViewer = async (query: string) => {
    const headers = { authorization: `Basic ${btoa("eva:a long password 1")}` };
    const answer = await fetch(`${gateway.url}/ocpp/events/log/${query}`, { headers });
    assertEquals(answer.status, 200);
    return await answer.text();
  };
  const text = await asViewer("");
  assert(text.includes("card_refused") && !text.includes("NOSUCHTAG") && !text.includes('"change"'), text);
  assert(!(await asViewer("?format=csv")).includes("NOSUCHTAG"));
  const open = await fetch(`${gateway.url}/ocpp/events/log/`);
  assertEquals(open.status, 401);
  await open.body?.cancel();
});

Deno.test("the entry of an answered command survives kill -9", async () => {
  const data_dir = await Deno.makeTempDir();
  const program = await startProgram(data_dir, ["--commit-window", "60000"]);
  const charger = await new Site(program).charger();
  const asked = program.rest("POST", `/ocpp/chargers/${charger.charger_id}/action/`, {
    action: "clear_cache",
  });
  charger.answer(await charger.next("ClearCache"), { status: "Accepted" });
  assertEquals((await asked).status, 200);
  await program.stop("SIGKILL");
  await using again = await startProgram(data_dir);
  const [command] = await entriesOf(again, "kind=command");
  assertEquals(command!.values, { action: "clear_cache", status: "Accepted" });
  await charger[Symbol.asyncDispose]().catch(() => {});
  await Deno.remove(data_dir, { recursive: true }).catch(() => {});
});
