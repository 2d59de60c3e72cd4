// The check of all values in a database file that no gateway writes to.
import { DatabaseSync } from "node:sqlite";
import { damageId, publicName, someOf } from "../damages.ts";
import { fromBytes } from "../kv/codec.ts";
import type { DamageRecord } from "../records/damage.ts";
import type { Site } from "../site.ts";
import { ValueAudit } from "../value_audit.ts";
import { decodeKey, type KvRow, rowsBelow } from "./kv_rows.ts";

const PAGE = 200; // values of up to 64 kB

/**
 * Checks all values of a site in the file `path`. Returns the number of those that are damaged, or were found so and not
 * discarded, with the names of some; null: there is none.
 */
export function damageIn(path: string, { site_id }: Site): string | null {
  const damaged = new Map<string, string>();
  const note = (record: Pick<DamageRecord, "table" | "key">) =>
    void damaged.set(damageId(record), publicName(record));
  const audit = new ValueAudit(({ key: [, table, ...key] }) =>
    note({ table: String(table), key: key as (string | number)[] })
  );
  using database = new DatabaseSync(path, { readOnly: true });
  for (const { key, value } of eachRow(database, site_id)) {
    const parts = partsOf(key);
    if (!parts) continue;
    if (parts[1] === "damage") note(recordIn(value) ?? { table: "damage", key: parts.slice(2) });
    audit.take({ key: parts, value });
  }
  audit.finish();
  if (damaged.size === 0) return null;
  return `${damaged.size} (${someOf([...damaged.values()])})`;
}

function* eachRow(database: DatabaseSync, site_id: string): Generator<KvRow> {
  let rows = rowsBelow(database, [site_id], { limit: PAGE });
  while (rows.length > 0) {
    yield* rows;
    rows = rowsBelow(database, [site_id], { limit: PAGE, after: rows.at(-1)!.key });
  }
}

function recordIn(value: Uint8Array): DamageRecord | null {
  try {
    return fromBytes<DamageRecord>(value);
  } catch {
    return null;
  }
}

/** Returns a stored key's parts; null: it is none of the gateway's. */
function partsOf(key: Uint8Array): (string | number)[] | null {
  try {
    return decodeKey(key);
  } catch {
    return null;
  }
}
