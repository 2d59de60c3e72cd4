import { assertEquals, assertRejects } from "@std/assert";
import { Commits } from "../../src/store/kv/commits.ts";
import { keysOf } from "../../src/store/tables.ts";
import { Transactions } from "../../src/store/transactions.ts";

Deno.test("Transactions.startedBy reads again after a failed read", async () => {
  using kv = await Deno.openKv(":memory:");
  let failing = true;
  const read = {
    list: (selector: Deno.KvListSelector, options?: Deno.KvListOptions) => {
      if (failing) throw new TypeError("disk I/O error");
      return kv.list(selector, options);
    },
  } as unknown as Deno.Kv;
  const commits = new Commits(kv, { window_ms: 0 });
  const transactions = new Transactions({ commits, read }, keysOf("site1"));
  await assertRejects(() => transactions.startedBy("CP1", "start"), TypeError, "disk I/O error");
  failing = false;
  assertEquals(await transactions.startedBy("CP1", "start"), undefined);
  await commits.close();
});
