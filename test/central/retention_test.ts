// Old readings go in the background, and their room goes back to the card.
import { assert, assertEquals } from "@std/assert";
import process from "node:process";
import { Housekeeping } from "../../src/services/housekeeping.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { keysOf } from "../../src/store/tables.ts";
import { startTestGateway } from "../kit/gateway.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CHUNKS = 1500;
const CHUNK_BYTES = 12_000;

/** A gateway with 18 MB of chunks that are older than a year, and with readings of real messages on both sides. */
async function fullSite() {
  const data_dir = await Deno.makeTempDir();
  const config = { data_dir, kv: `${data_dir}/gateway.db` };
  const site = await startTestGateway({ config, settings: { retention_days: 365 } });
  const { store } = site.gateway.services;
  const { chunk } = keysOf(store.site.site_id);
  const old = Math.floor((Date.now() - 500 * DAY) / HOUR);
  const value = crypto.getRandomValues(new Uint8Array(CHUNK_BYTES));
  for (let index = 0; index < CHUNKS; index += 30) {
    const keys = Array.from({ length: 30 }, (_, more) => [...chunk, "OLD", old + index + more, 1, 0]);
    await store.commits.put(keys.map((key) => ({ key, value })));
  }
  return {
    ...site,
    store,
    file: config.kv,
    async [Symbol.asyncDispose](): Promise<void> {
      await site[Symbol.asyncDispose]();
      await Deno.remove(data_dir, { recursive: true });
    },
  };
}

async function sample(client: RawClient, value: string, at: number): Promise<void> {
  const timestamp = new Date(at).toISOString();
  const meterValue = [{ timestamp, sampledValue: [{ value }] }];
  assertEquals((await client.call("MeterValues", { connectorId: 1, meterValue }))[0], 3);
}

/** Watches the event loop: the longest time that it was held up by work, in ms. What others on the machine take is left out. */
function watchLoop(): () => number {
  let longest = 0;
  let before = { at: performance.now(), cpu: process.cpuUsage() };
  const look = () => {
    const at = performance.now();
    const { user, system } = process.cpuUsage(before.cpu);
    longest = Math.max(longest, Math.min(at - before.at, (user + system) / 1000));
    before = { at, cpu: process.cpuUsage() };
  };
  const timer = setInterval(look, 1);
  return () => {
    look();
    clearInterval(timer);
    return longest;
  };
}

Deno.test("readings beyond the retention go in the background, their room goes back to the card, and nothing stalls", async () => {
  await using site = await fullSite();
  const { store, maintenance, central } = site.gateway.services;
  await using client = await RawClient.connect(site.ws_url, { path: "CP1" });
  await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  await sample(client, "1", Date.now() - 400 * DAY);
  await sample(client, "2", Date.now() - 300 * DAY);
  await store.readings.compact();
  await maintenance.backups!.compact();
  const full = (await Deno.stat(site.file)).size;
  assert(full > CHUNKS * CHUNK_BYTES);

  const longest = watchLoop();
  const watch = new Housekeeping(central, { retain: 20 });
  watch.start();
  const readings = async () =>
    // deno-lint-ignore no-explicit-any
    (await site.rest("GET", "/ocpp/chargers/CP1/readings/")).body.readings.map(({ value }: any) => value);
  let heartbeats = 0;
  const { chunk } = keysOf(store.site.site_id);
  const left = async () => (await Array.fromAsync(store.read.list({ prefix: [...chunk, "OLD"] }))).length;
  while ((await readings()).length > 1 || await left() > 0) {
    assertEquals((await client.call("Heartbeat"))[0], 3);
    heartbeats++;
  }
  await watch.stop();
  let compacting = true;
  const compacted = maintenance.backups!.compact().finally(() => compacting = false);
  for (; compacting; heartbeats++) assertEquals((await client.call("Heartbeat"))[0], 3);
  await compacted;
  const held_up = longest();
  assertEquals(await readings(), [2]);
  assert(
    (await Deno.stat(site.file)).size < full / 10,
    `${(await Deno.stat(site.file)).size} of ${full} bytes`,
  );
  assert(heartbeats > 10);
  assert(held_up < 100, `the event loop was held up for ${held_up} ms`);
});

Deno.test("nothing goes while the clock is not settled", async () => {
  await using folder = await tempFolder();
  const config = { data_dir: folder.path, kv: `${folder.path}/gateway.db` };
  let wall = Date.now();
  await using site = await startTestGateway({ config, now: () => wall, settings: { retention_days: 365 } });
  const { store, maintenance, central } = site.gateway.services;
  await using client = await RawClient.connect(site.ws_url, { path: "CP1" });
  await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  await sample(client, "1", Date.now() - DAY);
  await store.readings.compact();
  wall += 800 * DAY; // nobody has confirmed that
  maintenance.clock_monitor.look();
  assert(!maintenance.clock.settled);
  const watch = new Housekeeping(central, { retain: 20 });
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
