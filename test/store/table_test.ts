// Tables: memory is the same as the database after failed writes.
import { assertEquals, assertRejects } from "@std/assert";
import { Commits, StorageError } from "../../src/store/kv/commits.ts";
import { keysOf } from "../../src/store/tables.ts";
import { Table } from "../../src/store/kv/table.ts";

interface Thing {
  name: string;
  size: number;
}

/** A table whose commits fail from the second on. */
async function failingTable() {
  const kv = await Deno.openKv(":memory:");
  let count = 0;
  const fail = (): Promise<Deno.KvCommitResult> => Promise.reject(new TypeError("disk I/O error"));
  const atomic = () => count++ === 0 ? kv.atomic() : Object.assign(kv.atomic(), { commit: fail });
  const commits = new Commits({ atomic }, { window_ms: 0 });
  return {
    table: new Table<Thing>({ commits, read: kv, prefix: keysOf("site1").user, key: ({ name }) => name }),
    async [Symbol.asyncDispose](): Promise<void> {
      await commits.close();
      kv.close();
    },
  };
}

Deno.test("Table has what is stored again when several writes of a record failed", async () => {
  await using place = await failingTable();
  const { table } = place;
  await table.put({ name: "a", size: 1 });
  const writes = [2, 3, 4].map((size) => table.put({ name: "a", size }));
  assertEquals(table.get("a")?.size, 4);
  for (const write of writes) await assertRejects(() => write, StorageError);
  assertEquals(table.get("a")?.size, 1);
});

Deno.test("Table forgets a record that was never stored, and has one again that could not be deleted", async () => {
  await using place = await failingTable();
  const { table } = place;
  await table.put({ name: "a", size: 1 });
  await Promise.allSettled([table.put({ name: "b", size: 1 }), table.put({ name: "b", size: 2 })]);
  assertEquals(table.has("b"), false);
  await assertRejects(() => table.delete("a"), StorageError);
  assertEquals(table.get("a")?.size, 1);
});
