// Reading many transactions by id.
import type { CurrentValues } from "./kv/current_values.ts";

const AT_ONCE = 10; // the most that Deno KV reads by key

/** Returns the stored transactions of some ids: in one go if the ids are close together, else by key. */
export async function rowsOf(
  ids: readonly number[],
  kv: CurrentValues,
  prefix: readonly string[],
): Promise<Map<number, Uint8Array>> {
  const low = Math.min(...ids);
  const high = Math.max(...ids);
  const rows = new Map<number, Uint8Array>();
  if (high - low >= 2 * ids.length) {
    await Promise.all(portions(ids).map((some) => readByKey(some, { kv, prefix, rows })));
    return rows;
  }
  const range = { start: [...prefix, low], end: [...prefix, high + 1] };
  for await (const { key, value } of kv.list(range, { batchSize: 500 })) {
    rows.set(Number(key.at(-1)), value);
  }
  return rows;
}

interface Reading {
  kv: CurrentValues;
  prefix: readonly string[];
  rows: Map<number, Uint8Array>;
}

async function readByKey(ids: readonly number[], { kv, prefix, rows }: Reading): Promise<void> {
  const values = await kv.getMany(ids.map((id) => [...prefix, id]));
  values.forEach((value, index) => value && rows.set(ids[index]!, value));
}

function portions(ids: readonly number[]): number[][] {
  return Array.from(
    { length: Math.ceil(ids.length / AT_ONCE) },
    (_, index) => ids.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
}
