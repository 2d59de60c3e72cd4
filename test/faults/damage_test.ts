// Damaged values: bytes of a database that changed on the card. None is served as good, and each is named.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { decodeKey } from "../../src/store/file/kv_rows.ts";
import { type FileToken, type LocalList, Store } from "../../src/store/store.ts";
import { PASSWORD, startTestGateway, type TestGateway } from "../kit/gateway.ts";

const BOOT = { chargePointVendor: "V", chargePointModel: "M" };
const T = Date.UTC(2026, 5, 1, 12);

/** A folder for a database, and the configuration of a gateway with it. */
async function place() {
  const data_dir = await Deno.makeTempDir();
  const config = { data_dir, kv: `${data_dir}/gateway.db` };
  return {
    config,
    path: config.kv,
    start: () => startTestGateway({ config, now: () => T }),
    [Symbol.asyncDispose]: () => Deno.remove(data_dir, { recursive: true }),
  };
}

/** Fills a site: chargers, tags, users, and ended sessions with readings in chunks and in the journal. */
async function fill(site: TestGateway): Promise<void> {
  const { store } = site.gateway.services;
  for (const rfid of ["A1", "B2", "C3", "D4"]) {
    await site.rest("POST", "/ocpp/rfids/", { rfid, allowed: true });
  }
  for (const name of ["ana", "bob"]) {
    await site.rest("POST", "/ocpp/users/", { name, role: "viewer", password: `${PASSWORD} ${name}` });
  }
  for (let charger = 0; charger < 6; charger++) {
    await using client = await RawClient.connect(site.ws_url, { path: `CP${charger}` });
    await client.call("BootNotification", BOOT);
    for (let session = 0; session < 6; session++) await charge(client, session);
    if (charger % 2 === 1) await store.readings.compact();
  }
}

async function charge(client: RawClient, session: number): Promise<void> {
  const at = (minute: number) => new Date(T - (6 - session) * 3_600_000 + minute * 60_000).toISOString();
  const meterStart = session * 1000;
  const start = { connectorId: 1, idTag: "A1", meterStart, timestamp: at(0) };
  const { transactionId } = (await client.call("StartTransaction", start))[2];
  for (let minute = 1; minute < 20; minute += 6) {
    const sampledValue = [{ value: String(meterStart + minute), unit: "Wh" }];
    const meterValue = [{ timestamp: at(minute), sampledValue }];
    await client.call("MeterValues", { connectorId: 1, transactionId, meterValue });
  }
  await client.call("StopTransaction", { transactionId, meterStop: meterStart + 500, timestamp: at(30) });
}

interface Missing {
  connector_id: number | null;
  from: string | null;
  to: string | null;
}

interface Row {
  k: Uint8Array;
  v: Uint8Array;
  id: string;
}

/** Returns all values of the site in a database file that are not empty. */
function valuesIn(path: string): Row[] {
  using database = new DatabaseSync(path);
  const rows = database.prepare("select k, v from kv").all() as unknown as Row[];
  return rows.filter(({ v }) => v.length > 0).map(({ k, v }) => ({ k, v, id: idOf(k) }))
    .filter(({ id }) => id !== "" && id !== "site"); // without the site's own record no store is opened
}

/** Returns a stored key without the site's id, and without the number of a document's part. */
function idOf(key: Uint8Array): string {
  const [, table = "", ...parts] = decodeKey(key);
  return [table, ...table === "local_list" || table === "configuration" ? parts.slice(0, -1) : parts].join(
    "/",
  );
}

function write(path: string, rows: readonly Row[]): void {
  using database = new DatabaseSync(path);
  const statement = database.prepare("update kv set v = ? where k = ?");
  for (const { k, v } of rows) statement.run(v, k);
}

/** Changes `count` bytes at random places of all values. Returns the ids of the values, which differ from before. */
function flip(path: string, count: number, random: () => number): Set<string> {
  const rows = valuesIn(path).map((row) => ({ ...row, v: row.v.slice(), before: row.v }));
  const total = rows.reduce((sum, { v }) => sum + v.length, 0);
  for (let done = 0; done < count; done++) {
    let at = Math.floor(random() * total);
    const row = rows.find(({ v }) => (at -= v.length) < 0)!;
    row.v[at + row.v.length]! ^= 1 + Math.floor(random() * 255);
  }
  const changed = rows.filter(({ v, before }) => v.some((byte, index) => byte !== before[index]));
  write(path, changed);
  return new Set(changed.map(({ id }) => id));
}

/** A generator of random numbers that repeats itself (mulberry32). */
function randomFrom(seed: number): () => number {
  return () => {
    seed = seed + 0x6d2b79f5 | 0;
    let mixed = Math.imul(seed ^ seed >>> 15, 1 | seed);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}

/** Returns all that REST serves of sessions and readings, a text each. */
async function served(site: TestGateway): Promise<Set<string>> {
  const texts: string[] = [];
  const { body } = await site.rest("GET", "/ocpp/transactions/?limit=1000");
  texts.push(...body.transactions.map((one: unknown) => JSON.stringify(one)));
  for (let charger = 0; charger < 6; charger++) {
    const readings = await site.rest("GET", `/ocpp/chargers/CP${charger}/readings/?limit=1000`);
    texts.push(...readings.body.readings.map((one: unknown) => JSON.stringify(one)));
  }
  return new Set(texts);
}

/** Checks all values. Returns the result with the names of the damaged ones; secret keys are left out. */
async function scrubbed(site: TestGateway) {
  await site.gateway.services.maintenance.scrubs.run();
  const { damages, last } = (await site.rest("GET", "/ocpp/scrub/")).body;
  const stored = site.gateway.services.store.damages.all();
  assertEquals(damages.map(({ reason }) => reason), stored.map(({ reason }) => reason));
  return { damages: stored.map(({ table, key }) => ({ id: [table, ...key].join("/") })), last };
}

/** Discards the only damaged value. Returns the status of the answer. */
async function discard(site: TestGateway): Promise<number> {
  const [{ id } = { id: "0123456789abcdef" }] = (await site.rest("GET", "/ocpp/scrub/")).body.damages;
  return (await site.rest("DELETE", `/ocpp/scrub/damages/${id}/`)).status;
}

function withoutLabels(text: string): string {
  const { at, charger_id, transaction_id, value } = JSON.parse(text);
  return JSON.stringify([at, charger_id, transaction_id, value]);
}

Deno.test("500 changed bytes in stored values are all found, and nothing of them is served", async () => {
  await using folder = await place();
  let good: Set<string>;
  {
    await using site = await folder.start();
    await fill(site);
    good = await served(site);
  }
  assert(good.size > 150);
  const damaged = flip(folder.path, 500, randomFrom(1));
  assert(damaged.size > 60, String(damaged.size));
  await using site = await folder.start();
  const after = await served(site);
  const unlabelled = new Set([...good].map(withoutLabels));
  const odd = [...after].filter((text) => !good.has(text));
  assertEquals(odd.filter((text) => !text.includes(`"Unknown.`) || !unlabelled.has(withoutLabels(text))), []);
  assertEquals(odd.length > 0, damaged.has("series/0"), "labels are told as unknown where they are lost");
  assert(after.size < good.size);
  const { damages, last } = await scrubbed(site);
  const found = new Set(damages.map(({ id }) => id));
  assertEquals([...damaged].filter((id) => !found.has(id)), []);
  assertEquals([...found].filter((id) => !damaged.has(id)), []);
  assert(last!.damaged > 0 && last!.values >= last!.damaged);
  assertMatch(
    (await site.rest("GET", "/healthz")).body.alarms!.join("\n"),
    /Stored values are damaged and not used/,
  );
});

Deno.test("every single changed byte of a session's record is found", async () => {
  await using folder = await place();
  {
    await using site = await folder.start();
    await fill(site);
  }
  const row = valuesIn(folder.path).find(({ id }) => id === "transaction/1")!;
  const store = await Store.open({ path: folder.path, window_ms: 0 });
  try {
    assertEquals((await store.transactions.get(1))?.transaction_id, 1);
    for (let at = 0; at < row.v.length; at++) {
      for (const change of [1, 0x20, 0x2a]) {
        const v = row.v.slice();
        v[at]! ^= change;
        await store.write.set([store.site.site_id, "transaction", 1], v);
        assertEquals(await store.transactions.get(1), undefined, `byte ${at} ^ ${change}`);
      }
    }
  } finally {
    await store.close();
  }
});

Deno.test("a sound database has no damage, nor has one without checksums", async () => {
  await using folder = await place();
  {
    await using site = await folder.start();
    await fill(site);
    const { damages, last } = await scrubbed(site);
    assertEquals([damages, last!.damaged, last!.unsealed], [[], 0, 0]);
    assert(last!.values > 50);
  }
  const plain = valuesIn(folder.path).filter(({ id }) => !/^(chunk|damaged_value)/.test(id)).map((row) => {
    const text = new TextDecoder().decode(row.v).replace(/[ \t\n\r]{16}$/, "").replace(
      /^(1 \d+) [a-p]{8}\n/,
      "$1\n",
    );
    return { ...row, v: new TextEncoder().encode(text) };
  });
  write(folder.path, plain);
  await using site = await folder.start();
  const { damages, last } = await scrubbed(site);
  assertEquals([damages, last!.damaged], [[], 0]);
  assert(last!.unsealed > 30);
  assertEquals((await site.rest("GET", "/healthz")).body.alarms, undefined);
});

/** Starts a gateway with a filled database in which the values of some ids have a byte changed. */
async function damagedSite(
  folder: Awaited<ReturnType<typeof place>>,
  ids: readonly string[],
): Promise<TestGateway> {
  {
    await using site = await folder.start();
    await fill(site);
  }
  damage(folder.path, ids);
  return await folder.start();
}

function damage(path: string, ids: readonly string[]): void {
  const rows = valuesIn(path).filter(({ id }) => ids.includes(id));
  assertEquals(rows.length, ids.length);
  for (const { v } of rows) v[v.length >> 1]! ^= 1;
  write(path, rows);
}

Deno.test("a session with a damaged record is missing, its id is told and not given out again", async () => {
  await using folder = await place();
  await using site = await damagedSite(folder, ["transaction/36"]);
  const { body } = await site.rest("GET", "/ocpp/transactions/");
  assertEquals([body.transactions.length, body.missing], [35, [36]]);
  assertEquals((await site.rest("GET", "/ocpp/transactions/36/")).status, 404);
  const { maintenance, store } = site.gateway.services;
  assertEquals(maintenance.alarms.all().map(({ kind }) => kind), ["damage"]);
  assertMatch(maintenance.alarms.all()[0]!.text, /\(transaction\/36\)/);
  assertEquals(await discard(site), 204);
  assertEquals(maintenance.alarms.all(), []);
  assertEquals((await scrubbed(site)).damages, []);
  assertEquals(await discard(site), 404);
  await site.gateway.stop();
  await using again = await folder.start();
  assertEquals((await again.rest("GET", "/ocpp/transactions/")).body.missing, undefined);
  assertEquals([again.gateway.services.store.transactions.nextId(), store.transactions.nextId()], [37, 37]);
});

Deno.test("readings in a damaged chunk are left out, and their hour is told", async () => {
  await using folder = await place();
  const hour = T / 3_600_000 - 6;
  await using site = await damagedSite(folder, [`chunk/CP0/${hour}/1/0`]);
  const { body } = await site.rest("GET", "/ocpp/chargers/CP0/readings/");
  const [from, to] = [hour, hour + 1].map((one) => new Date(one * 3_600_000).toISOString());
  assertEquals(body.missing.map((one: Missing) => [one.connector_id, one.from, one.to]), [[1, from, to]]);
  assertEquals(body.readings.length, 20);
  assertEquals((await site.rest("GET", `/ocpp/chargers/CP0/readings/?from=${to}`)).body.missing, undefined);
  assertEquals((await site.rest("GET", "/ocpp/chargers/CP1/readings/")).body.missing, undefined);
});

Deno.test("a damaged journal value is kept through compactions, and what came after it is read", async () => {
  await using folder = await place();
  {
    await using site = await folder.start();
    await fill(site);
    await using client = await RawClient.connect(site.ws_url, { path: "CP9" });
    await client.call("BootNotification", BOOT);
    await charge(client, 0);
  }
  const last = valuesIn(folder.path).filter(({ id }) => id.startsWith("journal/")).map(({ id }) => id).at(
    -1,
  )!;
  damage(folder.path, [last]);
  await using site = await folder.start();
  await using client = await RawClient.connect(site.ws_url, { path: "CP9" });
  await charge(client, 1);
  await site.gateway.services.store.readings.compact();
  const { body } = await site.rest("GET", "/ocpp/chargers/CP9/readings/");
  assertEquals([body.readings.length, body.missing?.length], [7, 1]);
  assertEquals((await scrubbed(site)).damages.map(({ id }) => id), [last]);
});

Deno.test("a document of several values with a changed byte is missing, and is found once", async () => {
  await using folder = await place();
  const tags = Array.from(
    { length: 3000 },
    (_, index) => ({ idTag: `TAG${index}`, idTagInfo: { status: "Accepted" } }),
  );
  const list = { charger_id: "CP1", version: 3, tags } as unknown as LocalList;
  {
    await using site = await folder.start();
    await site.gateway.services.store.local_lists.put(list);
  }
  const [, second] = valuesIn(folder.path).filter(({ id }) => id === "local_list/CP1");
  second!.v[100]! ^= 1;
  write(folder.path, [second!]);
  await using site = await folder.start();
  const { store } = site.gateway.services;
  assertEquals((await scrubbed(site)).damages.map(({ id }) => id), ["local_list/CP1"]);
  assertEquals(await store.local_lists.get("CP1"), undefined);
  await store.local_lists.put(list);
  assertEquals((await store.local_lists.get("CP1"))?.version, 3);
  assertEquals((await scrubbed(site)).last!.damaged, 0);
  assertEquals(await discard(site), 204);
  assertEquals((await store.local_lists.get("CP1"))?.version, 3);
});

Deno.test("the end of a session whose record is damaged is answered and kept", async () => {
  await using folder = await place();
  let transactionId: number;
  {
    await using site = await folder.start();
    await using client = await RawClient.connect(site.ws_url, { path: "CP1" });
    await client.call("BootNotification", BOOT);
    const start = { connectorId: 1, idTag: "A1", meterStart: 1000, timestamp: new Date(T).toISOString() };
    transactionId = (await client.call("StartTransaction", start))[2].transactionId;
  }
  damage(folder.path, [`transaction/${transactionId}`]);
  await using site = await folder.start();
  await using client = await RawClient.connect(site.ws_url, { path: "CP1" });
  const stop = { transactionId, idTag: "A1", meterStop: 5000, timestamp: new Date(T + 60_000).toISOString() };
  assertEquals((await client.call("StopTransaction", stop))[0], 3);
  const { body } = await site.rest("GET", "/ocpp/transactions/");
  assertEquals(body.missing, [transactionId]);
  const kept = body.transactions.map((one) => [
    one.meter_stop,
    one.reported_transaction_id,
  ]);
  assertEquals(kept, [[5000, transactionId]]);
});

Deno.test("the alarm and the list of damaged values tell no secret key", async () => {
  await using folder = await place();
  const secret = "f".repeat(43);
  {
    await using site = await folder.start();
    await fill(site);
    const grant = { token: secret, charger_id: "CP1", expires_at: new Date(T + 3_600_000).toISOString() };
    await site.gateway.services.store.file_tokens.put(grant as unknown as FileToken);
  }
  damage(folder.path, [`file_token/${secret}`, "rfid/A1"]);
  await using site = await folder.start();
  const { alarms } = (await site.rest("GET", "/healthz")).body;
  assertMatch(alarms!.join(), /not used, 2 in all \(file_token, rfid\)/);
  const { damages } = (await site.rest("GET", "/ocpp/scrub/")).body;
  assertEquals(damages.map(({ table, key }) => [table, ...key]), [["file_token"], ["rfid", "A1"]]);
  assert(!JSON.stringify(damages).includes(secret));
  assertEquals((await site.rest("POST", "/ocpp/backups/")).body.damage, "2 (file_token, rfid)");
});

Deno.test("a damaged user, setting or charger lets nobody in who was not let in before", async () => {
  await using folder = await place();
  {
    await using site = await folder.start();
    await fill(site);
    await site.rest("DELETE", "/ocpp/users/ana/");
    await site.rest("DELETE", "/ocpp/users/bob/");
    await site.rest("PATCH", "/ocpp/settings/", { unknown_chargers: "reject" });
    await site.rest("PATCH", "/ocpp/chargers/CP0/", { password: "0123456789abcdef0123" });
    await site.rest("POST", "/ocpp/revocations/", { certificate: "ab12" });
  }
  damage(folder.path, ["user/admin", "settings/site", "charger/CP0", "revocation/ab12"]);
  await using site = await startTestGateway({
    config: { ...folder.config, admin_password: null },
    now: () => T,
  });
  const { store, setup } = site.gateway.services;
  assert(!setup.needed());
  assertEquals(site.gateway.setup_code, null);
  assertEquals(store.settings.unknown_chargers, "pending");
  assert(store.revocations.has("ab12"));
  await using client = await RawClient.connect(site.ws_url, { path: "CP0" });
  assertEquals((await client.call("BootNotification", BOOT))[2].status, "Pending");
  assertEquals(store.damages.all().length, 4);
});

Deno.test("a backup with damaged values is marked and takes no good one's place", async () => {
  await using folder = await place();
  let good: string;
  {
    await using site = await folder.start();
    await fill(site);
    good = (await site.rest("POST", "/ocpp/backups/")).body.name;
  }
  damage(folder.path, ["transaction/3"]);
  await using site = await folder.start();
  const { maintenance } = site.gateway.services;
  const { backups, alarms } = maintenance;
  const { status, body } = await site.rest("POST", "/ocpp/backups/");
  assertEquals([status, body.damage], [201, "1 (transaction/3)"]);
  assertMatch(body.name, /-manual-damaged\.(db|tar)$/);
  await maintenance.scrubs.run();
  await backups!.prune(1);
  const files = (await site.rest("GET", "/ocpp/backups/")).body.backups;
  assertEquals(
    files.map(({ name, damaged }) => [name, damaged]).sort(),
    [[body.name, true], [good, false]].sort(),
  );
  assertEquals(alarms.all().map(({ kind }) => kind), ["damage"]);
});

Deno.test("the nightly check runs once a night, and finds what nobody reads", async () => {
  await using folder = await place();
  {
    await using site = await folder.start();
    await fill(site);
  }
  damage(folder.path, ["transaction/2"]);
  let wall = new Date(T).setHours(24, 0, 0, 0);
  await using site = await startTestGateway({ config: folder.config, now: () => wall });
  const { scrubs, alarms } = site.gateway.services.maintenance;
  await scrubs.nightly();
  assertEquals([scrubs.last, alarms.all()], [null, []]);
  wall += 3 * 3_600_000;
  await scrubs.nightly();
  assertEquals([scrubs.last?.damaged, scrubs.last?.began_at], [1, new Date(wall).toISOString()]);
  assertEquals(alarms.all().map(({ kind }) => kind), ["damage"]);
  assert(!scrubs.isDue());
  wall += 24 * 3_600_000;
  assert(scrubs.isDue());
});

Deno.test("a damaged record of the site itself stops the start, with the remedy", async () => {
  await using folder = await place();
  {
    await using _site = await folder.start();
  }
  using database = new DatabaseSync(folder.path);
  const { v } = database.prepare("select v from kv where k = x'027369746500'").get() as { v: Uint8Array };
  v[20]! ^= 1;
  database.prepare("update kv set v = ? where k = x'027369746500'").run(v);
  const error = await folder.start().then(() => "", String);
  assertMatch(error, /cannot be read \(.*checksum is wrong\); restore a backup/);
});
