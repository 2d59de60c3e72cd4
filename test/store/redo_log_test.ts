// The redo log: what is committed is read as if it were in its table, and survives whatever interrupts a checkpoint.
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { StorageError } from "../../src/store/kv/commits.ts";
import type { TableSelector } from "../../src/store/kv/pending_writes.ts";
import type { Mutation } from "../../src/store/kv/mutation.ts";
import { Store } from "../../src/store/store.ts";
import { transactionWith } from "../kit/transaction.ts";
import { TemporaryStore } from "./temporary_store.ts";

const TABLES = ["transaction", "active", "unlogged"];
const encoder = new TextEncoder();

const part = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom("", "a", "A", "ab", "ä", "\u{1f50c}", "\uffee", "a\0b", "a\u0001"),
  fc.constantFrom(1.5, 1e15, -8.64e15),
);
const change = fc.record({
  key: fc.tuple(fc.constant("site1"), fc.constantFrom(...TABLES), part, part),
  value: fc.option(fc.string({ maxLength: 6 }), { freq: 3 }),
});
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ put: fc.array(change, { minLength: 1, maxLength: 6 }) }) },
  { weight: 2, arbitrary: fc.constant({ checkpoint: true as const }) },
  { weight: 1, arbitrary: fc.constant({ reopen: true as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      crash_at: fc.integer({ min: 1, max: 5 }),
      kind: fc.constantFrom("lost" as const, "cut" as const),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function mutationsOf(
  changes: readonly { key: readonly (string | number)[]; value: string | null }[],
): Mutation[] {
  return changes.map(({ key, value }) => ({ key, value: value === null ? null : encoder.encode(value) }));
}

/** Puts the same into a database without a log. */
async function putPlainly(kv: Deno.Kv, mutations: readonly Mutation[]): Promise<void> {
  for (const { key, value } of mutations) await (value ? kv.set(key, value) : kv.delete(key));
}

async function take(step: Step, store: TemporaryStore, plain: Deno.Kv): Promise<void> {
  if ("put" in step) {
    const mutations = mutationsOf(step.put);
    await store.commits.put(mutations);
    await putPlainly(plain, mutations);
  } else if ("crash_at" in step) {
    store.fail({ at: step.crash_at, kind: step.kind, forever: true });
    await store.redo_log.checkpoint().catch(() => {});
    await store.reopen();
  } else if ("reopen" in step) await store.reopen();
  else await store.redo_log.checkpoint();
}

const shown = (
  { key, value }: { key: Deno.KvKey; value: Uint8Array },
) => [key, new TextDecoder().decode(value)];

/** Lists a range in all ways, by the log and without it. */
async function compare(store: TemporaryStore, plain: Deno.Kv, selector: TableSelector): Promise<void> {
  for (
    const options of [{}, { reverse: true }, { limit: 2 }, { limit: 3, reverse: true }, { batchSize: 1 }]
  ) {
    const listed = (await Array.fromAsync(store.current.list(selector, options))).map(shown);
    const wanted = await Array.fromAsync(plain.list<Uint8Array>(selector as Deno.KvListSelector, options));
    assertEquals(listed, wanted.map(shown), JSON.stringify([selector, options]));
  }
}

async function compareAll(store: TemporaryStore, plain: Deno.Kv): Promise<void> {
  for (const table of TABLES) {
    const prefix = ["site1", table];
    await compare(store, plain, { prefix });
    await compare(store, plain, { prefix: [...prefix, "a"] });
    await compare(store, plain, { prefix, start: [...prefix, "a\0b"] });
    await compare(store, plain, { start: [...prefix, "\u{1f50c}"], end: [...prefix, 2] });
    for await (const { key, value } of plain.list<Uint8Array>({ prefix })) {
      assertEquals(await store.current.get(key), value);
      assertEquals(await store.current.getMany([key, [...prefix, 99, 99]]), [value, null]);
    }
  }
}

Deno.test("What is committed is read as from a database without a log, whatever interrupts a checkpoint", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
      await using store = await TemporaryStore.open();
      using plain = await Deno.openKv(":memory:");
      for (const each of steps) await take(each, store, plain);
      await compareAll(store, plain);
      await store.reopen();
      await compareAll(store, plain);
    }),
    { numRuns: 60 },
  );
});

Deno.test("A checkpoint leaves every write in its table and nothing in the log", async () => {
  await using store = await TemporaryStore.open();
  for (let id = 0; id < 500; id++) await store.commits.put([put(id % 300, `v${id}`), put(1_000 + id, null)]);
  await store.redo_log.checkpoint();
  const rows = await Array.fromAsync(store.read.list<Uint8Array>({ prefix: ["site1", "transaction"] }));
  assertEquals(rows.length, 300);
  assertEquals(shown(rows[0]!)[1], "v300");
  assertEquals(await Array.fromAsync(store.read.list({ prefix: [...store.keys.redo] })), []);
});

Deno.test("A commit that was reported as failed, but is in the log, is not replayed over later ones", async () => {
  await using store = await TemporaryStore.open();
  store.fail({ at: 1, kind: "cut", forever: false });
  await assertRejects(() => store.commits.put([put(1, "failed")]), StorageError);
  await store.commits.put([put(1, "later")]);
  await store.redo_log.checkpoint();
  await store.reopen();
  assertEquals(new TextDecoder().decode((await store.current.get(keyOf(1)))!), "later");
});

Deno.test("A damaged commit in the log is reported and stays; the others are replayed", async () => {
  await using store = await TemporaryStore.open();
  for (const id of [1, 2, 3]) await store.commits.put([put(id, "kept".repeat(20_000).slice(0, 65_000))]);
  const entries = await Array.fromAsync(store.read.list<Uint8Array>({ prefix: [...store.keys.redo] }));
  assertEquals(entries.length, 6, "a long commit has two parts");
  const { key, value } = entries[2]!;
  await store.write.set(key, value.with(4_000, value[4_000]! ^ 1));
  await store.reopen();
  assertEquals(store.damages, [key.join("/")]);
  assertEquals([await store.current.get(keyOf(2)), (await store.current.get(keyOf(3)))?.length], [
    null,
    65_000,
  ]);
  await store.commits.put([put(2, "again")]);
  await store.redo_log.checkpoint();
  assertEquals((await store.read.get(key)).value !== null, true);
  await store.reopen();
  assertEquals(new TextDecoder().decode((await store.current.get(keyOf(2)))!), "again");
});

Deno.test("A store that ends without a checkpoint has its sessions at the next start, and a stop leaves no log", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/kv.db`;
  const first = await Store.open({ path, window_ms: 0 });
  await first.transactions.add(transactionWith({ transaction_id: 1, state: "active", stop_time: null }));
  await Deno.copyFile(path, `${folder}/cut.db`);
  await Deno.copyFile(`${path}-wal`, `${folder}/cut.db-wal`);
  await first.close();
  for (const file of ["cut.db", "kv.db"]) {
    const store = await Store.open({ path: `${folder}/${file}`, window_ms: 0 });
    assertEquals(store.transactions.active().map(({ transaction_id }) => transaction_id), [1], file);
    assertEquals((await store.transactions.list({ charger_id: "CP1" })).transactions.length, 1);
    const log = await Array.fromAsync(store.read.list({ prefix: [store.site.site_id, "redo"] }));
    assert(log.length === 0, file);
    await store.close();
  }
  await Deno.remove(folder, { recursive: true });
});

function keyOf(id: number): Deno.KvKey {
  return ["site1", "transaction", id];
}

function put(id: number, value: string | null): Mutation {
  return { key: keyOf(id), value: value === null ? null : encoder.encode(value) };
}
