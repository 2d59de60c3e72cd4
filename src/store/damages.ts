// The table of damaged values: what was found, and a copy of it before anything is written in its place.
import type { StoredValue } from "./kv/damage.ts";
import type { TableDeps } from "./kv/declaration.ts";
import type { Keys } from "./kv/keys.ts";
import type { Commits } from "./kv/commits.ts";
import { deleteMutation, type Mutation, putMutation } from "./kv/mutation.ts";
import { Table } from "./kv/table.ts";
import type { DamageRecord } from "./records/damage.ts";

/** Records beyond this number are not kept: a database so damaged is restored, not examined value by value. */
const MAX_RECORDS = 1_000;
/** Its last key gives the next id, so a key of it stays. */
const ID_GIVER = "transaction";
/** Tables whose keys anybody may see. */
const PUBLIC_KEYS: ReadonlySet<string> = new Set([
  "transaction",
  "journal",
  "series",
  "shape",
  "fold",
  "settings",
  "site",
]);
const NAMED = 5;
const MAX_COPY = 65_536; // a document of several values is not copied; it stays where it is

/** The damaged values that nobody has discarded yet. */
export class Damages extends Table<DamageRecord> {
  readonly #commits: Commits;
  readonly #read: Deno.Kv;
  readonly #keys: Keys<"damage" | "damaged_value">;
  readonly #now: () => number;
  /** Called when a record is added or discarded. */
  onChange: () => void = () => {};

  constructor({ commits, read, now = Date.now }: TableDeps, keys: Keys<"damage" | "damaged_value">) {
    super({ commits, read, prefix: keys.damage, key: damageId });
    this.#commits = commits;
    this.#read = read;
    this.#keys = keys;
    this.#now = now;
  }

  /** Returns true if damage was found in a table, by its name in the database. */
  isIn(table: string): boolean {
    return this.all().some((record) => record.table === table);
  }

  /** Records a damaged value of a table, once, with a copy of its bytes. */
  report({ key, value }: StoredValue, error: unknown): void {
    const [, table, ...parts] = key as [string, string, ...(string | number)[]];
    const record: DamageRecord = {
      table,
      key: parts,
      reason: error instanceof Error ? error.message : String(error),
      found_at: new Date(this.#now()).toISOString(),
      bytes: value.length,
    };
    const id = damageId(record);
    if (this.has(id) || this.size >= MAX_RECORDS || table === this.#keys.damage[1]) return;
    const copy = { key: [...this.#keys.damaged_value, id], value };
    this.putAs(record, [
      putMutation([...this.#keys.damage, id], record),
      ...value.length <= MAX_COPY ? [copy] : [],
    ]).catch(() => {}); // it is found again
    this.onChange();
  }

  /**
   * Deletes a record with its copy, and with `stored` the damaged value itself. Its table's other values stay.
   */
  async discard({ table, key }: DamageRecord, { stored }: { stored: boolean }): Promise<void> {
    const id = damageId({ table, key });
    const at = [this.#keys.damage[0], table, ...key];
    const values: Mutation[] = stored
      ? [table === ID_GIVER ? putMutation(at, null) : deleteMutation(at)]
      : [];
    if (stored) {
      for await (const part of this.#read.list({ prefix: at })) values.push(deleteMutation(part.key));
    }
    const copy = deleteMutation([...this.#keys.damaged_value, id]);
    await this.#commits.put([...values, copy], { direct: true });
    await this.delete(id);
    this.onChange();
  }
}

/**
 * Returns the name of a damaged value for anybody: keys that hold secrets, tags or names of people and chargers are left
 * out.
 */
export function publicName({ table, key }: Pick<DamageRecord, "table" | "key">): string {
  return PUBLIC_KEYS.has(table) ? damageId({ table, key }) : table;
}

/** Returns names for a sentence: each once, some of them. */
export function someOf(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  return distinct.slice(0, NAMED).join(", ") + (distinct.length > NAMED ? ", …" : "");
}

/** Returns the identity of a damaged value: the table's name and the key's parts. */
export function damageId({ table, key }: Pick<DamageRecord, "table" | "key">): string {
  return [table, ...key].join("/");
}
