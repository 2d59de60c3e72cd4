// Meter readings: journal, memtable, compaction and queries.
import type { CommitJournal, Commits } from "../kv/commits.ts";
import type { TableDeps } from "../kv/declaration.ts";
import { Dictionary } from "./dictionary.ts";
import {
  Compaction,
  type CompactionRecord,
  type CompactionSource,
  HOUR,
  lastCompacted,
} from "./compaction.ts";
import { type ChargerMemtable, Journal, journalValues, type Row } from "./journal.ts";
import { type LastMeterValues, lastSnapshot, lastValues, loadSnapshots } from "./last_values.ts";
import { CONTINUED, joined, messageOf, type MeterMessage } from "./record_codec.ts";
import { hoursOf, type QuerySource, type ReadingFilter, type ReadingPage, Selection } from "./query.ts";
import { sumUp } from "./sum_up.ts";
import { LabelCache } from "./label_cache.ts";
import { type BucketFilter, Buckets, type BucketSeries, type BucketSpan } from "./buckets.ts";
import { ReadingBudget } from "./reading_budget.ts";
import type { Reading } from "./reading.ts";
import { ReadingDays } from "./reading_days.ts";
import { deleteChunks } from "./retention.ts";
import { fromBytes } from "../kv/codec.ts";
import type { StoredValue } from "../kv/damage.ts";
import { type Mutation, putMutation } from "../kv/mutation.ts";
import { Memtable } from "./memtable.ts";
import type { ReadingKeys } from "./keys.ts";

export type { LastMeterValues } from "./last_values.ts";
export type { MeterMessage } from "./record_codec.ts";
export { isReadingCursor, type ReadingFilter, type ReadingPage } from "./query.ts";
export { type BucketSeries, type BucketSpan, bucketSpan } from "./buckets.ts";
export type { Reading } from "./reading.ts";

const COMPACTION_INTERVAL_MS = 15 * 60_000;
const COMPACTION_BYTES = 4_000_000;
/** Size of the journal from which compaction does not pause under load. */
const URGENT_BYTES = 32_000_000;
const RETRY_AFTER_MS = 60_000;
/** Days are built when chargers have come back after a start. */
const BUILD_AFTER_MS = 30_000;

/** Figures of the readings. */
export interface ReadingsStats {
  /** Messages stored since the start. */
  messages: number;
  journal_bytes: number;
  /** Journal records that are not compacted yet. */
  memtable_messages: number;
  compactions: number;
  compaction_failures: number;
  last_compaction_ms: number;
  /** Journal records, chunks and dictionary entries that cannot be read. */
  damaged: number;
}

/** All meter readings of the site. */
export class Readings {
  /** Returns further mutations for the commit that completes a charger's part of a compaction. */
  onCompaction: (charger_id: string) => Mutation[] = () => [];
  /** Called for a record that cannot be read; it is skipped. */
  onDamage: (what: string, error: unknown) => void = () => {};
  /** Called when a compaction started by the timer fails; it is retried. */
  onFailure: (error: unknown) => void = () => {};
  /** True while the disk has too little space: new readings are to be refused. */
  paused = false;
  /** The bytes stored today, by charger. */
  readonly budget = new ReadingBudget();
  readonly #commits: Commits;
  readonly #read: Deno.Kv;
  readonly #keys: ReadingKeys;
  readonly #dictionary: Dictionary;
  readonly #journal: Journal;
  readonly #labels: LabelCache;
  readonly #memtable = new Memtable();
  readonly #source: QuerySource;
  readonly #days: ReadingDays;
  #record: CompactionRecord = { upto: 0, charger: null, days: true };
  /** The writes of chunks and days, one after the other. */
  #compactions: Promise<void> = Promise.resolve();
  #building: Promise<void> | null = null;
  #under_way = 0;
  #stopped = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #build_timer: ReturnType<typeof setTimeout> | undefined;
  #not_before = 0;
  #messages = 0;
  #compaction_count = 0;
  #compaction_failures = 0;
  #last_compaction_ms = 0;
  #damaged_count = 0;

  constructor({ commits, read, damaged: told = () => {}, now = Date.now }: TableDeps, keys: ReadingKeys) {
    this.#commits = commits;
    this.#read = read;
    this.#keys = keys;
    this.#dictionary = new Dictionary(keys);
    this.#journal = new Journal(this.#dictionary);
    this.#labels = new LabelCache(this.#dictionary);
    commits.journal = {
      mutations: (rows) => journalValues(rows, keys.journal),
      committed: (rows, mutations) => this.#committed(rows, mutations),
    } satisfies CommitJournal<Row>;
    const damaged = (what: string, error: unknown) => this.#damaged(what, error);
    const damagedValue = (entry: StoredValue, error: unknown) => {
      damaged(entry.key.slice(1).join("/"), error);
      told(entry, error);
    };
    this.#source = { read, keys, journal: this.#journal, damaged, damagedValue };
    this.#days = new ReadingDays({ commits, read, keys, labels: this.#labels, now, damagedValue });
  }

  /**
   * Stores a message's readings; resolves when they are durable. Throws TypeError, storing nothing, for a sampled value
   * of over 45,000 bytes.
   */
  add(message: MeterMessage): Promise<void> {
    const rows = this.#journal.rowsOf(message, this.#memtable.charger(message.charger_id));
    this.#messages++;
    for (const { start, end } of rows) this.budget.add(message.charger_id, end - start, message.received);
    if (rows.length === 1) return this.#commits.append(rows[0]!);
    return Promise.all(rows.map((row) => this.#commits.append(row))).then(() => {});
  }

  /** The sequence of the newest record, durable or not. */
  get sequence(): number {
    return this.#journal.sequence;
  }

  /** Returns the payload of the charger's last MeterValues.req as received. */
  lastMeterValues(charger_id: string): LastMeterValues | null {
    const charger = this.#memtable.get(charger_id);
    try {
      return charger ? lastValues(charger, this.#journal) : null;
    } catch (error) {
      this.#damaged(`last meter values of ${charger_id}`, error);
      return null;
    }
  }

  /** Yields the messages that are not compacted yet, in order; `n` is the sequence of a message's last record. */
  *uncompacted(): Generator<{ n: number; message: MeterMessage }> {
    let waiting: { n: number; message: MeterMessage } | null = null;
    for (const row of this.#memtable.inOrder()) {
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

  /** Returns a page of the matching readings, oldest first. Rejects with RangeError for an invalid cursor. */
  async query(filter: ReadingFilter): Promise<ReadingPage> {
    const selection = new Selection(filter, filter.limit ?? 100, this.#labels);
    for await (const rows of hoursOf(this.#source, this.#memtable.get(filter.charger_id), filter)) {
      if (!selection.take(rows)) break;
    }
    return { readings: selection.readings, next: selection.next };
  }

  /** Iterates over the matching readings, oldest first, with one hour in memory at a time. */
  async *scan(filter: ReadingFilter): AsyncGenerator<Reading> {
    const selection = new Selection(filter, Infinity, this.#labels);
    for await (const rows of hoursOf(this.#source, this.#memtable.get(filter.charger_id), filter)) {
      selection.take(rows);
      yield* selection.readings;
      selection.readings = [];
    }
  }

  /**
   * Returns the least, mean and greatest values of each series by bucket; from stored sums where buckets are whole hours,
   * else from the columns of chunks.
   */
  async buckets(filter: BucketFilter, span: BucketSpan): Promise<BucketSeries[]> {
    const buckets = new Buckets(span, filter, this.#labels);
    const interval = { from: span.from, to: span.from + span.step * span.count };
    const isHours = span.from % HOUR === 0 && span.step % HOUR === 0;
    await sumUp(this.#source, {
      memtable: this.#memtable.get(filter.charger_id),
      filter: { ...filter, ...interval },
      buckets,
      days: isHours && filter.transaction_id === undefined ? this.#days : null,
    });
    return buckets.result();
  }

  /** Compacts the journal as it is now. Rejects when a commit fails; the next compaction continues from there. */
  compact(): Promise<void> {
    this.#under_way++;
    this.#stopped = false;
    return this.#serially(() => this.#runCompaction()).finally(() => this.#under_way--);
  }

  /** Builds the sums of the days that have ended. What is built stays, whenever it is stopped. Rejects with StorageError. */
  buildDays(): Promise<void> {
    this.#stopped = false;
    return this.#building ??= this.#buildAll().finally(() => this.#building = null);
  }

  async #buildAll(): Promise<void> {
    let more = true;
    while (more && !this.#stopped) more = await this.#serially(() => this.#days.build());
  }

  #serially<T>(write: () => Promise<T>): Promise<T> {
    const done = this.#compactions.then(write);
    this.#compactions = done.then(() => {}, () => {});
    return done;
  }

  /** Starts compaction every 15 minutes, and whenever the journal is over 4 MB. */
  start(): void {
    this.#timer ??= setInterval(() => {
      this.#compactSoon();
      this.#buildSoon();
    }, COMPACTION_INTERVAL_MS);
    this.#stopped = false;
    this.#build_timer ??= setTimeout(() => this.#buildSoon(), BUILD_AFTER_MS);
    if (this.#record.charger !== null || this.stats.journal_bytes > COMPACTION_BYTES) this.#compactSoon();
  }

  /** Stops compaction; resolves when none is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#build_timer);
    this.#timer = this.#build_timer = undefined;
    this.#stopped = true;
    await this.#building?.catch(() => {});
    await this.#compactions;
  }

  /** Loads dictionary, journal and snapshots. The next compaction continues an interrupted one. */
  async load(): Promise<void> {
    await this.#dictionary.load(this.#source);
    await this.#loadRecord();
    this.#memtable.committed = Math.max(this.#memtable.committed, this.#record.upto);
    await loadSnapshots(
      this.#source,
      (charger_id, json) => this.#memtable.charger(charger_id).last = { rows: null, json },
    );
    for await (
      const entry of this.#read.list<Uint8Array>({ prefix: [...this.#keys.journal] }, { batchSize: 100 })
    ) {
      this.#loadValue(entry);
    }
    this.#journal.sequence = this.#memtable.committed;
  }

  /**
   * Loads the progress of the compaction, and the days; of a damaged one, the end of what is in chunks, from which
   * sequences go on. After an older program has compacted, which does not know the days, they are built again.
   */
  async #loadRecord(): Promise<void> {
    const entry = await this.#read.get<Uint8Array>([...this.#keys.fold]);
    if (!entry.value) return await this.#days.load({ drop: false });
    try {
      this.#record = fromBytes<CompactionRecord>(entry.value);
    } catch (error) {
      this.#source.damagedValue(entry, error);
      this.#memtable.committed = await lastCompacted(this.#source);
      return await this.#days.load({ drop: true });
    }
    const drop = this.#record.days !== true;
    await this.#days.load({ drop });
    if (!drop) return;
    this.#record = { ...this.#record, days: true };
    await this.#commits.put([putMutation([...this.#keys.fold], this.#record)]);
  }

  #loadValue(entry: Deno.KvEntry<Uint8Array>): void {
    const { upto, charger } = this.#record;
    try {
      this.#memtable.load(
        Number(entry.key.at(-1)),
        entry.value,
        (row) => row.n <= upto && row.charger.charger_id <= (charger ?? row.charger.charger_id),
      );
    } catch (error) {
      this.#source.damagedValue(entry, error);
    }
  }

  /** Deletes the chunks of hours that ended before `before` (ms since 1970). Returns their number. */
  retain(before: number): Promise<number> {
    return deleteChunks(this.#commits, this.#read, this.#keys, before);
  }

  /** The current figures. */
  get stats(): ReadingsStats {
    return {
      messages: this.#messages,
      journal_bytes: this.#memtable.bytes,
      memtable_messages: this.#memtable.rows,
      compactions: this.#compaction_count,
      compaction_failures: this.#compaction_failures,
      last_compaction_ms: this.#last_compaction_ms,
      damaged: this.#damaged_count,
    };
  }

  #committed(rows: readonly Row[], values: readonly Mutation[]): void {
    this.#memtable.take(rows, values);
    if (this.#timer !== undefined && this.#memtable.bytes > COMPACTION_BYTES) this.#compactSoon();
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

  #compactSoon(): void {
    if (this.#under_way > 0 || performance.now() < this.#not_before) return;
    this.compact().catch((error) => {
      this.#not_before = performance.now() + RETRY_AFTER_MS;
      if (!this.#stopped) this.onFailure(error);
    });
  }

  #buildSoon(): void {
    this.buildDays().catch((error) => {
      if (!this.#stopped) this.onFailure(error);
    });
  }

  async #runCompaction(): Promise<void> {
    const began = performance.now();
    try {
      const { upto, charger } = this.#record;
      if (charger !== null) await new Compaction(this.#compactionSource(), upto, charger).run();
      if (this.#stopped) return;
      const cut = this.#memtable.committed;
      if (this.#memtable.values(cut).length > 0) {
        await new Compaction(this.#compactionSource(), cut, "").run();
      }
      this.#compaction_count++;
    } catch (error) {
      this.#compaction_failures++;
      throw error;
    } finally {
      this.#last_compaction_ms = performance.now() - began;
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

  #compactionSource(): CompactionSource {
    const memtable = this.#memtable;
    return {
      ...this.#source,
      commits: this.#commits,
      dayChanges: (charger_id) => this.#days.changes(charger_id),
      chargers: () => memtable.withRows(),
      extra: (charger, upto) => [...this.#snapshot(charger, upto), ...this.onCompaction(charger.charger_id)],
      values: (upto) => memtable.values(upto),
      recorded: (record) => this.#record = record,
      compacted: (charger, upto) => memtable.drop(charger, upto),
      finished: ({ last }) => {
        if (last?.json) last.rows = null;
      },
      deleted: (values) => memtable.dropValues(values),
      stopped: () => this.#stopped,
      urgent: () => this.stats.journal_bytes > URGENT_BYTES,
    };
  }
}
