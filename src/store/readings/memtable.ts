// The tail: what is in the journal and not folded yet, in memory, charger by charger.
import { fromAscii } from "./ascii.ts";
import type { Mutation } from "../kv/mutation.ts";
import { ChargerMemtable, type Row, rowsIn } from "./journal.ts";
import { CONTINUED, SILENT } from "./record_codec.ts";

/** All chargers' rows, and the journal values they are stored in. */
export class Memtable {
  readonly #chargers = new Map<string, ChargerMemtable>();
  /** Values in the database: sequence of the first message → bytes. */
  readonly #values = new Map<number, number>();
  /** The last message that is durable. */
  committed = 0;
  /** Rows in memory. */
  rows = 0;
  /** Size of the values. */
  bytes = 0;

  /** A charger's tail, made when there is none. */
  charger(charger_id: string): ChargerMemtable {
    let charger = this.#chargers.get(charger_id);
    if (!charger) this.#chargers.set(charger_id, charger = new ChargerMemtable(charger_id));
    return charger;
  }

  get(charger_id: string): ChargerMemtable | undefined {
    return this.#chargers.get(charger_id);
  }

  /** Chargers with rows. */
  withRows(): ChargerMemtable[] {
    return [...this.#chargers.values()].filter(({ rows }) => rows.length > 0);
  }

  /** All rows in the order they came. */
  inOrder(): Row[] {
    return this.withRows().flatMap(({ rows }) => rows).sort((a, b) => a.n - b.n);
  }

  /** Takes what a commit has made durable. */
  take(rows: readonly Row[], values: readonly Mutation[]): void {
    for (const row of rows) {
      if (row.fresh) { for (const entry of row.fresh) entry.stored = true; }
      this.#add(row);
    }
    this.committed = rows.at(-1)?.n ?? this.committed;
    for (const { key, value } of values) this.#addValue(Number(key.at(-1)), value?.length ?? 0);
  }

  /** Takes a stored value; its rows that `isFolded` says of are left out. Throws when it is damaged. */
  load(n: number, bytes: Uint8Array, isFolded: (row: Row) => boolean): void {
    this.#addValue(n, bytes.length);
    this.committed = Math.max(this.committed, n);
    for (const row of rowsIn(bytes, n, (field) => this.charger(idIn(field)))) {
      this.committed = Math.max(this.committed, row.n);
      if (!isFolded(row)) this.#add(row);
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

  /** Forgets a charger's rows up to `upto`. */
  drop(charger: ChargerMemtable, upto: number): void {
    const left = charger.rows.findIndex(({ n }) => n > upto);
    const dropped = charger.rows.splice(0, left < 0 ? charger.rows.length : left);
    this.rows -= dropped.length;
  }

  /** The sequences that name values up to `upto`. */
  values(upto: number): number[] {
    return [...this.#values.keys()].filter((n) => n <= upto);
  }

  /** Forgets values that were deleted. */
  dropValues(values: readonly number[]): void {
    for (const n of values) {
      this.bytes -= this.#values.get(n) ?? 0;
      this.#values.delete(n);
    }
  }
}

/** The charger's id in a line; a damaged one as it stands there. */
function idIn(field: string): string {
  try {
    return fromAscii(field);
  } catch {
    return field;
  }
}
