// Backups that nobody asks for: made at night, once, as many as are kept; never by a clock that can't be believed.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { BackupCopies } from "../../src/machine/backup_copies/backup_copies.ts";
import { Backups } from "../../src/machine/backups.ts";
import { verifyDatabase } from "../../src/store/file/database_file.ts";
import { readArchive } from "../../src/store/file/archive/read_archive.ts";
import { toBytes } from "../../src/store/kv/codec.ts";
import { FILE_SITE_KEY, type Site } from "../../src/store/site.ts";
import { startTestGateway } from "../kit/gateway.ts";

const HOUR = 3_600_000;

/** A gateway with a database file, whose wall clock the test winds; it begins at noon. */
async function site() {
  const folder = await Deno.makeTempDir();
  let wall = new Date().setHours(36, 0, 0, 0);
  let mono = 0;
  const config = { data_dir: folder, kv: `${folder}/gateway.db` };
  const started = await startTestGateway({ config, now: () => wall, clock: { mono: () => mono } });
  const { maintenance } = started.gateway.services;
  return {
    ...started,
    folder,
    config,
    maintenance,
    now: () => wall,
    /** Hours go by; then it is looked whether a backup is due. */
    async pass(hours: number): Promise<string[]> {
      for (let hour = 0; hour < hours; hour++) {
        wall += HOUR;
        mono += HOUR;
        maintenance.clock_monitor.check();
      }
      await maintenance.backups!.nightly();
      return (await maintenance.backups!.list()).map(({ name }) => name);
    },
    step(ms: number): void {
      wall += ms;
      maintenance.clock_monitor.check();
    },
    async next(): Promise<number> {
      return Date.parse((await started.rest("GET", "/ocpp/backups/")).body.next_nightly!);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await started[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test("a backup is made each night, once, and REST says when the next one is", async () => {
  await using place = await site();
  const night = new Date(place.now()).setHours(27, 0, 0, 0);
  assertEquals(await place.next(), night);
  assertEquals(await place.pass(14), []); // 2 o'clock
  const [first, ...none] = await place.pass(1);
  assertEquals(none, []);
  const { members } = await readArchive((await Deno.open(`${place.folder}/backups/${first}`)).readable, {
    pathOf: () => null,
    room: Infinity,
  });
  assertEquals(members.map(({ name }) => name), ["gateway.db"]);
  assertEquals(await place.pass(0), [first]);
  assertEquals(await place.next(), new Date(night).setHours(27, 0, 0, 0));
  assertEquals((await place.pass(20)).length, 1);
  assertEquals((await place.pass(4)).length, 2);
});

Deno.test("the night is that of the site's time zone", async () => {
  await using place = await site();
  for (const time_zone of ["Pacific/Auckland", "Asia/Kathmandu", "America/Monterrey"]) {
    await place.rest("PATCH", "/ocpp/settings/", { time_zone });
    const next = Temporal.Instant.fromEpochMilliseconds(await place.next()).toZonedDateTimeISO(time_zone);
    assertEquals(next.hour, 3, `${next}`);
  }
});

Deno.test("as many backups are kept as the setting says; 0 makes none", async () => {
  await using place = await site();
  await place.rest("PATCH", "/ocpp/settings/", { backup_keep: 2 });
  await place.pass(15);
  for (let night = 0; night < 3; night++) await place.pass(24);
  const kept = await place.pass(24);
  assertEquals(kept.length, 2);
  assert(kept[0]!.includes(new Date(place.now()).toISOString().slice(0, 10).replaceAll("-", "")), kept[0]);
  await place.rest("PATCH", "/ocpp/settings/", { backup_keep: 0 });
  assertEquals(await place.pass(24), kept);
  assertEquals((await place.rest("GET", "/ocpp/backups/")).body.next_nightly, null);
});

Deno.test("a night that was slept through is made up for", async () => {
  await using place = await site();
  assertEquals((await place.pass(15)).length, 1);
  assertEquals((await place.pass(29)).length, 1);
  assertEquals((await place.pass(2)).length, 2);
});

Deno.test("a backup that fails is an alarm, and is tried again", async () => {
  await using place = await site();
  await Deno.writeTextFile(`${place.folder}/backups`, "in the way");
  await place.pass(15).catch(() => {});
  assertMatch(place.maintenance.alarms.all()[0]!.text, /^The nightly backup failed: /);
  assertMatch((await place.rest("GET", "/healthz")).body.alarms![0]!, /^The nightly backup failed: /);
  await Deno.remove(`${place.folder}/backups`);
  assertEquals((await place.pass(0)).length, 1);
  assertEquals(place.maintenance.alarms.all(), []);
});

Deno.test("no backup is made by a clock that can't be believed, and one of the future holds no other up", async () => {
  await using place = await site();
  place.step(90 * 24 * HOUR);
  await place.maintenance.backups!.make("");
  assertEquals((await place.pass(15)).length, 1, "only the one that was asked for");
  place.maintenance.clock_monitor.set(Date.now());
  const [future, ...none] = (await place.maintenance.backups!.list()).map(({ name }) => name);
  assertEquals(none, []);
  place.maintenance.clock_monitor.set(new Date().setHours(27, 30, 0, 0));
  await place.maintenance.backups!.nightly();
  await place.maintenance.backups!.nightly();
  const all = await place.maintenance.backups!.list();
  assertEquals([all.length, all[0]!.name], [2, future]);
});

Deno.test("Backups looks by itself whether one is due", async () => {
  await using place = await site();
  await place.pass(14);
  place.step(HOUR);
  const { store, maintenance: { alarms, clock }, log } = place.gateway.services;
  const { promise: told, resolve } = Promise.withResolvers<string>();
  const backups = new Backups({
    path: place.config.kv,
    data_dir: place.folder,
    tls: { cert: null, key: null, client_ca: null },
    passphrase: null,
    copies: new BackupCopies({
      places: () => Promise.resolve([]),
      folder: `${place.folder}/backups`,
      keep: () => 1,
      alarms,
      log,
      now: place.now,
    }),
    store,
    alarms,
    log: { ...log, info: resolve },
    clock,
    check_every: 1,
  });
  backups.start();
  assertEquals(await told, "Nightly backup written");
  await backups.stop();
  assertEquals((await backups.list()).length, 1);
});

Deno.test("before an older database is migrated a backup of it is made", async () => {
  let config;
  await using folder = await tempFolder();
  {
    config = { data_dir: folder.path, kv: `${folder.path}/gateway.db` };
    await using place = await startTestGateway({ config });
    const site: Site = { ...place.gateway.services.store.site, schema: 0 };
    await place.gateway.services.store.write.set(FILE_SITE_KEY, toBytes(site));
  }
  await assertRejects(() => startTestGateway({ config }), Error, "there is no migration from its schema 0");
  const names = [...Deno.readDirSync(`${folder.path}/backups`)].map(({ name }) => name);
  assertEquals(names.length, 1);
  assertMatch(names[0]!, /^gateway-\d{8}-\d{6}-migration\.db$/);
  assertEquals(verifyDatabase(`${folder.path}/backups/${names[0]}`).schema, 0);
});

async function tempFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
