// The commit queue (group commit): while one commit is under way, further writes gather in the next batch.
import type { Mutation } from "./mutation.ts";
import { keyText } from "./pending_writes.ts";

/** Options of a put. A deferred one may wait for up to the commit window, so that more writes share its commit. */
export interface PutOptions {
  deferred?: boolean;
  /** True: written to its table at once, also where the redo log would take it. */
  direct?: boolean;
}

/** The part of Deno KV that the queue uses. */
export type AtomicKv = Pick<Deno.Kv, "atomic">;

/** A record of the readings' journal: the bytes from `start` to `end` of a page. */
export interface JournalRow {
  readonly start: number;
  readonly end: number;
  /** Dictionary entries that must be stored with it; those without mutation need not be stored. */
  readonly fresh: readonly { readonly mutation: Mutation | null }[] | null;
}

/** The journal's part in a commit. All rows come from `append`. */
export interface CommitJournal<Row extends JournalRow = JournalRow> {
  /** Returns the mutations that store the rows of one commit. */
  mutations(rows: readonly Row[]): Mutation[];
  /** Runs when the commit is durable, before its puts resolve. */
  committed(rows: readonly Row[], mutations: readonly Mutation[]): void;
}

/** The part of a commit that notes which keys it changes. */
export interface CommitChanges {
  /** Returns the mutations that note the keys of a commit. */
  mutations(changes: readonly Mutation[]): Mutation[];
  /** Runs when the commit has ended. */
  settled(stored: boolean): void;
}

/** The redo log's part in a commit. */
export interface CommitLog {
  /** The names of the tables whose writes it stores in their place. */
  readonly tables: ReadonlySet<string>;
  /** Returns the mutations that store the writes of one commit, which are by the text of their key. */
  mutations(writes: ReadonlyMap<string, Mutation>): Mutation[];
  /** Runs when the commit has ended, before its puts resolve. */
  settled(stored: boolean): void;
}

/** Limits of the wait of deferred puts. */
export interface CommitsOptions {
  /** The longest wait, ms. */
  window_ms: number;
  /** Number of deferred puts at which a batch is committed at once; 32 by default. */
  batch_size?: number;
  /**
   * The longest time that a commit may take before all puts but its own are rejected, ms; left out: none. Its own
   * wait until it is known whether they are stored.
   */
  deadline_ms?: number;
}

const MAX_MUTATIONS = 900; // Deno KV allows 1,000
const MAX_BYTES = 700_000; // Deno KV allows 819,200
const MAX_KEY_BYTES = 70_000; // Deno KV allows 81,920
const MAX_VALUE = 65_536;
const VALUE_OVERHEAD = 64;
const ROW_OVERHEAD = 16;
const KEY_BYTES = 100;
const DEFERRED: PutOptions = { deferred: true };

/** A failed commit: nothing of it is stored. A fault of the disk, not of the program; reported once, by an alarm. */
export class StorageError extends Error {
  override readonly name = "StorageError";
}

/** Returns the error of a call that the database has not answered. */
export function noAnswer(ms: number): StorageError {
  return new StorageError(`The database has not answered for ${ms / 1000} s`);
}

/** A record that is larger than the database can hold. A fault of what was sent, not of the program. */
export class TooLargeError extends TypeError {
  override readonly name = "TooLargeError";
}

/** Returns a handler that passes all errors but StorageError to `tell`. */
export function exceptStorageErrors(tell: (error: unknown) => void): (error: unknown) => void {
  return (error) => void (error instanceof StorageError || tell(error));
}

/** The writes of one future commit, and the promise of all its puts. The last write of a key wins. */
class Batch {
  readonly mutations = new Map<string, Mutation>();
  /** Writes that the redo log stores. */
  readonly logged = new Map<string, Mutation>();
  /** Writes of a checkpoint: what an earlier commit has changed. */
  readonly applied = new Map<string, Mutation>();
  readonly rows: JournalRow[] = [];
  readonly done = Promise.withResolvers<void>();
  bytes = 0;
  key_bytes = 0;
  waiting = 0;
  urgent = false;
  due = Infinity;

  hasRoom(mutations: number, bytes: number, key_bytes: number): boolean {
    const count = this.mutations.size + this.logged.size + this.applied.size + mutations;
    return count <= MAX_MUTATIONS && this.key_bytes + key_bytes <= MAX_KEY_BYTES &&
      this.bytes + bytes <= MAX_BYTES;
  }

  /** Returns what the commit changes. */
  changes(): Mutation[] {
    return [...this.mutations.values(), ...this.logged.values()];
  }

  add(mutation: Mutation, writes = this.mutations): void {
    writes.set(keyText(mutation.key), mutation);
    this.bytes += (mutation.value?.length ?? 0) + VALUE_OVERHEAD;
    this.key_bytes += keySize(mutation.key);
  }
}

/** Figures of the commits since the start. */
export interface CommitStats {
  commits: number;
  failures: number;
  mutations: number;
  last_error: string | null;
  last_ms: number;
  max_ms: number;
  /** Start of the commit under way, monotonic ms; null: none is. */
  under_way_since: number | null;
}

/**
 * The queue of writes in front of Deno KV. A commit costs one fsync, so that all writes made while one is under way
 * share the next. A put resolves when its commit is durable, and rejects with StorageError when that commit fails.
 */
export class Commits {
  #kv: AtomicKv;
  #options: CommitsOptions & { batch_size: number };
  #batches: Batch[] = [];
  #running = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  /** The reason for which puts are rejected at once; null: they are taken. */
  #unavailable: StorageError | null = null;
  /** Checked in each commit, where other gateways can write the database too. */
  guard: Deno.AtomicCheck | null = null;
  /** The readings' journal; set by `Readings`. */
  journal: CommitJournal = { mutations: () => [], committed: () => {} };
  /** Notes the keys that commits change; null: nobody asks for them. */
  changes: CommitChanges | null = null;
  /** The redo log; set by `RedoLog`. */
  log: CommitLog = { tables: new Set(), mutations: () => [], settled: () => {} };
  /** Called when a commit fails and the one before it did not. */
  onFailing: (error: string) => void = () => {};
  readonly stats: CommitStats = {
    commits: 0,
    failures: 0,
    mutations: 0,
    last_error: null,
    last_ms: 0,
    max_ms: 0,
    under_way_since: null,
  };

  constructor(kv: AtomicKv, options: CommitsOptions) {
    this.#kv = kv;
    this.#options = { batch_size: 32, ...options };
  }

  /**
   * Writes up to 900 mutations in one commit. Throws TypeError, with nothing queued, for more than one commit can hold.
   */
  put(mutations: readonly Mutation[], options: PutOptions = {}): Promise<void> {
    const batch = this.#roomFor(mutations);
    const tables = options.direct ? null : this.log.tables;
    for (const mutation of mutations) {
      batch.add(mutation, tables?.has(mutation.key[1] as string) ? batch.logged : batch.mutations);
    }
    return this.#joined(batch, options);
  }

  /** Writes what the redo log holds to its tables. Otherwise as `put`. */
  apply(mutations: readonly Mutation[]): Promise<void> {
    const batch = this.#roomFor(mutations);
    for (const mutation of mutations) batch.add(mutation, batch.applied);
    return this.#joined(batch, {});
  }

  #roomFor(mutations: readonly Mutation[]): Batch {
    let bytes = 0;
    let key_bytes = 0;
    for (const { key, value } of mutations) {
      if (value && value.length > MAX_VALUE) {
        throw new TooLargeError(`Cannot store ${key.join("/")}: ${value.length} bytes are over ${MAX_VALUE}`);
      }
      bytes += (value?.length ?? 0) + VALUE_OVERHEAD;
      key_bytes += keySize(key);
    }
    if (mutations.length > MAX_MUTATIONS || bytes > MAX_BYTES || key_bytes > MAX_KEY_BYTES) {
      throw new TooLargeError("Cannot store so much in one commit");
    }
    return this.#batchFor(mutations.length, bytes, key_bytes);
  }

  /**
   * Writes a row of the readings' journal, with the dictionary entries that it needs in the same commit. Deferred.
   */
  append(row: JournalRow): Promise<void> {
    const bytes = row.end - row.start + ROW_OVERHEAD;
    const batch = row.fresh ? this.#batchWith(row.fresh, bytes) : this.#batchFor(1, bytes, KEY_BYTES);
    batch.rows.push(row);
    batch.bytes += bytes;
    return this.#joined(batch, DEFERRED);
  }

  /** Returns a batch to which the new dictionary entries are added, with room for a row of `bytes`. */
  #batchWith(entries: NonNullable<JournalRow["fresh"]>, bytes: number): Batch {
    const mutations = entries.flatMap(({ mutation }) => mutation ?? []);
    const more = mutations.reduce((sum, { value }) => sum + (value?.length ?? 0) + VALUE_OVERHEAD, bytes);
    const batch = this.#batchFor(mutations.length + 1, more, (mutations.length + 1) * KEY_BYTES);
    for (const mutation of mutations) batch.add(mutation);
    return batch;
  }

  /** Commits all queued writes; resolves when none is left, also after failures, and while the database does not answer. */
  async flush(): Promise<void> {
    while (!this.#unavailable && (this.#batches.length || this.#running)) {
      const last = this.#batches.at(-1);
      for (const batch of this.#batches) batch.urgent = true;
      this.#kick();
      await (last ? last.done.promise.catch(() => {}) : new Promise((resolve) => setTimeout(resolve, 1)));
    }
  }

  /** Commits all queued writes; later ones throw Error. */
  async close(): Promise<void> {
    await this.flush();
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** Number of puts waiting for their commit. */
  get depth(): number {
    return this.#batches.reduce((sum, batch) => sum + batch.waiting, 0);
  }

  #batchFor(mutations: number, bytes: number, key_bytes: number): Batch {
    if (this.#closed) throw new Error("Cannot store: the store is closed");
    const last = this.#batches.at(-1);
    if (last?.hasRoom(mutations, bytes, key_bytes)) return last;
    if (last) last.urgent = true;
    const batch = new Batch();
    batch.done.promise.catch(() => {}); // a rejection nobody awaits must not end the process
    this.#batches.push(batch);
    return batch;
  }

  #joined(batch: Batch, { deferred = false }: PutOptions): Promise<void> {
    if (this.#unavailable) {
      this.#rejectWaiting(this.#unavailable);
      return batch.done.promise;
    }
    batch.waiting++;
    if (!deferred || batch.waiting >= this.#options.batch_size) batch.urgent = true;
    else if (batch.due === Infinity) batch.due = performance.now() + this.#options.window_ms;
    this.#kick();
    return batch.done.promise;
  }

  /** Commits the first batch if it is urgent or due, else sets the timer for it. */
  #kick(): void {
    const batch = this.#batches[0];
    if (!batch || this.#running) return;
    const wait = batch.urgent ? 0 : batch.due - performance.now();
    if (wait <= 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#running = true;
      queueMicrotask(() => this.#run());
    } else if (this.#timer === undefined) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#kick();
      }, Math.ceil(wait));
    }
  }

  async #run(): Promise<void> {
    const batch = this.#batches.shift();
    if (batch) await this.#commit(batch);
    this.#running = false;
    this.#kick();
  }

  #rejectWaiting(error: StorageError): void {
    for (const batch of this.#batches.splice(0)) batch.done.reject(error);
  }

  /** Rejects what waits for a commit that has passed its deadline, and what comes until it ends. */
  #giveUp(deadline_ms: number): void {
    this.#unavailable = noAnswer(deadline_ms);
    const first = this.stats.last_error === null;
    this.stats.last_error = this.#unavailable.message;
    this.stats.failures++;
    this.#rejectWaiting(this.#unavailable);
    if (first) this.onFailing(this.#unavailable.message);
  }

  async #commit(batch: Batch): Promise<void> {
    const began = performance.now();
    const { deadline_ms } = this.#options;
    const late = deadline_ms === undefined
      ? undefined
      : setTimeout(() => this.#giveUp(deadline_ms), deadline_ms);
    this.stats.under_way_since = began;
    try {
      const journal = batch.rows.length > 0 ? this.journal.mutations(batch.rows) : [];
      const log = batch.logged.size > 0 ? this.log.mutations(batch.logged) : [];
      const notes = this.changes?.mutations([...batch.changes(), ...journal]) ?? [];
      await this.#store([
        ...batch.mutations.values(),
        ...batch.applied.values(),
        ...journal,
        ...log,
        ...notes,
      ]);
      this.changes?.settled(true);
      if (log.length > 0) this.log.settled(true);
      if (batch.rows.length > 0) this.journal.committed(batch.rows, journal);
      this.#count(batch.mutations.size + journal.length + log.length, performance.now() - began, null);
      batch.done.resolve();
    } catch (error) {
      this.changes?.settled(false);
      const first = this.stats.last_error === null;
      this.#count(0, performance.now() - began, error);
      if (batch.logged.size > 0) this.log.settled(false);
      batch.done.reject(new StorageError(String(error), { cause: error }));
      if (first) this.onFailing(String(error));
    } finally {
      clearTimeout(late);
      this.#unavailable = null;
    }
  }

  async #store(mutations: readonly Mutation[]): Promise<void> {
    const atomic = this.#kv.atomic();
    if (this.guard) atomic.check(this.guard);
    for (const { key, value } of mutations) {
      if (value) atomic.set(key, value);
      else atomic.delete(key);
    }
    const result = await atomic.commit();
    if (!result.ok) throw new Error("another gateway has taken over the site");
  }

  #count(mutations: number, ms: number, error: unknown): void {
    const stats = this.stats;
    stats.under_way_since = null;
    stats.last_ms = ms;
    stats.max_ms = Math.max(stats.max_ms, ms);
    stats.last_error = error === null ? null : String(error);
    if (error !== null) stats.failures++;
    else stats.commits++, stats.mutations += mutations;
  }
}

function keySize(key: Deno.KvKey): number {
  let size = 0;
  for (const part of key) size += typeof part === "string" ? part.length * 3 + 2 : 10;
  return size;
}
