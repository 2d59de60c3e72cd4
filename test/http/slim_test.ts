// ?fields=slim: chargers without what a list or a map has no use for, in REST and in the stream of events.
import { assert, assertEquals } from "@std/assert";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { HEAVY } from "../../src/site/charger_view.ts";
import { EventReader } from "../kit/event_reader.ts";
import { startTestGateway } from "../kit/gateway.ts";

/** Eight values, as chargers send them. */
const SAMPLED = ["Current.Import", "Voltage", "Power.Active.Import"].flatMap((measurand) =>
  ["L1", "L2", "L3"].map((phase) => ({
    value: "230.0",
    context: "Sample.Periodic",
    format: "Raw",
    measurand,
    phase,
    location: "Outlet",
  }))
).slice(0, 8);

function without(charger: Record<string, unknown>): Record<string, unknown> {
  const heavy: readonly string[] = HEAVY;
  return Object.fromEntries(Object.entries(charger).filter(([name]) => !heavy.includes(name)));
}

Deno.test("GET /ocpp/chargers/?fields=slim has each charger without its heavy fields, in half the bytes", async () => {
  await using site = await startTestGateway();
  await using charger = await RawClient.connect(site.ws_url, { path: "CP1" });
  await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  await charger.call("StatusNotification", { connectorId: 1, errorCode: "NoError", status: "Preparing" });
  const timestamp = new Date().toISOString();
  await charger.call("MeterValues", { connectorId: 1, meterValue: [{ timestamp, sampledValue: SAMPLED }] });
  const whole = (await site.rest("GET", "/ocpp/chargers/")).body.chargers[0]!;
  const { body } = await site.rest("GET", "/ocpp/chargers/?fields=slim");
  assertEquals<unknown>(body, { chargers: [without(whole)], next: null });
  assertEquals([whole.last_meter_values !== null, body.chargers[0]!.connectors.length], [true, 1]);
  assert(JSON.stringify(body.chargers[0]).length < JSON.stringify(whole).length / 2);
  assertEquals((await site.rest("GET", "/ocpp/chargers/?fields=other")).status, 400);
});

Deno.test("GET /ocpp/events/?fields=slim tells of chargers without their heavy fields", async () => {
  await using site = await startTestGateway();
  await using whole = await EventReader.open(site.url);
  await using slim = await EventReader.open(site.url, "?fields=slim");
  await using charger = await RawClient.connect(site.ws_url, { path: "CP1" });
  await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  const [heard, all] = [await slim.events("charger", 2), await whole.events("charger", 2)];
  assertEquals<unknown>(heard, all.map(without));
  assertEquals("quirks" in all.at(-1)!, true);
});

Deno.test("GET /ocpp/chargers/{charger_id}/?log=false is without the messages", async () => {
  await using site = await startTestGateway();
  await using charger = await RawClient.connect(site.ws_url, { path: "CP1" });
  await charger.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  const { log: none, ...charger_of } = (await site.rest("GET", "/ocpp/chargers/CP1/?log=false")).body;
  const { log, ...same } = (await site.rest("GET", "/ocpp/chargers/CP1/")).body;
  assertEquals([none, log.length > 0], [[], true]);
  assertEquals(charger_of.quirks, same.quirks);
});
