// The memtable: the journal's rows that are not compacted yet, by charger.
import { fromAscii } from "./ascii.ts";
import type { Mutation } from "../kv/mutation.ts";
import { ChargerMemtable, type Row, rowsIn } from "./journal.ts";
import { CONTINUED, SILENT } from "./record_codec.ts";

/** The rows of all chargers, and the journal values that hold them. */
export class Memtable {
  readonly #chargers = new Map<string, ChargerMemtable>();
  /** Sizes of the journal values in bytes, by the sequence of their first row. */
  readonly #values = new Map<number, number>();
  /** The sequence of the last durable row. */
  committed = 0;
  /** The number of rows. */
  rows = 0;
  /** The total size of the journal values. */
  bytes = 0;

  /** Returns a charger's memtable, created on demand. */
  charger(charger_id: string): ChargerMemtable {
    let charger = this.#chargers.get(charger_id);
    if (!charger) this.#chargers.set(charger_id, charger = new ChargerMemtable(charger_id));
    return charger;
  }

  /** Returns a charger's memtable, if there is one. */
  get(charger_id: string): ChargerMemtable | undefined {
    return this.#chargers.get(charger_id);
  }

  /** Returns the chargers with rows. */
  withRows(): ChargerMemtable[] {
    return [...this.#chargers.values()].filter(({ rows }) => rows.length > 0);
  }

  /** Returns all rows by sequence. */
  inOrder(): Row[] {
    return this.withRows().flatMap(({ rows }) => rows).sort((a, b) => a.n - b.n);
  }

  /** Adds the rows and journal values of a durable commit. */
  take(rows: readonly Row[], values: readonly Mutation[]): void {
    for (const row of rows) {
      if (row.fresh) { for (const entry of row.fresh) entry.stored = true; }
      this.#add(row);
    }
    this.committed = rows.at(-1)?.n ?? this.committed;
    for (const { key, value } of values) this.#addValue(Number(key.at(-1)), value?.length ?? 0);
  }

  /** Adds a stored journal value and its rows, except compacted ones. Throws Error if it is damaged. */
  load(n: number, bytes: Uint8Array, isCompacted: (row: Row) => boolean): void {
    this.committed = Math.max(this.committed, n); // also for a damaged value, whose key must stay its own
    const rows = rowsIn(bytes, n, (field) => this.charger(idIn(field)));
    this.#addValue(n, bytes.length); // a damaged value is not among those that compaction deletes
    for (const row of rows) {
      this.committed = Math.max(this.committed, row.n);
      if (!isCompacted(row)) this.#add(row);
    }
  }

  #add(row: Row): void {
    const { charger } = row;
    charger.rows.push(row);
    this.rows++;
    if (row.flags & SILENT) return;
    if ((row.flags & CONTINUED) === 0) charger.last = { rows: [row], json: null };
    else charger.last?.rows?.push(row);
  }

  #addValue(n: number, bytes: number): void {
    this.#values.set(n, bytes);
    this.bytes += bytes;
  }

  /** Drops a charger's rows up to `upto`. */
  drop(charger: ChargerMemtable, upto: number): void {
    const left = charger.rows.findIndex(({ n }) => n > upto);
    const dropped = charger.rows.splice(0, left < 0 ? charger.rows.length : left);
    this.rows -= dropped.length;
  }

  /** Returns the sequences in the keys of the journal values up to `upto`. */
  values(upto: number): number[] {
    return [...this.#values.keys()].filter((n) => n <= upto);
  }

  /** Drops deleted journal values. */
  dropValues(values: readonly number[]): void {
    for (const n of values) {
      this.bytes -= this.#values.get(n) ?? 0;
      this.#values.delete(n);
    }
  }
}

/** Returns the charger's id of a record's field; a damaged one unchanged. */
function idIn(field: string): string {
  try {
    return fromAscii(field);
  } catch {
    return field;
  }
}
