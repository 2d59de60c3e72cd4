// A connector's live figures end: no charger draws power that has gone.
import { assertEquals } from "@std/assert";
import { connectorViews } from "../../src/site/charger_state.ts";
import { TestCharger } from "../kit/charger.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway } from "../kit/gateway.ts";

async function draws(charger: TestCharger, value: number, transactionId?: number): Promise<void> {
  charger.clock += 60_000;
  await charger.call("MeterValues", {
    connectorId: 1,
    ...(transactionId === undefined ? {} : { transactionId }),
    meterValue: [{
      timestamp: new Date(charger.clock).toISOString(),
      sampledValue: [{ value: String(value), measurand: "Power.Active.Import" }],
    }],
  });
}

function power(charger: TestCharger): number | null | undefined {
  const { state, store } = charger.context;
  return connectorViews(charger.record, state, store).find(({ connector_id }) => connector_id === 1)?.power_w;
}

async function charging(): Promise<[charger: TestCharger, id: number]> {
  const charger = await TestCharger.make();
  await charger.status("Charging");
  const id = await charger.start();
  await draws(charger, 7000, id);
  await draws(charger, 7200, id);
  assertEquals(power(charger), 7200);
  return [charger, id];
}

Deno.test("a connector's power ends with its session, and late samples do not bring it back", async () => {
  const [charger, id] = await charging();
  await using _ = charger;
  const timestamp = new Date(charger.clock).toISOString();
  await charger.call("StopTransaction", { transactionId: id, meterStop: 5000, timestamp });
  assertEquals(power(charger), null);
  await draws(charger, 7300, id);
  assertEquals(power(charger), null);
  const next = await charger.start();
  assertEquals(power(charger), null);
  await draws(charger, 3000, next);
  await draws(charger, 7300, id);
  assertEquals(power(charger), 3000);
});

Deno.test("a connector's power ends with a status without flow, and a newer sample shows again", async () => {
  const [charger, id] = await charging();
  await using _ = charger;
  await charger.status("SuspendedEV");
  assertEquals(power(charger), null);
  await draws(charger, 400, id);
  assertEquals(power(charger), 400);
});

Deno.test("a connector's power ends after three sample intervals", async () => {
  const [charger] = await charging();
  await using _ = charger;
  charger.clock += 180_000;
  assertEquals(power(charger), 7200);
  charger.clock += 1;
  assertEquals(power(charger), null);
});

Deno.test("samples that were queued and come at once are no interval", async () => {
  const [charger, id] = await charging();
  await using _ = charger;
  for (const value of [7000, 7100]) {
    charger.clock -= 59_999;
    await draws(charger, value, id);
  }
  charger.clock += 120_000;
  assertEquals(power(charger), 7100);
});

Deno.test("a charger that has gone draws nothing: REST, /metrics and the site's power agree", async () => {
  await using site = await startTestGateway();
  const client = await RawClient.connect(site.ws_url, { path: "CP1" });
  await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  await client.call("StatusNotification", { connectorId: 1, status: "Charging", errorCode: "NoError" });
  const timestamp = new Date().toISOString();
  await client.call("StartTransaction", { connectorId: 1, idTag: "T", meterStart: 0, timestamp });
  const sampledValue = [{ value: "6593034", measurand: "Power.Active.Import" }];
  await client.call("MeterValues", { connectorId: 1, meterValue: [{ timestamp, sampledValue }] });
  const seen = async () => {
    const { body } = await site.rest("GET", "/ocpp/chargers/CP1/");
    const metrics = String((await site.rest("GET", "/metrics")).body);
    const metric = /^ocpp_connector_power_watts\{.*CP1.*\} (\d+)$/m.exec(metrics)?.[1];
    return [body.connectors[0]?.power_w, Number(metric ?? 0)];
  };
  assertEquals(await seen(), [6_593_034, 6_593_034]);
  await client[Symbol.asyncDispose]();
  await eventually(async () => (await site.rest("GET", "/ocpp/chargers/CP1/")).body.connected === false);
  assertEquals(await seen(), [null, 0]);
});
