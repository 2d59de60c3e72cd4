// Compaction: moves the journal into chunks, one per charger, hour and connector, in slices of a few ms.
//
// Each commit holds some chunks and the progress of the compaction. A chunk has the sequence of its last message, so
// that an interrupted compaction that is run again adds no reading twice.
import { type Chunk, type ChunkRow, decodeChunk, encodeChunk, uptoOf } from "./chunk.ts";
import type { Commits } from "../kv/commits.ts";
import type { StoredValue } from "../kv/damage.ts";
import type { ChargerMemtable, Journal, Row } from "./journal.ts";
import { deleteMutation, type Mutation, putMutation } from "../kv/mutation.ts";
import type { DayChanges, NumberedRow } from "./day_sums.ts";
import type { ReadingKeys } from "./keys.ts";

/** An hour, ms. */
export const HOUR = 3_600_000;

const SLICE_MS = 3;
/** An event loop that runs a timer later than this is busy: compaction then pauses after each slice. */
const BUSY_MS = 2;
const REST_MS = 50;
const SLICE_MUTATIONS = 150;
const SLICE_BYTES = 200_000;
const RUN_ROWS = 1_000;
const RUN_BYTES = 200_000;
/** A chunk up to this many times larger than the new readings is rewritten with them. */
const MERGE_UP_TO = 2;
const CHUNK_READINGS = 4_000;
const CHUNK_WEIGHT = 40_000;
const MAX_CHUNK = 60_000; // Deno KV allows 65,536
const DELETES = 500;
const NUMBER_WEIGHT = 3;
const ROW_WEIGHT = 8;

/** The progress of compaction: the journal up to `upto`; if `charger` is not null, only of chargers up to that id. */
export interface CompactionRecord {
  upto: number;
  charger: string | null;
  /** True: the program keeps the sums of days with their chunks; an older one does not. */
  days?: boolean;
}

/** The dependencies of a compaction. */
export interface CompactionSource {
  commits: Commits;
  read: Deno.Kv;
  keys: ReadingKeys;
  journal: Journal;
  /** Returns the changes of the sums of a charger's days. */
  dayChanges(charger_id: string): DayChanges;
  /** Returns the chargers with rows in the memtable. */
  chargers(): ChargerMemtable[];
  /** Returns mutations to store with a charger's last chunks. */
  extra(charger: ChargerMemtable, upto: number): Mutation[];
  /** Returns the sequences in the keys of the journal values up to `upto`. */
  values(upto: number): number[];
  /** Called when the record's commit is durable. */
  recorded(record: CompactionRecord): void;
  /** Called when the charger's rows up to `upto` are in chunks. */
  compacted(charger: ChargerMemtable, upto: number): void;
  /** Called when all rows of the charger and its extra mutations are stored. */
  finished(charger: ChargerMemtable): void;
  /** Called when journal values are deleted. */
  deleted(values: readonly number[]): void;
  /** Called for a row that cannot be read. */
  damaged(what: string, error: unknown): void;
  /** Called for a chunk that cannot be read. */
  damagedValue(entry: StoredValue, error: unknown): void;
  /** Returns true if compaction is to end early. */
  stopped(): boolean;
  /** Returns true if the journal is so long that compaction must not pause. */
  urgent(): boolean;
}

/** The rows of one hour of a connector. */
interface Cell {
  hour: number;
  connector_id: number;
  rows: NumberedRow[];
}

/** One compaction of the journal up to a fixed sequence. Rejects when a commit fails; the rest of the journal stays. */
export class Compaction {
  readonly #source: CompactionSource;
  readonly #upto: number;
  #done: string;
  #mutations: Mutation[] = [];
  #bytes = 0;
  #then: (() => void)[] = [];
  #breath = performance.now();

  /** `done` is the last charger of an interrupted compaction; "" for a new one. */
  constructor(source: CompactionSource, upto: number, done: string) {
    this.#source = source;
    this.#upto = upto;
    this.#done = done;
  }

  /** Runs to the end, or until stopped. */
  async run(): Promise<void> {
    const chargers = this.#source.chargers().filter(({ charger_id }) => charger_id > this.#done);
    chargers.sort((a, b) => a.charger_id < b.charger_id ? -1 : 1);
    for (const charger of chargers) {
      if (this.#source.stopped()) return;
      await this.#compactCharger(charger);
    }
    await this.#finish();
  }

  async #compactCharger(charger: ChargerMemtable): Promise<void> {
    const { charger_id } = charger;
    const changes = this.#source.dayChanges(charger_id);
    for (;;) {
      const { cells, rows } = await this.#take(charger.rows);
      const last = charger.rows[rows - 1];
      if (!last) return;
      const more = (charger.rows[rows]?.n ?? Infinity) <= this.#upto;
      for (const cell of cells) {
        const { rows, chunks } = await this.#chunksOf(charger_id, cell, last.n);
        if (rows.length > 0) await this.#add([...chunks, ...await changes({ ...cell, rows }, last.n)]);
      }
      if (!more) await this.#add(this.#source.extra(charger, this.#upto));
      this.#then.push(() => this.#source.compacted(charger, last.n));
      if (more) {
        await this.#commit(); // the next rows may go into these chunks
        continue;
      }
      this.#then.push(() => this.#source.finished(charger));
      this.#done = charger_id;
      return;
    }
  }

  /** Sorts the charger's next rows by hour and connector. Returns their number, too. */
  async #take(rows: readonly Row[]): Promise<{ cells: Iterable<Cell>; rows: number }> {
    const cells = new Map<string, Cell>();
    let bytes = 0;
    let count = 0;
    for (; count < RUN_ROWS && bytes < RUN_BYTES; count++) {
      const row = rows[count];
      if (!row || row.n > this.#upto) break;
      bytes += row.end - row.start;
      this.#sort(row, cells);
      if (count % 64 === 63) await this.#breathe();
    }
    return { cells: cells.values(), rows: count };
  }

  #sort(row: Row, cells: Map<string, Cell>): void {
    try {
      const { connector_id, transaction_id, meter_value } = this.#source.journal.read(row);
      for (const { at, shape, values } of meter_value) {
        const hour = Math.floor(at / HOUR);
        const key = `${hour} ${connector_id}`;
        let cell = cells.get(key);
        if (!cell) cells.set(key, cell = { hour, connector_id, rows: [] });
        cell.rows.push({ n: row.n, at, transaction_id, series: shape.refs, values });
      }
    } catch (error) {
      this.#source.damaged(`message ${row.n} of ${row.charger.charger_id}`, error);
    }
  }

  /**
   * Returns the rows of a cell that are in no chunk yet, and the mutations that store them: in the hour's last chunk if it
   * is small, else in new ones.
   */
  async #chunksOf(
    charger_id: string,
    cell: Cell,
    upto: number,
  ): Promise<{ rows: NumberedRow[]; chunks: Mutation[] }> {
    await this.#breathe();
    const prefix = [...this.#source.keys.chunk, charger_id, cell.hour, cell.connector_id];
    const last = await lastEntry(this.#source.read, prefix);
    const part = last ? Number(last.key.at(-1)) : -1;
    const chunk = last && this.#decode(last);
    const rows = cell.rows.filter(({ n }) => n > (chunk?.upto ?? 0));
    if (rows.length === 0) return { rows, chunks: [] };
    if (
      chunk && chunk.readings <= MERGE_UP_TO * countOf(rows) &&
      countOf(rows) + chunk.readings <= CHUNK_READINGS &&
      weightOf(rows) + last.value.length <= CHUNK_WEIGHT
    ) {
      const value = encodeChunk(byTime([...chunk.allRows(), ...rows]), upto);
      if (value.length <= MAX_CHUNK) return { rows, chunks: [{ key: [...prefix, part], value }] };
    }
    const chunks = inParts(rows).flatMap((some) => encoded(some, upto))
      .map((value, index) => ({ key: [...prefix, part + 1 + index], value }));
    return { rows, chunks };
  }

  #decode(entry: Deno.KvEntry<Uint8Array>): Chunk | null {
    try {
      return decodeChunk(entry.value);
    } catch (error) {
      this.#source.damagedValue(entry, error);
      return null;
    }
  }

  /** Adds mutations that must share a commit. */
  async #add(mutations: readonly Mutation[]): Promise<void> {
    const bytes = mutations.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    const full = this.#mutations.length + mutations.length > SLICE_MUTATIONS ||
      this.#bytes + bytes > SLICE_BYTES;
    if (full && this.#mutations.length > 0) await this.#commit();
    this.#mutations.push(...mutations);
    this.#bytes += bytes;
  }

  async #commit(progress: CompactionRecord = { upto: this.#upto, charger: this.#done }): Promise<void> {
    const then = this.#then;
    const record = { ...progress, days: true };
    const mutations = [...this.#mutations, putMutation([...this.#source.keys.fold], record)];
    this.#mutations = [];
    this.#bytes = 0;
    this.#then = [];
    await this.#source.commits.put(mutations);
    this.#source.recorded(record);
    for (const action of then) action();
    this.#breath = performance.now();
  }

  /** Deletes the compacted journal values: as many as fit with the last chunks, then the others. */
  async #finish(): Promise<void> {
    const values = this.#source.values(this.#upto);
    const first = values.splice(0, SLICE_MUTATIONS);
    this.#mutations.push(...first.map((n) => this.#deletion(n)));
    this.#then.push(() => this.#source.deleted(first));
    await this.#commit({ upto: this.#upto, charger: null });
    while (values.length > 0 && !this.#source.stopped()) {
      const some = values.splice(0, DELETES);
      await this.#source.commits.put(some.map((n) => this.#deletion(n)));
      this.#source.deleted(some);
    }
  }

  #deletion(n: number): Mutation {
    return deleteMutation([...this.#source.keys.journal, n]);
  }

  /** Yields to the event loop after a slice of work. */
  async #breathe(): Promise<void> {
    const began = performance.now();
    if (began - this.#breath < SLICE_MS) return;
    await pause(0);
    if (performance.now() - began > BUSY_MS && !this.#source.urgent()) await pause(REST_MS);
    this.#breath = performance.now();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function lastEntry(read: Deno.Kv, prefix: Deno.KvKey): Promise<Deno.KvEntry<Uint8Array> | null> {
  for await (const entry of read.list<Uint8Array>({ prefix }, { limit: 1, reverse: true })) return entry;
  return null;
}

/** Returns the highest sequence in any chunk. It reads all of them: for a lost record only. */
export async function lastCompacted(
  { read, keys }: Pick<CompactionSource, "read" | "keys">,
): Promise<number> {
  let last = 0;
  for await (const { value } of read.list<Uint8Array>({ prefix: [...keys.chunk] }, { batchSize: 50 })) {
    try {
      last = Math.max(last, uptoOf(value));
    } catch { /* found again by whoever reads it */ }
  }
  return last;
}

/** Sorts rows by time; those of one time stay in their order. */
function byTime(rows: ChunkRow[]): ChunkRow[] {
  return rows.sort((a, b) => a.at - b.at);
}

/** Splits rows, in their order, into parts that each fit into a chunk. */
function inParts(rows: readonly NumberedRow[]): NumberedRow[][] {
  const parts: NumberedRow[][] = [];
  let readings = Infinity;
  let weight = 0;
  for (const row of rows) {
    readings += row.values.length;
    weight += weightOf([row]);
    if (readings > CHUNK_READINGS || weight > CHUNK_WEIGHT) {
      parts.push([]);
      readings = row.values.length;
      weight = weightOf([row]);
    }
    parts.at(-1)!.push(row);
  }
  return parts;
}

/** Encodes rows as one chunk, or as several if it is too large. */
function encoded(rows: NumberedRow[], upto: number): Uint8Array[] {
  const bytes = encodeChunk(byTime([...rows]), upto);
  if (bytes.length <= MAX_CHUNK || rows.length === 1) return [bytes];
  const middle = rows.length >> 1;
  return [...encoded(rows.slice(0, middle), upto), ...encoded(rows.slice(middle), upto)];
}

function countOf(rows: readonly NumberedRow[]): number {
  return rows.reduce((sum, { values }) => sum + values.length, 0);
}

/** Returns the approximate maximum of the encoded size of rows, bytes. */
function weightOf(rows: readonly NumberedRow[]): number {
  let weight = 0;
  for (const { series, values } of rows) {
    weight += ROW_WEIGHT;
    for (const value of values) weight += value.length > 8 ? value.length + 2 : NUMBER_WEIGHT;
    for (const ref of series) if (typeof ref !== "number") weight += JSON.stringify(ref).length;
  }
  return weight;
}
