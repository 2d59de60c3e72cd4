// The check of all values in a database file that no gateway writes to.
import { DatabaseSync } from "node:sqlite";
import { damageId } from "../damages.ts";
import type { Site } from "../site.ts";
import { ValueAudit } from "../value_audit.ts";
import { decodeKey, type KvRow, rowsBelow } from "./kv_rows.ts";

const PAGE = 200; // values of up to 64 kB
const NAMED = 5;

/**
 * Checks all values of a site in the file `path`. Returns the number of those that are damaged, or were found so and not
 * discarded, with the names of some; null: there is none.
 */
export function damageIn(path: string, { site_id }: Site): string | null {
  const damaged = new Set<string>();
  const audit = new ValueAudit(({ key }) => damaged.add(idOf(key)));
  using database = new DatabaseSync(path, { readOnly: true });
  for (const { key, value } of eachRow(database, site_id)) {
    const parts = partsOf(key);
    if (!parts) continue;
    if (parts[1] === "damage") damaged.add(String(parts[2]));
    audit.take({ key: parts, value });
  }
  audit.finish();
  if (damaged.size === 0) return null;
  const names = [...damaged].slice(0, NAMED).join(", ");
  return `${damaged.size} (${names}${damaged.size > NAMED ? ", …" : ""})`;
}

function* eachRow(database: DatabaseSync, site_id: string): Generator<KvRow> {
  let rows = rowsBelow(database, [site_id], { limit: PAGE });
  while (rows.length > 0) {
    yield* rows;
    rows = rowsBelow(database, [site_id], { limit: PAGE, after: rows.at(-1)!.key });
  }
}

function idOf([, table, ...key]: Deno.KvKey): string {
  return damageId({ table: String(table), key: key as (string | number)[] });
}

/** Returns a stored key's parts; null: it is none of the gateway's. */
function partsOf(key: Uint8Array): (string | number)[] | null {
  try {
    return decodeKey(key);
  } catch {
    return null;
  }
}
