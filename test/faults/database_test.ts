// Missing, empty, damaged and foreign databases: the gateway refuses to start and names the remedy.
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { forgetSite, guardDatabase, noteSite } from "../../src/store/file/site_guard.ts";
import { readSite } from "../../src/store/file/database_file.ts";
import { SCHEMA } from "../../src/store/site.ts";
import { Store } from "../../src/store/store.ts";
import { runCommand, spawnGateway, tempDir } from "./gateway_process.ts";

/** A data dir that a gateway has used. */
async function usedDir() {
  const folder = await tempDir();
  const path = `${folder.path}/gateway.db`;
  await guardDatabase(path, Date.now());
  const store = await Store.open({ path, window_ms: 0 });
  await store.changeSettings({ name: "Depot" });
  await store.close();
  await noteSite(path, store.site.site_id);
  return { path, site_id: store.site.site_id, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

async function refused(path: string): Promise<string> {
  return (await assertRejects(() => guardDatabase(path, Date.now()), Error)).message;
}

Deno.test("guardDatabase lets the site's own database in, and a new one where there was none", async () => {
  await using used = await usedDir();
  await guardDatabase(used.path, Date.now());
  assertEquals(readSite(used.path)?.site_id, used.site_id);
});

Deno.test("guardDatabase refuses a data dir whose database is gone or empty", async () => {
  await using used = await usedDir();
  await Deno.truncate(used.path, 0);
  assertMatch(await refused(used.path), /is empty; restore a backup with 'ocpp-gateway restore FILE'/);
  await Deno.remove(used.path);
  assertMatch(await refused(used.path), /is gone; restore a backup/);
});

Deno.test("guardDatabase refuses a database without records beside a site's id", async () => {
  await using used = await usedDir();
  await Deno.remove(used.path);
  const kv = await Deno.openKv(used.path);
  await kv.set(["x"], 1);
  await kv.delete(["x"]);
  kv.close();
  assertMatch(await refused(used.path), /is empty/);
});

Deno.test("guardDatabase refuses damaged files and other programs' files", async () => {
  await using used = await usedDir();
  await Deno.writeTextFile(
    used.path,
    "this is no database, and was never one; it is a text of some length\n".repeat(100),
  );
  assertMatch(await refused(used.path), /cannot be read \(file is not a database\)/);
  await Deno.remove(used.path);
  const foreign = new DatabaseSync(used.path);
  foreign.exec("create table songs (title)");
  foreign.close();
  assertMatch(await refused(used.path), /is a database of another program/);
});

Deno.test("guardDatabase refuses a truncated file", async () => {
  await using used = await usedDir();
  const { size } = await Deno.stat(used.path);
  await Deno.truncate(used.path, size - 8192);
  assertMatch(await refused(used.path), /cannot be read|malformed|damaged/);
});

Deno.test("guardDatabase refuses another program's KV file", async () => {
  await using folder = await tempDir();
  const path = `${folder.path}/gateway.db`;
  const kv = await Deno.openKv(path);
  await kv.set(["songs"], 1);
  kv.close();
  assertMatch(await refused(path), /is a database of another program/);
});

Deno.test("guardDatabase refuses another site's database, until that is forgotten", async () => {
  await using used = await usedDir();
  await noteSite(used.path, "cafecafe");
  assertMatch(await refused(used.path), new RegExp(`belongs to site ${used.site_id}, not to cafecafe`));
  await forgetSite(used.path);
  await guardDatabase(used.path, Date.now());
});

Deno.test("guardDatabase refuses the database of a newer program", async () => {
  await using used = await usedDir();
  const kv = await Deno.openKv(used.path);
  const site = { site_id: used.site_id, schema: SCHEMA + 1, created_at: "" };
  await kv.set(["site"], new TextEncoder().encode(JSON.stringify(site)));
  kv.close();
  assertMatch(await refused(used.path), /was written by a newer program .* update the program/);
});

Deno.test("serve ends with one line and exit code 1 where the database is damaged", async () => {
  await using used = await usedDir();
  await Deno.truncate(used.path, 0);
  const data_dir = used.path.replace(/\/[^/]*$/, "");
  const { code, stderr } = await runCommand(["serve", "--port", "0", "--data-dir", data_dir]);
  assertEquals(code, 1);
  assertMatch(stderr, /^Cannot start: the database \S+ is empty; restore a backup[^\n]*\n$/);
});

Deno.test("a second gateway on the same data dir, or the same database, does not start", async () => {
  await using folder = await tempDir();
  await using other = await tempDir();
  const kv = `${other.path}/site.db`;
  await using _gateway = await spawnGateway({ data_dir: folder.path, args: ["--kv", kv] });
  const same = await runCommand(["serve", "--port", "0", "--data-dir", folder.path]);
  assertEquals(same.code, 1);
  assertStringIncludes(same.stderr, `another gateway uses the data directory ${folder.path}`);
  const second = await runCommand([
    "serve",
    "--port",
    "0",
    "--data-dir",
    `${folder.path}/second`,
    "--kv",
    kv,
  ]);
  assertEquals(second.code, 1);
  assertStringIncludes(second.stderr, `another gateway uses the database ${kv}`);
});

Deno.test("SIGTERM ends the gateway with code 0, and nothing is left in the WAL", async () => {
  await using folder = await tempDir();
  await using gateway = await spawnGateway({ data_dir: folder.path });
  assertEquals((await gateway.rest("PATCH", "/ocpp/settings/", { name: "Depot" })).status, 200);
  assertEquals((await gateway.stop()).code, 0);
  assert(!await Deno.stat(`${folder.path}/gateway.db-wal`).catch(() => null));
});
