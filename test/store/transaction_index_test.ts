// Lists of transactions by their indexes, and the indexes of an older program's transactions.
import { assertEquals } from "@std/assert";
import { SILENT } from "../../src/log.ts";
import { Upgrades } from "../../src/services/upgrades.ts";
import { FILE_SITE_KEY } from "../../src/store/site.ts";
import { Store, type Transaction } from "../../src/store/store.ts";
import { keysOf } from "../../src/store/tables.ts";
import type { TransactionFilter } from "../../src/store/transactions.ts";
import { transactionWith } from "../kit/transaction.ts";

const HOUR = 3_600_000;
const FIRST = Date.UTC(2026, 2, 1);

/** Sessions of 3 chargers and 4 tags, some of which came late, and one that runs. */
const SESSIONS: Transaction[] = Array.from({ length: 120 }, (_, index) => {
  const start = FIRST + (index % 7 === 3 ? index - 20 : index) * HOUR;
  return transactionWith({
    transaction_id: index + 1,
    charger_id: `CP${index % 3}`,
    id_tag: index % 2 ? `Tag${index % 4}` : `TAG${index % 4}`,
    start_time: new Date(start).toISOString(),
    ...(index === 90 ? { state: "active", stop_time: null } : {}),
  });
});

const FILTERS: TransactionFilter[] = [
  {},
  { charger_id: "CP1" },
  { id_tag: "tag2" },
  { charger_id: "CP2", id_tag: "TAG1" },
  { from: FIRST + 10 * HOUR, to: FIRST + 60 * HOUR },
  { charger_id: "CP0", id_tag: "tag3", from: FIRST + 20 * HOUR, to: FIRST + 100 * HOUR, state: "completed" },
  { state: "completed" },
  { state: "active" },
  { state: "active", charger_id: "CP1" },
  { id_tag: "nobody" },
  { from: FIRST + 50 * HOUR, to: FIRST + 40 * HOUR },
];

/** Returns the ids of the matching sessions by a plain look at all of them. */
function expected({ charger_id, id_tag, from, to, state }: TransactionFilter): number[] {
  const start = ({ start_time }: Transaction) => Date.parse(start_time);
  return SESSIONS.filter((one) =>
    (charger_id === undefined || one.charger_id === charger_id) &&
    (id_tag === undefined || one.id_tag.toLowerCase() === id_tag.toLowerCase()) &&
    (state === undefined || one.state === state) &&
    start(one) >= (from ?? -Infinity) && start(one) < (to ?? Infinity)
  ).sort((a, b) => start(b) - start(a) || b.transaction_id - a.transaction_id)
    .map(({ transaction_id }) => transaction_id);
}

async function filled(path = ":memory:"): Promise<Store> {
  const store = await Store.open({ path, window_ms: 0 });
  await Promise.all(SESSIONS.map((transaction) => store.transactions.add({ ...transaction })));
  return store;
}

/** Returns the ids of a list, page by page. */
async function paged(store: Store, filter: TransactionFilter): Promise<number[]> {
  const ids: number[] = [];
  for (let cursor: string | null = null;;) {
    const page = { ...filter, limit: 7, ...(cursor === null ? {} : { cursor: Number(cursor) }) };
    const { transactions, next } = await store.transactions.list(page);
    ids.push(...transactions.map(({ transaction_id }) => transaction_id));
    if (next === null) return ids;
    cursor = next;
  }
}

Deno.test("Transactions.list answers combined filters newest first, in pages", async () => {
  const store = await filled();
  for (const filter of FILTERS) {
    assertEquals(await paged(store, filter), expected(filter), JSON.stringify(filter));
  }
  await store.close();
});

Deno.test("Transactions.list finds a running session whose start was moved by a step of the clock", async () => {
  const store = await filled();
  const [running] = store.transactions.active();
  running!.start_time = new Date(FIRST + 500 * HOUR).toISOString();
  await store.transactions.put(running!);
  const { transactions } = await store.transactions.list({ limit: 1 });
  assertEquals(transactions.map(({ transaction_id }) => transaction_id), [91]);
  const before = await store.transactions.list({ from: FIRST + 90 * HOUR, to: FIRST + 91 * HOUR });
  assertEquals(before.transactions, []);
  await store.redo_log.checkpoint();
  const keys = await Array.fromAsync(store.read.list({ prefix: [...keysOf(store.site.site_id).by_start] }));
  assertEquals(keys.length, SESSIONS.length);
  await store.close();
});

/** Takes the indexes away, as a program without them leaves the database. */
async function withoutIndexes(path: string): Promise<void> {
  const store = await filled(path);
  await store.redo_log.checkpoint();
  const keys = keysOf(store.site.site_id);
  for (const prefix of [keys.by_start, keys.by_charger, keys.by_tag, keys.by_charger_tag]) {
    for await (const { key } of store.write.list({ prefix: [...prefix] })) await store.write.delete(key);
  }
  await store.write.set(
    FILE_SITE_KEY,
    new TextEncoder().encode(JSON.stringify({ ...store.site, schema: 1 })),
  );
  await store.close();
}

function upgradesOf(store: Store): Upgrades {
  return new Upgrades({ store, log: SILENT }, {
    indexes: (done) => store.transactions.indexAfter(done),
    sums: () => Promise.resolve(null),
  });
}

Deno.test("Store.open of an older database lists at once, and its indexes are made while serving, also after an interruption", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/kv.db`;
  await withoutIndexes(path);
  let backups = 0;
  const backUp = () => Promise.resolve(void backups++);
  let store = await Store.open({ path, window_ms: 0, backUp });
  const all = (filter: TransactionFilter) => paged(store, filter).then((ids) => ids.sort((a, b) => b - a));
  for (const filter of FILTERS) assertEquals(await all(filter), expected(filter).sort((a, b) => b - a));
  assertEquals(await store.transactions.indexAfter(0), 50);
  assertEquals(upgradesOf(store).progress().map(({ name }) => name), ["indexes", "sums"]);
  await store.close(); // as a power cut does: nothing was noted
  store = await Store.open({ path, window_ms: 0, backUp });
  const upgrades = upgradesOf(store);
  upgrades.start();
  await upgrades.finished;
  assertEquals([upgrades.progress(), backups], [[], 1]);
  for (const filter of FILTERS) assertEquals(await paged(store, filter), expected(filter));
  await store.close();
  await Deno.remove(folder, { recursive: true });
});
