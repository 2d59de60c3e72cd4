// The tables of the store: names in existing databases, and records as an older program wrote them.
import { assertEquals, assertRejects } from "@std/assert";
import { fromBytes } from "../../src/store/kv/codec.ts";
import type { Table } from "../../src/store/kv/table.ts";
import { DEFAULT_SETTINGS } from "../../src/store/settings.ts";
import { SCHEMA, SiteError } from "../../src/store/site.ts";
import { Store } from "../../src/store/store.ts";
import { keysOf } from "../../src/store/tables.ts";

const SITE = "0a1b2c3d";

/** Records below their raw keys, as they were written before tables were declared in one place. */
const OLD: [Deno.KvKey, unknown][] = [
  [["site"], { site_id: SITE, schema: 1, created_at: "2025-01-01T00:00:00.000Z" }],
  [[SITE, "charger", "CP1"], { charger_id: "CP1", name: "North", registration: "Accepted" }],
  [[SITE, "connectors", "CP1"], [{ connector_id: 1, status: "Available" }]],
  [[SITE, "rfid", "04A1"], { rfid: "04a1", allowed: true }],
  [[SITE, "user", "ana"], { name: "ana", role: "viewer" }],
  [[SITE, "session", "51"], { session_id: "51", user: "ana" }],
  [[SITE, "token", "t1"], { token_id: "t1", label: "script" }],
  [[SITE, "audit", 1], { sequence: 1, at: "2025-01-01T00:00:00.000Z", who: "ana" }],
  [[SITE, "revocation", "ab12"], { certificate: "ab12" }],
  [[SITE, "settings", "site"], { name: "Depot", retention_days: 30 }],
  [[SITE, "transaction", 7], {
    transaction_id: 7,
    charger_id: "CP1",
    connector_id: 1,
    id_tag: "04A1",
    start_time: "2025-01-01T00:00:00.000Z",
    state: "active",
  }],
  [[SITE, "transaction_of", "CP1", 7], null],
  [[SITE, "active", 7], null],
  [[SITE, "seen", 0], { CP1: [1735689600000, null] }],
  [[SITE, "series", 0], ["Energy.Active.Import.Register", "Wh", null, null, null, null]],
  [[SITE, "shape", 0], [0]],
  [[SITE, "last_meter_values", "CP1"], { connectorId: 1, meterValue: [] }],
  [[SITE, "local_list", "CP1", 0], { charger_id: "CP1", version: 3, tags: {} }],
  [[SITE, "reservation", "CP1/5"], { charger_id: "CP1", reservation_id: 5 }],
  [[SITE, "profile", "CP1/2"], { charger_id: "CP1", profile: { chargingProfileId: 2 } }],
  [[SITE, "job", "4"], { job_id: 4 }],
  [[SITE, "file_token", "f0"], { token: "f0" }],
  [[SITE, "firmware", "v2.bin"], { name: "v2.bin" }],
  [[SITE, "security_event", "000000000009"], { sequence: 9 }],
  [[SITE, "certificates", "CP1"], { charger_id: "CP1", roots: {}, issued: [] }],
  [[SITE, "configuration", "CP1", 0], { charger_id: "CP1", keys: [] }],
  [[SITE, "standard", "site"], { name: "site", values: {} }],
  [[SITE, "clock", "clock"], { at: 1735689600000, steps: [] }],
  [[SITE, "power", "power"], { slots: [] }],
  [[SITE, "simulator", "s1"], { name: "s1", running: false }],
  [[SITE, "commissioning", "000000003"], { commissioning_id: 3 }],
  [[SITE, "commissioning_result", "3/boot/0"], { commissioning_id: 3, step: "boot", connector_id: 0 }],
  [[SITE, "commissioning_frames", "3/boot/0", 0], { commissioning_id: 3, step: "boot", connector_id: 0 }],
];
/** A message of the readings' journal: 07:00:00 UTC, 1,500 Wh. */
const JOURNAL = "1 1735714800000\nCP1\t1\t7\t120\t-120\t0\t1500\n";

/** Writes the old records into a new database. */
async function writeOld(path: string): Promise<void> {
  using kv = await Deno.openKv(path);
  const encoder = new TextEncoder();
  for (const [key, record] of OLD) {
    await kv.set(key, record === null ? new Uint8Array() : encoder.encode(JSON.stringify(record)));
  }
  await kv.set([SITE, "journal", 1], encoder.encode(JOURNAL));
}

async function rewrite<T extends object>(table: Table<T>): Promise<void> {
  for (const record of table.all()) await table.put(record);
}

Deno.test("Store opens the database of a program before tables were declared in one place", async () => {
  const folder = await Deno.makeTempDir();
  await writeOld(`${folder}/kv.db`);
  const store = await Store.open({ path: `${folder}/kv.db`, window_ms: 0 });
  try {
    const charger = store.chargers.get("CP1");
    assertEquals([charger?.name, charger?.plan_x, charger?.connectors.length], ["North", null, 1]);
    assertEquals(store.settings, { ...DEFAULT_SETTINGS, name: "Depot", retention_days: 30 });
    assertEquals(store.transactions.active("CP1").map(({ transaction_id }) => transaction_id), [7]);
    assertEquals(store.transactions.nextId(), 8);
    assertEquals((await store.transactions.list({ charger_id: "CP1" })).transactions.length, 1);
    assertEquals(store.seen.loaded.get("CP1"), [1735689600000, null]);
    assertEquals((await Array.fromAsync(store.audit.scan())).length, 1);
    const { readings } = await store.readings.query({ charger_id: "CP1" });
    assertEquals(readings.map(({ at, value }) => [at, value]), [["2025-01-01T07:00:00.000Z", 1500]]);
    const inMemory = [
      store.rfids.get("04A1"),
      store.users.get("ana"),
      store.login_sessions.get("51"),
      store.tokens.get("t1"),
      store.revocations.get("ab12"),
      store.reservations.get("CP1/5"),
      store.profiles.get("CP1/2"),
      store.jobs.get("4"),
      store.file_tokens.get("f0"),
      store.firmware.get("v2.bin"),
      store.security_events.get("000000000009"),
      store.certificates.get("CP1"),
      store.configuration_templates.get("site"),
      store.clock.get("clock"),
      store.power.get("power"),
      store.simulators.get("s1"),
      store.commissionings.get("000000003"),
      store.commissioning_results.get("3/boot/0"),
      await store.local_lists.get("CP1"),
      await store.configurations.get("CP1"),
      await store.commissioning_frames.get("3/boot/0"),
    ];
    assertEquals(inMemory.map((record) => record !== undefined), inMemory.map(() => true));
  } finally {
    await store.close();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the site's record of an older program moves below the site's id; older programs still find whose file it is", async () => {
  const folder = await Deno.makeTempDir();
  await writeOld(`${folder}/kv.db`);
  for (const _ of [1, 2]) {
    const store = await Store.open({ path: `${folder}/kv.db`, window_ms: 0 });
    assertEquals(store.site.site_id, SITE);
    const values = await store.read.getMany<Uint8Array[]>([[SITE, "site"], ["site"]]);
    const site = { site_id: SITE, schema: SCHEMA, created_at: "2025-01-01T00:00:00.000Z" };
    assertEquals(values.map(({ value }) => fromBytes<unknown>(value!)), [site, site]);
    await store.close();
  }
  await assertRejects(
    () => Store.open({ path: `${folder}/kv.db`, window_ms: 0, site_id: "other" }),
    SiteError,
    `belongs to site ${SITE}, not to other`,
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("Store writes a record below the key that it was read from", async () => {
  const folder = await Deno.makeTempDir();
  await writeOld(`${folder}/kv.db`);
  const store = await Store.open({ path: `${folder}/kv.db`, window_ms: 0 });
  const keys = async () => {
    await store.redo_log.checkpoint();
    return (await Array.fromAsync(store.read.list({ prefix: [SITE] }))).map(({ key }) => key.join("/"));
  };
  try {
    const before = await keys();
    await rewrite(store.rfids);
    await rewrite(store.reservations);
    await rewrite(store.profiles);
    await rewrite(store.security_events);
    await rewrite(store.commissionings);
    await rewrite(store.clock);
    await rewrite(store.users);
    await store.chargers.put(store.chargers.get("CP1")!);
    await store.chargers.putConnectors(store.chargers.get("CP1")!);
    await store.transactions.put(store.transactions.active()[0]!);
    await store.changeSettings({ name: "Depot 2" });
    assertEquals(await keys(), before);
  } finally {
    await store.close();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("keysOf names every table of the database", () => {
  const names = new Set(OLD.slice(1).map(([key]) => String(key[1])));
  const of_readings = new Set(["journal", "fold", "chunk", "reading_day", "reading_days"]);
  const newer = new Set([
    "redo",
    "certificate_request",
    "alert",
    "alert_rules",
    "channel",
    "outbox",
    "change",
    "change_state",
    "webhook",
    "damage",
    "damaged_value",
    "scrub",
    "circuit",
    "outside_limit",
    "load_state",
    "load_decision",
  ]);
  const activity = new Set([
    "activity",
    "activity_block",
    "activity_outline",
    "availability",
    "availability_month",
  ]);
  const indexes = new Set([
    "by_start",
    "by_charger",
    "by_tag",
    "by_charger_tag",
    "unfiled",
    "sum_day",
    "upgrade",
  ]);
  assertEquals(
    new Set(Object.keys(keysOf(SITE))),
    names.union(of_readings).union(newer).union(indexes).union(activity),
  );
  assertEquals(keysOf(SITE).chunk, [SITE, "chunk"]);
});
