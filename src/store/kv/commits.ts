// The commit queue: natural group commit. One atomic is under way; everything put meanwhile goes into the next.
import type { Mutation } from "./mutation.ts";

/** How a put is queued. `patient`: may wait up to the commit window for company. */
export interface PutOptions {
  deferred?: boolean;
}

/** What the queue needs of Deno KV: tests put a failing or slow one in its place. */
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

/** How long patient puts wait. */
export interface CommitsOptions {
  /** How long patient puts may wait for company, in ms. */
  window_ms: number;
  /** Patient puts that make a group go at once. */
  batch_size?: number;
}

const MAX_MUTATIONS = 900; // KV: 1,000
const MAX_BYTES = 700_000; // KV: 819,200
const MAX_KEY_BYTES = 70_000; // KV: 81,920
const MAX_VALUE = 65_536;
const VALUE_OVERHEAD = 64;
const ROW_OVERHEAD = 16;
const KEY_BYTES = 100;
const PATIENT: PutOptions = { deferred: true };

/** A commit failed, and nothing of it is stored. The card's fault, not the program's: an alarm tells of it, once. */
export class StorageError extends Error {
  override readonly name = "NotStored";
}

/** `tell` for all that fails but the card. */
export function exceptStorageErrors(tell: (error: unknown) => void): (error: unknown) => void {
  return (error) => void (error instanceof StorageError || tell(error));
}

/** One commit in the making: its mutations (the last write of a key wins), and the promise that all its puts share. */
class Batch {
  readonly mutations = new Map<string, Mutation>();
  readonly rows: JournalRow[] = [];
  readonly done = Promise.withResolvers<void>();
  bytes = 0;
  key_bytes = 0;
  waiting = 0;
  urgent = false;
  due = Infinity;

  hasRoom(mutations: number, bytes: number, key_bytes: number): boolean {
    return this.mutations.size + mutations <= MAX_MUTATIONS && this.key_bytes + key_bytes <= MAX_KEY_BYTES &&
      this.bytes + bytes <= MAX_BYTES;
  }

  add(mutation: Mutation): void {
    this.mutations.set(mutation.key.join("\0"), mutation);
    this.bytes += (mutation.value?.length ?? 0) + VALUE_OVERHEAD;
    this.key_bytes += keySize(mutation.key);
  }
}

/** Size and time of the commits so far, for `/metrics` and the watchdog. */
export interface CommitStats {
  commits: number;
  failures: number;
  mutations: number;
  last_error: string | null;
  last_ms: number;
  max_ms: number;
  /** Monotonic ms when the commit under way began, or null. */
  under_way_since: number | null;
}

/**
 * Queue of writes in front of Deno KV: a commit costs one fsync, so all that is put while one is under way shares the
 * next. A put resolves when its commit has, and rejects with NotStored when exactly that commit failed.
 */
export class Commits {
  #kv: AtomicKv;
  #options: Required<CommitsOptions>;
  #groups: Batch[] = [];
  #running = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  /** What a commit does with the rows in it. Set by the readings store. */
  journal: CommitJournal = { mutations: () => [], committed: () => {} };
  /** Told of a commit that failed behind one that had not. */
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

  /** Puts up to 900 mutations into one commit. Throws TypeError, with nothing queued, when one cannot be stored. */
  put(mutations: readonly Mutation[], options: PutOptions = {}): Promise<void> {
    let bytes = 0;
    let key_bytes = 0;
    for (const { key, value } of mutations) {
      if (value && value.length > MAX_VALUE) {
        throw new TypeError(`Cannot store ${key.join("/")}: ${value.length} bytes are over ${MAX_VALUE}`);
      }
      bytes += (value?.length ?? 0) + VALUE_OVERHEAD;
      key_bytes += keySize(key);
    }
    if (mutations.length > MAX_MUTATIONS || bytes > MAX_BYTES || key_bytes > MAX_KEY_BYTES) {
      throw new TypeError("Cannot store so much in one commit");
    }
    const group = this.#groupFor(mutations.length, bytes, key_bytes);
    for (const mutation of mutations) group.add(mutation);
    return this.#joined(group, options);
  }

  /**
   * Puts a row of the readings' journal into a commit, together with the dictionary entries it needs. Patient: a meter's
   * samples may wait for company.
   */
  append(row: JournalRow): Promise<void> {
    const bytes = row.end - row.start + ROW_OVERHEAD;
    const group = row.fresh ? this.#groupWith(row.fresh, bytes) : this.#groupFor(1, bytes, KEY_BYTES);
    group.rows.push(row);
    group.bytes += bytes;
    return this.#joined(group, PATIENT);
  }

  /** A group that also holds what is not in the dictionary yet. */
  #groupWith(entries: NonNullable<JournalRow["fresh"]>, bytes: number): Batch {
    const mutations = entries.flatMap(({ mutation }) => mutation ?? []);
    const more = mutations.reduce((sum, { value }) => sum + (value?.length ?? 0) + VALUE_OVERHEAD, bytes);
    const group = this.#groupFor(mutations.length + 1, more, (mutations.length + 1) * KEY_BYTES);
    for (const mutation of mutations) group.add(mutation);
    return group;
  }

  /** Commits everything queued. Resolves when all is done, whether it succeeded or failed. */
  async flush(): Promise<void> {
    while (this.#groups.length || this.#running) {
      const last = this.#groups.at(-1);
      for (const group of this.#groups) group.urgent = true;
      this.#kick();
      await (last ? last.done.promise.catch(() => {}) : new Promise((resolve) => setTimeout(resolve, 1)));
    }
  }

  /** Commits what is queued and refuses what comes later. */
  async close(): Promise<void> {
    await this.flush();
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** Messages that wait for their commit. */
  get depth(): number {
    return this.#groups.reduce((sum, group) => sum + group.waiting, 0);
  }

  #groupFor(mutations: number, bytes: number, key_bytes: number): Batch {
    if (this.#closed) throw new Error("Cannot store: the store is closed");
    const last = this.#groups.at(-1);
    if (last?.hasRoom(mutations, bytes, key_bytes)) return last;
    if (last) last.urgent = true;
    const group = new Batch();
    group.done.promise.catch(() => {}); // each put has its own handler; a group nobody waits for must not end the process
    this.#groups.push(group);
    return group;
  }

  #joined(group: Batch, { deferred: patient = false }: PutOptions): Promise<void> {
    group.waiting++;
    if (!patient || group.waiting >= this.#options.batch_size) group.urgent = true;
    else if (group.due === Infinity) group.due = performance.now() + this.#options.window_ms;
    this.#kick();
    return group.done.promise;
  }

  /** Starts the first group when it is urgent or due, else sets the timer for it. */
  #kick(): void {
    const group = this.#groups[0];
    if (!group || this.#running) return;
    const wait = group.urgent ? 0 : group.due - performance.now();
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
    const group = this.#groups.shift();
    if (group) await this.#commit(group);
    this.#running = false;
    this.#kick();
  }

  async #commit(group: Batch): Promise<void> {
    const began = performance.now();
    this.stats.under_way_since = began;
    try {
      const journal = group.rows.length > 0 ? this.journal.mutations(group.rows) : [];
      await this.#store([...group.mutations.values(), ...journal]);
      if (group.rows.length > 0) this.journal.committed(group.rows, journal);
      this.#count(group.mutations.size + journal.length, performance.now() - began, null);
      group.done.resolve();
    } catch (error) {
      const first = this.stats.last_error === null;
      this.#count(0, performance.now() - began, error);
      group.done.reject(new StorageError(String(error), { cause: error }));
      if (first) this.onFailing(String(error));
    }
  }

  async #store(mutations: readonly Mutation[]): Promise<void> {
    const atomic = this.#kv.atomic();
    for (const { key, value } of mutations) {
      if (value) atomic.set(key, value);
      else atomic.delete(key);
    }
    const result = await atomic.commit();
    if (!result.ok) throw new Error("Cannot commit: the database refused the check");
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
