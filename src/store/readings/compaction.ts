// The fold: moves the journal into chunks, one per charger, hour and connector, a little at a time.
//
// Each commit holds some chunks and how far the fold has come. A chunk names the last message in it, so that nothing is put
// into it twice when a fold was cut off and is done again.
import { type Chunk, type ChunkRow, decodeChunk, encodeChunk } from "./chunk.ts";
import type { Commits } from "../kv/commits.ts";
import type { ChargerMemtable, Journal, Row } from "./journal.ts";
import { deleteMutation, type Mutation, putMutation } from "../kv/mutation.ts";
import type { ReadingKeys } from "./keys.ts";

/** ms of an hour. */
export const HOUR = 3_600_000;

const SLICE_MS = 3;
/** A loop that answers a timer later than this is busy: then the fold rests after each slice. */
const BUSY_MS = 2;
const REST_MS = 50;
const SLICE_MUTATIONS = 150;
const SLICE_BYTES = 200_000;
const RUN_ROWS = 1_000;
const RUN_BYTES = 200_000;
/** A chunk is written again with what comes to it, unless it is so many times larger. */
const MERGE_UP_TO = 2;
const CHUNK_READINGS = 4_000;
const CHUNK_WEIGHT = 40_000;
const MAX_CHUNK = 60_000; // KV: 65,536
const DELETES = 500;
const NUMBER_WEIGHT = 3;
const ROW_WEIGHT = 8;

/** How far the journal is folded: up to `upto`, but while `charger` is not null only that of chargers up to this one. */
export interface CompactionRecord {
  upto: number;
  charger: string | null;
}

/** What the fold works on. */
export interface CompactionSource {
  commits: Commits;
  read: Deno.Kv;
  keys: ReadingKeys;
  journal: Journal;
  /** Chargers with rows in the tail. */
  chargers(): ChargerMemtable[];
  /** What is stored together with a charger's last chunks. */
  extra(charger: ChargerMemtable, upto: number): Mutation[];
  /** The sequences that name journal values up to `upto`. */
  values(upto: number): number[];
  /** The record's commit is done. */
  recorded(record: CompactionRecord): void;
  /** The charger's rows up to `upto` are in chunks. */
  compacted(charger: ChargerMemtable, upto: number): void;
  /** So are all its rows up to the cut, and its extra changes are stored. */
  finished(charger: ChargerMemtable): void;
  /** These journal values are deleted. */
  deleted(values: readonly number[]): void;
  /** A row or chunk can't be read. */
  damaged(what: string, error: unknown): void;
  stopped(): boolean;
  /** Whether the journal has grown so long that the fold can't wait for a quiet moment. */
  urgent(): boolean;
}

interface FoldRow extends ChunkRow {
  n: number;
}

/** The rows of one hour of one connector. */
interface Cell {
  hour: number;
  connector_id: number;
  rows: FoldRow[];
}

/** One fold, up to a cut that stays. Rejects when a commit fails: what is not done stays where it was. */
export class Compaction {
  readonly #source: CompactionSource;
  readonly #upto: number;
  #done: string;
  #mutations: Mutation[] = [];
  #bytes = 0;
  #then: (() => void)[] = [];
  #breath = performance.now();

  /** `done`: the last charger of which an interrupted fold was through; "" for a new one. */
  constructor(source: CompactionSource, upto: number, done: string) {
    this.#source = source;
    this.#upto = upto;
    this.#done = done;
  }

  async run(): Promise<void> {
    const chargers = this.#source.chargers().filter(({ charger_id }) => charger_id > this.#done);
    chargers.sort((a, b) => a.charger_id < b.charger_id ? -1 : 1);
    for (const charger of chargers) {
      if (this.#source.stopped()) return;
      await this.#foldCharger(charger);
    }
    await this.#finish();
  }

  async #foldCharger(charger: ChargerMemtable): Promise<void> {
    for (;;) {
      const { cells, rows } = await this.#take(charger.rows);
      const last = charger.rows[rows - 1];
      if (!last) return;
      const more = (charger.rows[rows]?.n ?? Infinity) <= this.#upto;
      for (const cell of cells) await this.#add(await this.#chunksOf(charger.charger_id, cell, last.n));
      if (!more) await this.#add(this.#source.extra(charger, this.#upto));
      this.#then.push(() => this.#source.compacted(charger, last.n));
      if (more) {
        await this.#commit(); // what comes next must find these chunks
        continue;
      }
      this.#then.push(() => this.#source.finished(charger));
      this.#done = charger.charger_id;
      return;
    }
  }

  /** Sorts the charger's next rows by hour and connector. Returns how many they were. */
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

  /** The chunks that a cell's rows go into: the last one of the hour while it is small, else new ones. */
  async #chunksOf(charger_id: string, cell: Cell, upto: number): Promise<Mutation[]> {
    await this.#breathe();
    const prefix = [...this.#source.keys.chunk, charger_id, cell.hour, cell.connector_id];
    const last = await lastEntry(this.#source.read, prefix);
    const part = last ? Number(last.key.at(-1)) : -1;
    const chunk = last && this.#decode(last);
    const rows = cell.rows.filter(({ n }) => n > (chunk?.upto ?? 0));
    if (rows.length === 0) return [];
    if (
      chunk && chunk.readings <= MERGE_UP_TO * countOf(rows) &&
      countOf(rows) + chunk.readings <= CHUNK_READINGS &&
      weightOf(rows) + last.value.length <= CHUNK_WEIGHT
    ) {
      const value = encodeChunk(byTime([...chunk.allRows(), ...rows]), upto);
      if (value.length <= MAX_CHUNK) return [{ key: [...prefix, part], value }];
    }
    return inParts(rows).flatMap((some) => encoded(some, upto))
      .map((value, index) => ({ key: [...prefix, part + 1 + index], value }));
  }

  #decode({ key, value }: Deno.KvEntry<Uint8Array>): Chunk | null {
    try {
      return decodeChunk(value);
    } catch (error) {
      this.#source.damaged(`chunk ${key.slice(2).join("/")}`, error);
      return null;
    }
  }

  /** Puts changes that belong together into the next commit. */
  async #add(mutations: readonly Mutation[]): Promise<void> {
    const bytes = mutations.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    const full = this.#mutations.length + mutations.length > SLICE_MUTATIONS ||
      this.#bytes + bytes > SLICE_BYTES;
    if (full && this.#mutations.length > 0) await this.#commit();
    this.#mutations.push(...mutations);
    this.#bytes += bytes;
  }

  async #commit(record: CompactionRecord = { upto: this.#upto, charger: this.#done }): Promise<void> {
    const then = this.#then;
    const mutations = [...this.#mutations, putMutation([...this.#source.keys.fold], record)];
    this.#mutations = [];
    this.#bytes = 0;
    this.#then = [];
    await this.#source.commits.put(mutations);
    this.#source.recorded(record);
    for (const action of then) action();
    this.#breath = performance.now();
  }

  /** Deletes the journal up to the cut: what fits with the last chunks, the rest behind them. */
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

  /** Lets others run when it has worked for long. */
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

/** Rows in the order of their times; those of one time in the order they came. */
function byTime(rows: ChunkRow[]): ChunkRow[] {
  return rows.sort((a, b) => a.at - b.at);
}

/** Splits rows, in the order they came, so that each part fits into a chunk. */
function inParts(rows: readonly FoldRow[]): FoldRow[][] {
  const parts: FoldRow[][] = [];
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

/** Rows as chunks: one, or more where they turn out larger than thought. */
function encoded(rows: FoldRow[], upto: number): Uint8Array[] {
  const bytes = encodeChunk(byTime([...rows]), upto);
  if (bytes.length <= MAX_CHUNK || rows.length === 1) return [bytes];
  const middle = rows.length >> 1;
  return [...encoded(rows.slice(0, middle), upto), ...encoded(rows.slice(middle), upto)];
}

function countOf(rows: readonly FoldRow[]): number {
  return rows.reduce((sum, { values }) => sum + values.length, 0);
}

/** About how many bytes rows take at most. */
function weightOf(rows: readonly FoldRow[]): number {
  let weight = 0;
  for (const { series, values } of rows) {
    weight += ROW_WEIGHT;
    for (const value of values) weight += value.length > 8 ? value.length + 2 : NUMBER_WEIGHT;
    for (const ref of series) if (typeof ref !== "number") weight += JSON.stringify(ref).length;
  }
  return weight;
}
