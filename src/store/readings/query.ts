// Queries of readings: a charger's chunks and memtable merged hour by hour, oldest first.
import { type Chunk, decodeChunk, type SeriesRef } from "./chunk.ts";
import type { LabelCache } from "./label_cache.ts";
import { HOUR } from "./compaction.ts";
import type { ChargerMemtable, Journal } from "./journal.ts";
import type { StoredValue } from "../kv/damage.ts";
import { measurandOf, type Reading, readingValue } from "./reading.ts";
import type { ReadingKeys } from "./keys.ts";

/** A filter of readings; `from` (included) and `to` (excluded) are ms since 1970. */
export interface ReadingFilter {
  charger_id: string;
  from?: number;
  to?: number;
  measurand?: string;
  connector_id?: number;
  transaction_id?: number;
  /** Readings per page; 100 by default. */
  limit?: number;
  /** `next` of the previous page. */
  cursor?: string;
}

/** A page of readings, oldest first. */
export interface ReadingPage {
  readings: Reading[];
  next: string | null;
}

/**
 * A MeterValue of a chunk (number `row`) or of the memtable. Those of one time and connector are in order of arrival.
 */
interface ListedRow {
  at: number;
  connector_id: number;
  transaction_id: number | null;
  series: readonly SeriesRef[];
  values: Chunk | readonly string[];
  row: number;
}

/** A row of the memtable, with the sequence of its message. */
export interface MemtableRow extends ListedRow {
  n: number;
  hour: number;
}

/** The start of a page: the reading number `index` of those of one time and connector. */
interface Cursor {
  at: number;
  connector_id: number;
  index: number;
}

/** The dependencies of a query. */
export interface QuerySource {
  read: Deno.Kv;
  keys: ReadingKeys;
  journal: Journal;
  /** Called for a row that cannot be read. */
  damaged(what: string, error: unknown): void;
  /** Called for a stored value that cannot be read. */
  damagedValue(entry: StoredValue, error: unknown): void;
}

const FIRST_MS = -8.64e15, LAST_MS = 8.64e15; // the range of Date
const CURSOR = /^(-?\d{1,15})\.(-?\d{1,15})\.(\d{1,9})$/;

/** Yields the sorted rows of each hour that has any. */
export async function* hoursOf(
  source: QuerySource,
  charger: ChargerMemtable | undefined,
  filter: ReadingFilter,
): AsyncGenerator<ListedRow[]> {
  const { from, to } = rangeOf(filter);
  // The memtable is read before the chunks: rows compacted meanwhile are in both, and told apart by the chunk's `upto`.
  const memtable = charger ? memtableByHour(source, charger, filter) : new Map<number, MemtableRow[]>();
  const memtable_hours = [...memtable.keys()].sort((a, b) => a - b);
  for await (const { hour, chunks } of chunksByHour(source, filter, from, to)) {
    while (memtable_hours.length > 0 && memtable_hours[0]! < hour) {
      yield sorted(memtable.get(memtable_hours.shift()!)!, from, to);
    }
    if (memtable_hours[0] === hour) memtable_hours.shift();
    yield sorted(rowsOf(chunks, memtable.get(hour) ?? []), from, to);
  }
  for (const hour of memtable_hours) yield sorted(memtable.get(hour)!, from, to);
}

/** Returns the sequence of the newest message in an hour's chunks, by connector. */
export function compactedIn(chunks: readonly ListedChunk[]): Map<number, number> {
  const compacted = new Map<number, number>();
  for (const { connector_id, chunk } of chunks) {
    compacted.set(connector_id, Math.max(compacted.get(connector_id) ?? 0, chunk.upto));
  }
  return compacted;
}

function rangeOf({ from, to, cursor }: ReadingFilter): { from: number; to: number } {
  const start = cursor === undefined ? FIRST_MS : readCursor(cursor).at;
  return { from: Math.max(from ?? FIRST_MS, start), to: to ?? LAST_MS };
}

/** Returns the rows of a charger that were not compacted when it was called, by hour. */
export function memtableByHour(
  { journal, damaged }: QuerySource,
  charger: ChargerMemtable,
  filter: ReadingFilter,
): Map<number, MemtableRow[]> {
  const { from, to } = rangeOf(filter);
  const hours = new Map<number, MemtableRow[]>();
  for (const row of charger.rows) {
    try {
      const { connector_id, transaction_id, meter_value } = journal.read(row);
      if (filter.connector_id !== undefined && filter.connector_id !== connector_id) continue;
      for (const { at, shape, values } of meter_value) {
        if (at < from || at >= to) continue;
        const hour = Math.floor(at / HOUR);
        const rows = hours.get(hour) ?? [];
        rows.push({ n: row.n, hour, at, connector_id, transaction_id, series: shape.refs, values, row: 0 });
        hours.set(hour, rows);
      }
    } catch (error) {
      damaged(`message ${row.n} of ${charger.charger_id}`, error);
    }
  }
  return hours;
}

/** A chunk of an hour. */
export interface ListedChunk {
  connector_id: number;
  chunk: Chunk;
}

/** Yields the chunks of each hour that has any, in order. */
export async function* chunksByHour(source: QuerySource, filter: ReadingFilter, from: number, to: number) {
  const prefix = [...source.keys.chunk, filter.charger_id];
  const first = Math.floor(from / HOUR), end = Math.ceil(to / HOUR);
  if (end <= first) return;
  const batchSize = Math.min(Math.max(8, (end - first) * 2), 64);
  let hour = NaN;
  let chunks: ListedChunk[] = [];
  const selector = { start: [...prefix, first], end: [...prefix, end] };
  for await (const entry of source.read.list<Uint8Array>(selector, { batchSize })) {
    const [own_hour, connector_id] = entry.key.slice(-3) as [number, number, number];
    if (filter.connector_id !== undefined && filter.connector_id !== connector_id) continue;
    if (own_hour !== hour && chunks.length > 0) {
      yield { hour, chunks };
      chunks = [];
    }
    hour = own_hour;
    try {
      chunks.push({ connector_id, chunk: decodeChunk(entry.value) });
    } catch (error) {
      source.damagedValue(entry, error);
    }
  }
  if (chunks.length > 0) yield { hour, chunks };
}

/** Merges the rows of an hour. */
function rowsOf(chunks: readonly ListedChunk[], memtable: readonly MemtableRow[]): ListedRow[] {
  const rows: ListedRow[] = [];
  const compacted = compactedIn(chunks);
  for (const { connector_id, chunk } of chunks) {
    for (let row = 0; row < chunk.rows; row++) {
      const transaction_id = chunk.transactionId(row);
      rows.push({
        at: chunk.at(row),
        connector_id,
        transaction_id,
        series: chunk.series(row),
        values: chunk,
        row,
      });
    }
  }
  for (const row of memtable) if (row.n > (compacted.get(row.connector_id) ?? 0)) rows.push(row);
  return rows;
}

function sorted(rows: ListedRow[], from: number, to: number): ListedRow[] {
  return rows.filter(({ at }) => at >= from && at < to).sort((a, b) =>
    a.at - b.at || a.connector_id - b.connector_id
  );
}

/** Returns true for a cursor of a page of readings. */
export function isReadingCursor(text: string): boolean {
  return CURSOR.test(text);
}

function readCursor(text: string): Cursor {
  const match = CURSOR.exec(text);
  if (!match) throw new RangeError("Cannot list readings: the cursor is not one of ours");
  return { at: Number(match[1]), connector_id: Number(match[2]), index: Number(match[3]) };
}

/** The readings selected from rows, up to a limit. */
export class Selection {
  readings: Reading[] = [];
  /** The cursor of the next page, set when the limit is exceeded. */
  next: string | null = null;
  readonly #filter: ReadingFilter;
  readonly #limit: number;
  readonly #labels: LabelCache;
  readonly #measurand: string | undefined;
  readonly #start: Cursor | null;
  #at = NaN;
  #connector_id = NaN;
  #index = 0;

  constructor(filter: ReadingFilter, limit: number, labels: LabelCache) {
    this.#filter = filter;
    this.#limit = limit;
    this.#labels = labels;
    this.#measurand = filter.measurand === undefined ? undefined : measurandOf(filter.measurand);
    this.#start = filter.cursor === undefined ? null : readCursor(filter.cursor);
  }

  /** Adds the matching readings of rows. Returns false once the limit is exceeded. */
  take(rows: readonly ListedRow[]): boolean {
    for (const row of rows) {
      if (row.at !== this.#at || row.connector_id !== this.#connector_id) {
        this.#at = row.at;
        this.#connector_id = row.connector_id;
        this.#index = 0;
      }
      const { transaction_id } = this.#filter;
      if (transaction_id !== undefined && row.transaction_id !== transaction_id) {
        this.#index += row.series.length;
      } else if (!this.#takeRow(row)) return false;
    }
    return true;
  }

  #takeRow(row: ListedRow): boolean {
    const { series } = row;
    const { charger_id } = this.#filter;
    const { at: ms, connector_id, transaction_id } = row;
    const at = new Date(ms).toISOString();
    const skip = this.#skip(row);
    for (let index = 0; index < series.length; index++, this.#index++) {
      if (this.#index < skip) continue;
      const { measurand, unit, phase, context, location, format } = this.#labels.of(series[index]!);
      if (this.#measurand !== undefined && measurand !== this.#measurand) continue;
      if (this.readings.length === this.#limit) {
        this.next = `${ms}.${connector_id}.${this.#index}`;
        return false;
      }
      const value = valueOf(row, index, format);
      this.readings.push({
        at,
        charger_id,
        connector_id,
        transaction_id,
        measurand,
        value,
        unit,
        phase,
        context,
        location,
        format,
      });
    }
    return true;
  }

  /** Returns the number of readings of the row's time and connector on previous pages. */
  #skip({ at, connector_id }: ListedRow): number {
    const start = this.#start;
    if (!start || at !== start.at || connector_id > start.connector_id) return 0;
    return connector_id === start.connector_id ? start.index : Infinity;
  }
}

function valueOf({ values, row }: ListedRow, index: number, format: string): number | string {
  const text = Array.isArray(values) ? values[index] as string : (values as Chunk).value(row, index);
  if (format === "SignedData") return Array.isArray(values) ? text : (values as Chunk).text(row, index);
  return typeof text === "number" ? text : readingValue(text);
}
