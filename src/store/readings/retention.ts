// Retention: deletion of old readings.
import { ownTurn } from "../../event_loop.ts";
import type { Commits } from "../kv/commits.ts";
import { HOUR } from "./compaction.ts";
import { deleteMutation } from "../kv/mutation.ts";
import type { ReadingKeys } from "./keys.ts";

const HOURS = 24;
const DELETES = 250; // the keys of one commit then stay below its limit

/**
 * Deletes the chunks of hours that ended before `before` (ms since 1970), in several commits. Returns their number. The
 * sums of their days go first: what is left of such a day is read from its chunks.
 */
export async function deleteChunks(
  commits: Commits,
  read: Deno.Kv,
  keys: ReadingKeys,
  before: number,
): Promise<number> {
  let deleted = 0;
  const hour = Math.floor(before / HOUR);
  for await (const charger_id of chargersWithChunks(read, keys)) {
    await deleteBefore([...keys.reading_day, charger_id], Math.ceil(hour / HOURS), { commits, read });
    deleted += await deleteBefore([...keys.chunk, charger_id], hour, { commits, read });
  }
  return deleted;
}

/** Deletes the values whose keys go on with a number below `end`. Returns their number. */
async function deleteBefore(
  prefix: Deno.KvKey,
  end: number,
  { commits, read }: { commits: Commits; read: Deno.Kv },
): Promise<number> {
  let deleted = 0;
  const selector = { prefix, end: [...prefix, end] };
  for (let found = DELETES; found === DELETES; deleted += found) {
    const entries = await Array.fromAsync(read.list(selector, { limit: DELETES, batchSize: DELETES }));
    found = entries.length;
    if (found > 0) await commits.put(entries.map(({ key }) => deleteMutation(key)), { deferred: true });
    await ownTurn();
  }
  return deleted;
}

/** Yields the ids of the chargers with chunks, in order, from `from` on; one read each. */
export async function* chargersWithChunks(
  read: Deno.Kv,
  { chunk }: ReadingKeys,
  from = "",
): AsyncGenerator<string> {
  for (let after = from;;) {
    const selector = { prefix: [...chunk], start: [...chunk, after] };
    const [entry] = await Array.fromAsync(read.list(selector, { limit: 1 }));
    if (!entry) return;
    const charger_id = String(entry.key[chunk.length]);
    yield charger_id;
    after = `${charger_id}\0`;
  }
}
