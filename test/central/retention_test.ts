// Old readings go in the background, and their room goes back to the card.
import { assert, assertEquals } from "@std/assert";
import { Housekeeping } from "../../src/services/housekeeping.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { startTestGateway } from "../kit/gateway.ts";
import { CHUNK_BYTES, OLD_CHUNKS, startWithOldReadings } from "../kit/old_readings.ts";

const DAY = 86_400_000;

async function sample(client: RawClient, value: string, at: number): Promise<void> {
  const timestamp = new Date(at).toISOString();
  const meterValue = [{ timestamp, sampledValue: [{ value }] }];
  assertEquals((await client.call("MeterValues", { connectorId: 1, meterValue }))[0], 3);
}

Deno.test("readings beyond the retention go in the background, their room goes back to the card, and chargers are answered meanwhile", async () => {
  await using site = await startWithOldReadings();
  const { store, maintenance } = site.gateway.services;
  await using client = await RawClient.connect(site.ws_url, { path: "CP1" });
  await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  await sample(client, "1", Date.now() - 400 * DAY);
  await sample(client, "2", Date.now() - 300 * DAY);
  await store.readings.compact();
  await maintenance.backups!.compact();
  const full = (await Deno.stat(site.file)).size;
  assert(full > OLD_CHUNKS * CHUNK_BYTES);

  const watch = new Housekeeping({ ...site.gateway.services, retain_ms: 20 });
  watch.start();
  const readings = async () =>
    // deno-lint-ignore no-explicit-any
    (await site.rest("GET", "/ocpp/chargers/CP1/readings/")).body.readings.map(({ value }: any) => value);
  let heartbeats = 0;
  while ((await readings()).length > 1 || await site.left() > 0) {
    assertEquals((await client.call("Heartbeat"))[0], 3);
    heartbeats++;
  }
  await watch.stop();
  let compacting = true;
  const compacted = maintenance.backups!.compact().finally(() => compacting = false);
  for (; compacting; heartbeats++) assertEquals((await client.call("Heartbeat"))[0], 3);
  await compacted;
  assertEquals(await readings(), [2]);
  assert(
    (await Deno.stat(site.file)).size < full / 10,
    `${(await Deno.stat(site.file)).size} of ${full} bytes`,
  );
  assert(heartbeats > 10);
});

Deno.test("nothing goes while the clock is not settled", async () => {
  await using folder = await tempFolder();
  const config = { data_dir: folder.path, kv: `${folder.path}/gateway.db` };
  let wall = Date.now();
  await using site = await startTestGateway({ config, now: () => wall, settings: { retention_days: 365 } });
  const { store, maintenance } = site.gateway.services;
  await using client = await RawClient.connect(site.ws_url, { path: "CP1" });
  await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  await sample(client, "1", Date.now() - DAY);
  await store.readings.compact();
  wall += 800 * DAY; // nobody has confirmed that
  maintenance.clock_monitor.check();
  assert(!maintenance.clock.settled);
  const watch = new Housekeeping({ ...site.gateway.services, retain_ms: 20 });
  watch.start();
  const kept = async () => (await store.readings.query({ charger_id: "CP1" })).readings.length;
  for (let count = 0; count < 20; count++) await site.rest("GET", "/healthz");
  assertEquals(await kept(), 1);
  maintenance.clock_monitor.set(wall); // the operator has
  while (await kept() > 0) await site.rest("GET", "/healthz");
  await watch.stop();
});

async function tempFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
