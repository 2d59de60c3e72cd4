// Migration to schema 2: transactions have indexes, and there are sums of them. The running sessions get theirs at once, the others while serving.
import { fromBytes } from "./kv/codec.ts";
import type { Commits } from "./kv/commits.ts";
import { CurrentValues } from "./kv/current_values.ts";
import { readOr } from "./kv/damage.ts";
import { putMutation } from "./kv/mutation.ts";
import type { Transaction } from "./records/transaction.ts";
import type { Upgrade } from "./records/upgrade.ts";
import { keysFor } from "./kv/keys.ts";
import { TransactionIndex } from "./transaction_index.ts";

const NAMES = [
  "transaction",
  "active",
  "upgrade",
  "by_start",
  "by_charger",
  "by_tag",
  "by_charger_tag",
] as const;

/** Indexes the running sessions, and notes the work that is left: see `services/upgrades.ts`. */
export async function indexTransactions(kv: Deno.Kv, site_id: string, commits: Commits): Promise<void> {
  const keys = keysFor(site_id, NAMES);
  const prefix = [...keys.transaction];
  let upto = 0;
  for await (const { key } of kv.list({ prefix }, { limit: 1, reverse: true })) upto = Number(key.at(-1));
  if (upto === 0) return;
  const index = new TransactionIndex(new CurrentValues(kv), keys);
  for await (const { key } of kv.list({ prefix: [...keys.active] })) {
    const entry = await kv.get<Uint8Array>([...prefix, key.at(-1)!]);
    const read = fromBytes<Transaction>;
    const transaction = entry.value && readOr(entry, { read, fallback: null, damaged: undefined });
    if (transaction) await commits.put(index.added(transaction));
  }
  const upgrades: Upgrade[] = [{ name: "indexes", done: 0, upto }, { name: "sums", done: 0, upto }];
  await commits.put(upgrades.map((upgrade) => putMutation([...keys.upgrade, upgrade.name], upgrade)));
}
