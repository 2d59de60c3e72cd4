// The site's power: a mean of what was seen, kept over a restart.
import { assertEquals } from "@std/assert";
import { type SitePower } from "../../src/services/site_power.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { SIMULATOR_HEADER } from "../../src/site/simulated.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";

const T = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;

async function charging(site: TestGateway, path: string, headers = {}): Promise<RawClient> {
  const client = await RawClient.connect(site.ws_url, { path, headers });
  await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  const timestamp = new Date(T).toISOString();
  await client.call("StartTransaction", { connectorId: 1, idTag: "T", meterStart: 0, timestamp });
  return client;
}

async function draws(client: RawClient, watts: number, at: number): Promise<void> {
  const sampledValue = [{ value: String(watts), measurand: "Power.Active.Import" }];
  const timestamp = new Date(at).toISOString();
  await client.call("MeterValues", { connectorId: 1, meterValue: [{ timestamp, sampledValue }] });
}

function slotsOf({ gateway }: TestGateway): ReturnType<SitePower["slots"]> {
  return gateway.services.power.slots();
}

Deno.test("the site's power is the mean of what was seen in each quarter of an hour, simulators apart", async () => {
  let now = T;
  await using site = await startTestGateway({ now: () => now });
  const { power } = site.gateway.services;
  await using one = await charging(site, "CP1");
  await using two = await charging(site, "CP2");
  await using simulated = await charging(site, "SIM-1", { [SIMULATOR_HEADER]: "1" });
  await draws(one, 7000, now);
  await draws(two, 3000, now);
  await draws(simulated, 500, now);
  power.look();
  await draws(one, 9000, now += MINUTE);
  power.look();
  now = T + 15 * MINUTE;
  await draws(one, 9000, now); // figures of a minute's interval do not hold for fourteen
  power.look();
  const { body } = await site.rest("GET", "/ocpp/power/");
  assertEquals(body, {
    slot_s: 900,
    slots: [
      { at: new Date(T).toISOString(), power_w: 11_000, simulated_w: 500 },
      { at: new Date(now).toISOString(), power_w: 12_000, simulated_w: 500 },
    ],
  });
});

Deno.test("the site's power is there after a restart, and the quarter that was cut goes on", async () => {
  const data_dir = await Deno.makeTempDir();
  let now = T;
  const config = { data_dir, kv: `${data_dir}/gateway.db` };
  try {
    {
      await using site = await startTestGateway({ now: () => now, config });
      await using client = await charging(site, "CP1");
      await draws(client, 6000, now);
      site.gateway.services.power.look();
    }
    now += MINUTE;
    await using site = await startTestGateway({ now: () => now, config });
    await using client = await RawClient.connect(site.ws_url, { path: "CP1" });
    await draws(client, 9000, now);
    site.gateway.services.power.look();
    assertEquals(slotsOf(site), [{ at: new Date(T).toISOString(), power_w: 7500, simulated_w: 0 }]);
  } finally {
    await Deno.remove(data_dir, { recursive: true });
  }
});

Deno.test("the site's power of more than two days ago is forgotten", async () => {
  let now = T;
  await using site = await startTestGateway({ now: () => now });
  const { power } = site.gateway.services;
  power.look();
  now += 51 * 60 * MINUTE;
  power.look();
  now += 15 * MINUTE;
  power.look();
  assertEquals(
    slotsOf(site).map(({ at }) => at),
    [now - 15 * MINUTE, now].map((at) => new Date(at).toISOString()),
  );
});
