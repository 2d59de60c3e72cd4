// Charging sessions over real sockets.
import { assert, assertEquals } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";

const T0 = "2026-03-01T08:00:00.000Z";
const at = (minutes: number) => new Date(Date.parse(T0) + minutes * 60_000).toISOString();
const start = (more = {}) => ({ connectorId: 1, idTag: "TAG1", meterStart: 1000, timestamp: T0, ...more });
const stop = (transactionId: unknown, more = {}) => ({
  transactionId,
  meterStop: 13345,
  timestamp: at(60),
  ...more,
});

/** A gateway with a charger that has booted. */
async function siteWith(
  charger_id = "CP1",
): Promise<{ site: TestGateway; charger: RawClient } & AsyncDisposable> {
  const site = await startTestGateway();
  const charger = await boot(site, charger_id);
  const dispose = async () => {
    await charger.close();
    await site[Symbol.asyncDispose]();
  };
  return { site, charger, [Symbol.asyncDispose]: dispose };
}

async function boot(site: TestGateway, charger_id: string): Promise<RawClient> {
  const charger = await RawClient.connect(site.ws_url, { path: charger_id });
  const [, , answer] = await charger.call("BootNotification", {
    chargePointVendor: "V",
    chargePointModel: "M",
  });
  assertEquals(answer.status, "Accepted");
  return charger;
}

/** Sends a CALL and gives the payload of the CALLRESULT. */
// deno-lint-ignore no-explicit-any
async function call(charger: RawClient, action: string, payload: unknown): Promise<any> {
  const frame = await charger.call(action, payload);
  assertEquals(frame[0], 3, JSON.stringify(frame));
  return frame[2];
}

Deno.test("StartTransaction and StopTransaction make a session with its energy (E01)", async () => {
  await using it = await siteWith();
  const { idTagInfo, transactionId } = await call(it.charger, "StartTransaction", start());
  assertEquals(idTagInfo, { status: "Accepted" });
  const active = (await it.site.rest("GET", "/ocpp/chargers/CP1/")).body;
  assertEquals(active.transaction.transaction_id, transactionId);
  await call(it.charger, "StopTransaction", stop(transactionId));
  const { body } = await it.site.rest("GET", `/ocpp/transactions/${transactionId}/`);
  const { energy_wh, state, stop_reason, start_time, stop_time, flags, meter_start, meter_stop } = body;
  assertEquals({ energy_wh, state, stop_reason, start_time, stop_time, flags, meter_start, meter_stop }, {
    energy_wh: 12345,
    state: "completed",
    stop_reason: "Local",
    start_time: T0,
    stop_time: at(60),
    flags: [],
    meter_start: 1000,
    meter_stop: 13345,
  });
});

Deno.test("StartTransaction answers a repeated request with the same transactionId (X08, E31)", async () => {
  await using it = await siteWith();
  const first = await call(it.charger, "StartTransaction", start());
  assertEquals(await call(it.charger, "StartTransaction", start()), first);
  await call(it.charger, "StopTransaction", stop(first.transactionId));
  assertEquals(await call(it.charger, "StartTransaction", start()), first);
  await call(it.charger, "StopTransaction", stop(first.transactionId));
  const { body } = await it.site.rest("GET", "/ocpp/transactions/");
  assertEquals(body.transactions.map((tx) => tx.energy_wh), [12345]);
});

Deno.test("StopTransaction that differs from the first is a conflict; the first stands (E32)", async () => {
  await using it = await siteWith();
  const { transactionId } = await call(it.charger, "StartTransaction", start());
  await call(it.charger, "StopTransaction", stop(transactionId));
  await call(it.charger, "StopTransaction", stop(transactionId, { meterStop: 13400 }));
  const { body } = await it.site.rest("GET", `/ocpp/transactions/${transactionId}/`);
  assertEquals([body.energy_wh, body.flags], [12345, ["conflict"]]);
});

Deno.test("StopTransaction of an unknown id becomes an orphan and stops nothing (E37, E40, X10)", async () => {
  await using it = await siteWith();
  await call(it.charger, "StartTransaction", start());
  for (const id of [777, 2147483647]) assertEquals(await call(it.charger, "StopTransaction", stop(id)), {});
  await call(it.charger, "StopTransaction", stop(777));
  const { body } = await it.site.rest("GET", "/ocpp/transactions/?state=completed");
  assertEquals(body.transactions.length, 2);
  assert(
    body.transactions.every((tx: { energy_wh: null; flags: string[] }) =>
      tx.energy_wh === null && tx.flags.includes("orphan")
    ),
  );
  assertEquals((await it.site.rest("GET", "/ocpp/transactions/?state=active")).body.transactions.length, 1);
});

Deno.test("StopTransaction without an id ends the only session that runs, and says that it guessed (Q35)", async () => {
  await using it = await siteWith();
  const { transactionId } = await call(it.charger, "StartTransaction", start());
  await call(it.charger, "StopTransaction", stop(-1));
  const { body } = await it.site.rest("GET", `/ocpp/transactions/${transactionId}/`);
  assertEquals([body.state, body.energy_wh, body.flags], ["completed", 12345, ["guessed"]]);
});

Deno.test("StopTransaction and MeterValues with another charger's transaction leave it alone (A36, A37)", async () => {
  await using it = await siteWith();
  const other = await boot(it.site, "CP2");
  const { transactionId } = await call(it.charger, "StartTransaction", start());
  const sample = { timestamp: at(1), sampledValue: [{ value: "9000" }] };
  assertEquals(await call(other, "MeterValues", { connectorId: 1, transactionId, meterValue: [sample] }), {});
  assertEquals(await call(other, "StopTransaction", stop(transactionId)), {});
  const { body } = await it.site.rest("GET", `/ocpp/transactions/${transactionId}/`);
  assertEquals([body.state, body.energy_wh, body.readings.count], ["active", 0, 0]);
  await other.close();
});

Deno.test("Two connectors charge at once without touching each other (E44)", async () => {
  await using it = await siteWith();
  const one = await call(it.charger, "StartTransaction", start({ meterStart: 0 }));
  const two = await call(it.charger, "StartTransaction", start({ connectorId: 2, meterStart: 500 }));
  for (const [connectorId, value] of [[1, "100"], [2, "900"]]) {
    await call(it.charger, "MeterValues", {
      connectorId,
      meterValue: [{ timestamp: at(1), sampledValue: [{ value }] }],
    });
  }
  const { body } = await it.site.rest("GET", "/ocpp/transactions/");
  assertEquals(
    body.transactions.map((tx) => [tx.transaction_id, tx.energy_wh]),
    [
      [two.transactionId, 400],
      [one.transactionId, 100],
    ],
  );
});

Deno.test("A session that was offline keeps the charger's times (E34)", async () => {
  await using it = await siteWith();
  const { transactionId } = await call(it.charger, "StartTransaction", start({ meterStart: 2000 }));
  await call(it.charger, "StopTransaction", stop(transactionId, { meterStop: 9000 }));
  const { body } = await it.site.rest("GET", `/ocpp/transactions/${transactionId}/`);
  assertEquals([body.energy_wh, body.start_time, body.stop_time], [7000, T0, at(60)]);
  assert(Date.parse(body.start_received) > Date.parse(at(60)));
});

Deno.test("A StartTransaction at 1970 gets the time of receipt and a flag (E46)", async () => {
  await using it = await siteWith();
  const { transactionId } = await call(
    it.charger,
    "StartTransaction",
    start({ timestamp: "1970-01-01T00:00:00Z" }),
  );
  const { body } = await it.site.rest("GET", `/ocpp/transactions/${transactionId}/`);
  assertEquals(body.flags, ["clock"]);
  assertEquals(body.start_time, body.start_received);
});

Deno.test("A StartTransaction on a connector that still charges ends the forgotten session; a late stop puts it right", async () => {
  await using it = await siteWith();
  const one = await call(it.charger, "StartTransaction", start());
  const sample = { timestamp: at(1), sampledValue: [{ value: "4000" }] };
  await call(it.charger, "MeterValues", {
    connectorId: 1,
    transactionId: one.transactionId,
    meterValue: [sample],
  });
  await call(it.charger, "StartTransaction", start({ timestamp: at(10), meterStart: 5000 }));
  const forgotten = (await it.site.rest("GET", `/ocpp/transactions/${one.transactionId}/`)).body;
  assertEquals([forgotten.state, forgotten.energy_wh, forgotten.flags.includes("no-stop")], [
    "completed",
    3000,
    true,
  ]);
  await call(it.charger, "StopTransaction", stop(one.transactionId, { meterStop: 5000, timestamp: at(9) }));
  const settled = (await it.site.rest("GET", `/ocpp/transactions/${one.transactionId}/`)).body;
  assertEquals([settled.energy_wh, settled.flags], [4000, []]);
});

Deno.test("An operator closes a stuck session", async () => {
  await using it = await siteWith();
  const { transactionId } = await call(it.charger, "StartTransaction", start());
  const path = `/ocpp/transactions/${transactionId}/close/`;
  const { status, body } = await it.site.rest("POST", path, { reason: "The car left" });
  assertEquals([status, body.state, body.closed_by], [200, "completed", "The car left"]);
  assertEquals((await it.site.rest("POST", path)).status, 409);
});

Deno.test("Every sampled value is a reading, of StopTransaction too (X22)", async () => {
  await using it = await siteWith();
  const { transactionId } = await call(it.charger, "StartTransaction", start());
  const samples = Array.from({ length: 2000 }, (_, second) => ({
    timestamp: new Date(Date.parse(T0) + second * 1000).toISOString(),
    sampledValue: [{ value: String(1000 + second) }],
  }));
  await call(it.charger, "StopTransaction", stop(transactionId, { transactionData: samples }));
  const path = `/ocpp/chargers/CP1/readings/?transaction_id=${transactionId}&limit=1000`;
  const first = (await it.site.rest("GET", path)).body;
  const second = (await it.site.rest("GET", `${path}&cursor=${encodeURIComponent(first.next)}`)).body;
  assertEquals([first.readings.length, second.readings.length, second.next], [1000, 1000, null]);
  assertEquals(second.readings.at(-1).value, 2999);
});

Deno.test("Readings are found by measurand, time and connector, and as CSV", async () => {
  await using it = await siteWith();
  const sampledValue = [
    { value: "1500", unit: "Wh" },
    { value: "7.4", measurand: "Power.Active.Import", unit: "kW" },
    { value: "=1+1", format: "SignedData" },
  ];
  await call(it.charger, "MeterValues", { connectorId: 1, meterValue: [{ timestamp: T0, sampledValue }] });
  const { body } = await it.site.rest(
    "GET",
    `/ocpp/chargers/CP1/readings/?measurand=Power.Active.Import&from=${T0}`,
  );
  assertEquals(body.readings, [{
    at: T0,
    charger_id: "CP1",
    connector_id: 1,
    transaction_id: null,
    measurand: "Power.Active.Import",
    value: 7.4,
    unit: "kW",
    phase: null,
    context: "Sample.Periodic",
    location: "Outlet",
    format: "Raw",
  }]);
  const csv = (await it.site.rest("GET", "/ocpp/chargers/CP1/readings/?format=csv")).body as string;
  assertEquals(csv.trim().split("\r\n").length, 4);
  assert(csv.includes(",'=1+1,"), "a formula must not reach a spreadsheet");
});

Deno.test("last_meter_values is the payload as received", async () => {
  await using it = await siteWith();
  const payload = {
    connectorId: 1,
    meterValue: [{ timestamp: "2026-03-01T08:00:00Z", sampledValue: [{ value: "5", unit: "Celcius" }] }],
  };
  await call(it.charger, "MeterValues", payload);
  assertEquals((await it.site.rest("GET", "/ocpp/chargers/CP1/")).body.last_meter_values, payload);
});
