// Meter readings: journal, memory tail, fold and listing.
import type { CommitJournal, Commits } from "../kv/commits.ts";
import type { TableDeps } from "../kv/declaration.ts";
import { Dictionary } from "./dictionary.ts";
import { Compaction, type CompactionRecord, type CompactionSource } from "./compaction.ts";
import { type ChargerMemtable, Journal, journalValues, type Row } from "./journal.ts";
import { type LastMeterValues, lastSnapshot, lastValues, loadSnapshots } from "./last_values.ts";
import { CONTINUED, joined, messageOf, type MeterMessage } from "./record_codec.ts";
import {
  hoursOf,
  type QuerySource,
  type ReadingFilter,
  type ReadingPage,
  Selection,
  WordsCache,
} from "./query.ts";
import type { Reading } from "./reading.ts";
import { deleteChunks } from "./retention.ts";
import { fromBytes } from "../kv/codec.ts";
import type { Mutation } from "../kv/mutation.ts";
import { Memtable } from "./memtable.ts";
import type { ReadingKeys } from "./keys.ts";

export type { LastMeterValues } from "./last_values.ts";
export type { MeterMessage } from "./record_codec.ts";
export { isReadingCursor, type ReadingFilter, type ReadingPage } from "./query.ts";
export type { Reading } from "./reading.ts";

const FOLD_EVERY = 15 * 60_000;
const FOLD_BYTES = 4_000_000;
/** A journal as long as this is folded whatever else there is to do. */
const URGENT_BYTES = 32_000_000;
const RETRY_AFTER = 60_000;
const PAGE = 100;

/** How much there is, and how the fold goes, for `/metrics`. */
export interface ReadingsStats {
  /** Since the start. */
  messages: number;
  journal_bytes: number;
  /** Lines of the journal that are not in chunks yet. */
  memtable_messages: number;
  compactions: number;
  compaction_failures: number;
  last_compaction_ms: number;
  /** Journal lines, chunks and dictionary entries that could not be read. */
  damaged: number;
}

/** All meter readings of the site. */
export class Readings {
  /** More changes to store in the commit that ends a charger's part of a fold. */
  onCompaction: (charger_id: string) => Mutation[] = () => [];
  /** A record can't be read: it is skipped. */
  onDamage: (what: string, error: unknown) => void = () => {};
  /** A fold begun by the timer failed: it is tried again. */
  onFailure: (error: unknown) => void = () => {};
  readonly #commits: Commits;
  readonly #read: Deno.Kv;
  readonly #keys: ReadingKeys;
  readonly #dictionary: Dictionary;
  readonly #journal: Journal;
  readonly #words: WordsCache;
  readonly #tail = new Memtable();
  readonly #source: QuerySource;
  #record: CompactionRecord = { upto: 0, charger: null };
  #folds: Promise<void> = Promise.resolve();
  #folding = 0;
  #stopped = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #not_before = 0;
  #messages = 0;
  #fold_count = 0;
  #fold_failures = 0;
  #last_fold_ms = 0;
  #damaged_count = 0;

  constructor({ commits, read }: TableDeps, keys: ReadingKeys) {
    this.#commits = commits;
    this.#read = read;
    this.#keys = keys;
    this.#dictionary = new Dictionary(keys);
    this.#journal = new Journal(this.#dictionary);
    this.#words = new WordsCache(this.#dictionary);
    commits.journal = {
      mutations: (rows) => journalValues(rows, keys.journal),
      committed: (rows, mutations) => this.#committed(rows, mutations),
    } satisfies CommitJournal<Row>;
    const damaged = (what: string, error: unknown) => this.#damaged(what, error);
    this.#source = { read, keys, journal: this.#journal, damaged };
  }

  /**
   * Stores a message's readings; resolves when they are durable. Throws TypeError, with nothing stored, when a single
   * sampled value takes over 45,000 bytes.
   */
  add(message: MeterMessage): Promise<void> {
    const rows = this.#journal.rowsOf(message, this.#tail.charger(message.charger_id));
    this.#messages++;
    if (rows.length === 1) return this.#commits.append(rows[0]!);
    return Promise.all(rows.map((row) => this.#commits.append(row))).then(() => {});
  }

  /** The place of the message added last among all messages of the site, whether or not it is durable yet. */
  get sequence(): number {
    return this.#journal.sequence;
  }

  /** The charger's last MeterValues.req as received. */
  lastMeterValues(charger_id: string): LastMeterValues | null {
    const charger = this.#tail.get(charger_id);
    try {
      return charger ? lastValues(charger, this.#journal) : null;
    } catch (error) {
      this.#damaged(`last meter values of ${charger_id}`, error);
      return null;
    }
  }

  /** The messages that are not folded yet, in order; `n` of one in several rows is that of its last. */
  *uncompacted(): Generator<{ n: number; message: MeterMessage }> {
    let waiting: { n: number; message: MeterMessage } | null = null;
    for (const row of this.#tail.inOrder()) {
      const message = this.#messageOf(row);
      if (!message) continue;
      if (waiting && row.flags & CONTINUED && waiting.message.charger_id === message.charger_id) {
        waiting = { n: row.n, message: joined(waiting.message, message, row.flags) };
        continue;
      }
      if (waiting) yield waiting;
      waiting = { n: row.n, message };
    }
    if (waiting) yield waiting;
  }

  /** A page of readings, oldest first. Rejects with RangeError for a cursor that is none. */
  async query(filter: ReadingFilter): Promise<ReadingPage> {
    const selection = new Selection(filter, filter.limit ?? PAGE, this.#words);
    for await (const rows of hoursOf(this.#source, this.#tail.get(filter.charger_id), filter)) {
      if (!selection.take(rows)) break;
    }
    return { readings: selection.readings, next: selection.next };
  }

  /** All readings that match, oldest first, an hour at a time in memory. */
  async *scan(filter: ReadingFilter): AsyncGenerator<Reading> {
    const selection = new Selection(filter, Infinity, this.#words);
    for await (const rows of hoursOf(this.#source, this.#tail.get(filter.charger_id), filter)) {
      selection.take(rows);
      yield* selection.readings;
      selection.readings = [];
    }
  }

  /** Folds what is durable now. Rejects when a commit fails: the next fold goes on from there. */
  compact(): Promise<void> {
    this.#folding++;
    this.#stopped = false;
    const fold = this.#folds.then(() => this.#fold()).finally(() => this.#folding--);
    this.#folds = fold.catch(() => {});
    return fold;
  }

  /** Folds from time to time, and whenever the journal has grown large. */
  start(): void {
    this.#timer ??= setInterval(() => this.#foldSoon(), FOLD_EVERY);
    this.#stopped = false;
    if (this.#record.charger !== null || this.stats.journal_bytes > FOLD_BYTES) this.#foldSoon();
  }

  /** Ends that; resolves when a fold under way has come to rest. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#stopped = true;
    await this.#folds;
  }

  /** Loads dictionary, journal and snapshots. An interrupted fold goes on with the next one. */
  async load(): Promise<void> {
    this.#damaged_count += await this.#dictionary.load(this.#read);
    const { value } = await this.#read.get<Uint8Array>([...this.#keys.fold]);
    if (value) this.#record = fromBytes<CompactionRecord>(value);
    this.#tail.committed = this.#record.upto;
    await loadSnapshots(
      this.#source,
      (charger_id, json) => this.#tail.charger(charger_id).last = { rows: null, json },
    );
    for await (
      const entry of this.#read.list<Uint8Array>({ prefix: [...this.#keys.journal] }, { batchSize: 100 })
    ) {
      this.#loadValue(Number(entry.key.at(-1)), entry.value);
    }
    this.#journal.sequence = this.#tail.committed;
  }

  #loadValue(n: number, bytes: Uint8Array): void {
    const { upto, charger } = this.#record;
    try {
      this.#tail.load(
        n,
        bytes,
        (row) => row.n <= upto && row.charger.charger_id <= (charger ?? row.charger.charger_id),
      );
    } catch (error) {
      this.#damaged(`journal value ${n}`, error);
    }
  }

  /** Deletes chunks of hours that were over before `before` (ms since 1970); returns how many. */
  retain(before: number): Promise<number> {
    return deleteChunks(this.#commits, this.#read, this.#keys, before);
  }

  get stats(): ReadingsStats {
    return {
      messages: this.#messages,
      journal_bytes: this.#tail.bytes,
      memtable_messages: this.#tail.rows,
      compactions: this.#fold_count,
      compaction_failures: this.#fold_failures,
      last_compaction_ms: this.#last_fold_ms,
      damaged: this.#damaged_count,
    };
  }

  #committed(rows: readonly Row[], values: readonly Mutation[]): void {
    this.#tail.take(rows, values);
    if (this.#timer !== undefined && this.#tail.bytes > FOLD_BYTES) this.#foldSoon();
  }

  #damaged(what: string, error: unknown): void {
    this.#damaged_count++;
    this.onDamage(what, error);
  }

  #messageOf(row: Row): MeterMessage | null {
    try {
      return messageOf(row.charger.charger_id, this.#journal.read(row));
    } catch (error) {
      this.#damaged(`message ${row.n} of ${row.charger.charger_id}`, error);
      return null;
    }
  }

  #foldSoon(): void {
    if (this.#folding > 0 || performance.now() < this.#not_before) return;
    this.compact().catch((error) => {
      this.#not_before = performance.now() + RETRY_AFTER;
      if (!this.#stopped) this.onFailure(error);
    });
  }

  async #fold(): Promise<void> {
    const began = performance.now();
    try {
      const { upto, charger } = this.#record;
      if (charger !== null) await new Compaction(this.#foldSource(), upto, charger).run();
      if (this.#stopped) return;
      const cut = this.#tail.committed;
      if (this.#tail.values(cut).length > 0) await new Compaction(this.#foldSource(), cut, "").run();
      this.#fold_count++;
    } catch (error) {
      this.#fold_failures++;
      throw error;
    } finally {
      this.#last_fold_ms = performance.now() - began;
    }
  }

  #snapshot(charger: ChargerMemtable, upto: number): Mutation[] {
    try {
      return lastSnapshot(charger, upto, this.#journal, this.#keys.last_meter_values);
    } catch (error) {
      this.#damaged(`last meter values of ${charger.charger_id}`, error);
      return [];
    }
  }

  #foldSource(): CompactionSource {
    const tail = this.#tail;
    return {
      ...this.#source,
      commits: this.#commits,
      chargers: () => tail.withRows(),
      extra: (charger, upto) => [...this.#snapshot(charger, upto), ...this.onCompaction(charger.charger_id)],
      values: (upto) => tail.values(upto),
      recorded: (record) => this.#record = record,
      compacted: (charger, upto) => tail.drop(charger, upto),
      finished: ({ last }) => {
        if (last?.json) last.rows = null;
      },
      deleted: (values) => tail.dropValues(values),
      stopped: () => this.#stopped,
      urgent: () => this.stats.journal_bytes > URGENT_BYTES,
    };
  }
}
