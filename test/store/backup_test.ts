// Backups: complete under load, verified, restored, and refused if they are unusable.
import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { backUp, backupName, listBackups, pruneBackups } from "../../src/store/file/backup.ts";
import { restore } from "../../src/store/file/restore.ts";
import {
  createDatabase,
  DatabaseFileError,
  readSite,
  vacuum,
  verifyDatabase,
} from "../../src/store/file/database_file.ts";
import { migrate, type Migration } from "../../src/store/kv/migrations.ts";
import { deleteMutation, putMutation } from "../../src/store/kv/mutation.ts";
import { FILE_SITE_KEY, SCHEMA, type Site } from "../../src/store/site.ts";
import { Store } from "../../src/store/store.ts";

async function openStore() {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/gateway.db`;
  createDatabase(path);
  const store = await Store.open({ path, window_ms: 0 });
  let open = true;
  const close = async () => {
    if (open) await store.close();
    open = false;
  };
  const dispose = async () => {
    await close();
    await Deno.remove(folder, { recursive: true });
  };
  return { folder, path, store, close, [Symbol.asyncDispose]: dispose };
}

Deno.test("backUp copies a database that is being written, and pairs written together stay together", async () => {
  await using site = await openStore();
  let writing = true;
  let count = 0;
  const writer = (async () => {
    while (writing) {
      const value = { count: ++count, padding: "x".repeat(600) };
      await site.store.commits.put([
        putMutation(["test", "a", count % 500], value),
        putMutation(["test", "b", count % 500], value),
      ]);
    }
  })();
  while (count < 500) await new Promise((resolve) => setTimeout(resolve, 1));
  const at_start = count;
  const { path, bytes, site: copied } = await backUp(site.path, `${site.folder}/copy.db`);
  writing = false;
  await writer;
  assert(count > at_start, "writers went on meanwhile");
  assertEquals(copied.site_id, site.store.site.site_id);
  assertEquals((await Deno.stat(path)).size, bytes);
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  const kv = await Deno.openKv(path);
  for (let slot = 0; slot < 500; slot++) {
    const [a, b] = await kv.getMany<[Uint8Array, Uint8Array]>([["test", "a", slot], ["test", "b", slot]]);
    assertEquals(a.value, b.value);
  }
  kv.close();
});

Deno.test("Deno KV keeps the small pages that the database was made with, and so does a backup", async () => {
  await using site = await openStore();
  await site.store.commits.put([putMutation(["test", "long"], { padding: "x".repeat(50_000) })]);
  await backUp(site.path, `${site.folder}/copy.db`);
  await site.close();
  for (const path of [site.path, `${site.folder}/copy.db`]) {
    using database = new DatabaseSync(path);
    assertEquals({ ...database.prepare("pragma page_size").get() }, { page_size: 1024 });
    assertEquals({ ...database.prepare("pragma auto_vacuum").get() }, { auto_vacuum: 2 });
  }
});

Deno.test("backUp leaves nothing behind when it fails", async () => {
  await using site = await openStore();
  await assertRejects(() => backUp(`${site.folder}/none.db`, `${site.folder}/copy.db`));
  assertEquals([...Deno.readDirSync(site.folder)].filter(({ name }) => name.startsWith("copy")), []);
});

Deno.test("restore puts a backup in the database's place and keeps what was there", async () => {
  await using site = await openStore();
  await site.store.changeSettings({ name: "before" });
  await backUp(site.path, `${site.folder}/copy.db`);
  await site.store.changeSettings({ name: "after" });
  await site.close();
  const { kept } = await restore(`${site.folder}/copy.db`, site.path, { now: Date.UTC(2026, 0, 2) });
  assertMatch(kept ?? "", /gateway\.db\.before-gateway-20260102-000000\.db$/);
  const names = await Promise.all([site.path, kept!].map(async (path) => {
    const store = await Store.open({ path, window_ms: 0 });
    const { name } = store.settings;
    await store.close();
    return name;
  }));
  assertEquals(names, ["before", "after"]);
});

Deno.test("restore refuses damaged and newer files, and touches nothing then", async () => {
  await using site = await openStore();
  await site.store.changeSettings({ name: "mine" });
  const copy = `${site.folder}/copy.db`;
  await backUp(site.path, copy);
  await site.close();
  const kv = await Deno.openKv(copy);
  await kv.set(
    ["site"],
    new TextEncoder().encode(JSON.stringify({ site_id: "x", schema: SCHEMA + 1, created_at: "" })),
  );
  kv.close();
  const newer = await assertRejects(() => restore(copy, site.path, { now: 0 }), DatabaseFileError);
  assertMatch(
    newer.message,
    new RegExp(`was written by a newer program \\(schema ${SCHEMA + 1}, this one knows ${SCHEMA}\\)`),
  );
  await Deno.writeTextFile(copy, "no database at all, but long enough to be read as one ".repeat(50));
  await assertRejects(() => restore(copy, site.path, { now: 0 }), DatabaseFileError, "not a database");
  assertEquals(readSite(site.path)?.site_id, site.store.site.site_id);
});

Deno.test("verifyDatabase finds a page that was damaged", async () => {
  await using site = await openStore();
  for (let index = 0; index < 50; index++) {
    await site.store.commits.put([putMutation(["test", index], "y".repeat(2000))]);
  }
  await backUp(site.path, `${site.folder}/copy.db`);
  using file = await Deno.open(`${site.folder}/copy.db`, { write: true, read: true });
  const { size } = await file.stat();
  for (let at = 8192; at < size; at += 4096) {
    await file.seek(at, Deno.SeekMode.Start);
    await file.write(new Uint8Array(64).fill(0xa5));
  }
  try {
    verifyDatabase(`${site.folder}/copy.db`);
    throw new Error("it was taken for whole");
  } catch (error) {
    assert(error instanceof DatabaseFileError, String(error));
  }
});

Deno.test("pruneBackups keeps the newest, and those with a reason apart", async () => {
  const folder = await Deno.makeTempDir();
  const day = (number: number, why?: string) => backupName(Date.UTC(2026, 0, number), why);
  for (let number = 1; number <= 5; number++) await Deno.writeTextFile(`${folder}/${day(number)}`, "");
  await Deno.writeTextFile(`${folder}/${day(1, "update")}`, "");
  await Deno.writeTextFile(`${folder}/letter.txt`, "");
  await pruneBackups(folder, 2, Date.UTC(2026, 0, 9));
  assertEquals((await listBackups(folder)).map(({ name }) => name), [day(5), day(4), day(1, "update")]);
  await Deno.stat(`${folder}/letter.txt`);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("pruneBackups lets backups go first that a wrong clock has dated in the future", async () => {
  const folder = await Deno.makeTempDir();
  const names = [1, 2, 400, 500].map((number) => backupName(Date.UTC(2026, 0, number)));
  for (const name of names) await Deno.writeTextFile(`${folder}/${name}`, "");
  await pruneBackups(folder, 2, Date.UTC(2026, 0, 3));
  assertEquals((await listBackups(folder)).map(({ name }) => name), [names[1], names[0]]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("vacuum gives the room of deleted records back", async () => {
  await using site = await openStore();
  const keys = Array.from({ length: 400 }, (_, index) => ["test", index]);
  for (const key of keys) await site.store.commits.put([putMutation(key, "z".repeat(8000))]);
  await backUp(site.path, `${site.folder}/full.db`); // brings the WAL into the file
  const full = (await Deno.stat(site.path)).size;
  for (const key of keys) await site.store.commits.put([deleteMutation(key)]);
  while (vacuum(site.path, 500) > 0);
  await backUp(site.path, `${site.folder}/empty.db`);
  assert((await Deno.stat(site.path)).size < full / 4);
});

Deno.test("migrate makes a backup, takes each step once and notes it", async () => {
  await using site = await openStore();
  const done: string[] = [];
  const [next, last] = [SCHEMA + 1, SCHEMA + 2];
  const migrations: Migration[] = [next, last].map((to) => ({
    to,
    run: () => Promise.resolve(void done.push(`to ${to}`)),
  }));
  const parts = {
    kv: site.store.read,
    commits: site.store.commits,
    migrations,
    backUp: () => Promise.resolve(void done.push("backup")),
  };
  const mutationsOf = (site: Site) => [putMutation(FILE_SITE_KEY, site)];
  const migrated = await migrate({ site: site.store.site, mutationsOf }, last, parts);
  assertEquals(done, ["backup", `to ${next}`, `to ${last}`]);
  assertEquals(readSite(site.path)?.schema, last);
  await migrate({ site: migrated, mutationsOf }, last, parts);
  assertEquals(done.length, 3);
  await assertRejects(
    () => migrate({ site: migrated, mutationsOf }, last + 2, parts),
    Error,
    `there is no migration from its schema ${last} to ${last + 2}`,
  );
});
