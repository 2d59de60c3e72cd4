// The redo log (write-ahead log) of the tables that change with nearly every message. A commit is one value with all its
// writes, in place of a page of the database for each; the tables get the last write of each key at a checkpoint.
//
// A checkpoint writes the tables in slices and deletes the log after them, oldest first. Wherever it is interrupted, what
// is left of the log is replayed at the next start: a later write is never replayed without those after it.
import type { CommitLog, Commits } from "./commits.ts";
import { CurrentValues } from "./current_values.ts";
import { type DamageReport, readOr, type StoredValue } from "./damage.ts";
import { deleteMutation, type Mutation } from "./mutation.ts";
import { type PendingWrite, type PendingWrites, valueOf } from "./pending_writes.ts";
import { checkPart, decodeWrites, encodeWrites } from "./redo_codec.ts";

const CHECKPOINT_BYTES = 4_000_000;
const CHECKPOINT_MS = 10 * 60_000;
const RETRY_AFTER_MS = 60_000;
const SLICE = 200;

/** The parts that a redo log works with. */
export interface RedoLogDeps {
  commits: Commits;
  read: Deno.Kv;
  current?: CurrentValues;
  damaged?: DamageReport | undefined;
}

/** A commit in the log. */
interface LoggedCommit {
  readonly n: number;
  readonly keys: Deno.KvKey[];
  readonly bytes: number;
  readonly at: number;
}

/** The log, and its checkpoints. */
export class RedoLog implements CommitLog {
  readonly #deps: RedoLogDeps;
  readonly #pending: PendingWrites;
  readonly #prefix: readonly string[];
  /** The commits in the log, oldest first; of a failed one it is not known whether it is there. */
  #commits: LoggedCommit[] = [];
  /** The writes of the commit under way. */
  #writes: PendingWrite[] = [];
  #n = 0;
  #bytes = 0;
  #checkpoint: Promise<void> | null = null;
  #not_before = 0;
  /** The names of the tables whose writes go into the log; none before `begin`. */
  tables: ReadonlySet<string> = new Set();

  constructor(deps: RedoLogDeps, prefix: readonly string[]) {
    const { current = new CurrentValues(deps.read) } = deps;
    this.#deps = deps;
    this.#pending = current.pending;
    this.#prefix = prefix;
    deps.commits.log = this;
  }

  /** Writes what a former run has left in the log into its tables. A damaged commit is reported, and stays. */
  async load(): Promise<void> {
    const { read } = this.#deps;
    const entries = read.list<Uint8Array>({ prefix: [...this.#prefix] }, { batchSize: 50 });
    const commits = Map.groupBy(await Array.fromAsync(entries), ({ key }) => Number(key.at(-2)));
    for (const [n, parts] of commits) this.#replay(n, parts);
    if (this.#commits.length > 0) await this.checkpoint().catch(() => {}); // the writes stay pending
  }

  #replay(n: number, parts: readonly StoredValue[]): void {
    this.#n = n;
    const whole = parts.map((entry) => this.#checked(entry));
    if (whole.includes(null)) return;
    const writes = readOr(parts[0]!, {
      read: () => decodeWrites(whole as Uint8Array[]),
      fallback: null,
      damaged: this.#deps.damaged,
    });
    if (!writes) return;
    for (const write of writes) this.#pending.note(write);
    this.#commits.push({ n, keys: parts.map(({ key }) => key), bytes: 0, at: 0 });
  }

  #checked(entry: StoredValue): Uint8Array | null {
    const read = (value: Uint8Array) => checkPart(value) ? value : null;
    return readOr(entry, { read, fallback: null, damaged: this.#deps.damaged });
  }

  /** Logs the writes of some tables from now on. */
  begin(tables: ReadonlySet<string>): void {
    this.tables = tables;
  }

  /** Returns the mutations that store the writes of a commit. */
  mutations(changes: ReadonlyMap<string, Mutation>): Mutation[] {
    const n = ++this.#n;
    const { writes, parts } = encodeWrites(changes);
    const mutations = parts.map((value, part) => ({ key: [...this.#prefix, n, part], value }));
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    this.#commits.push({ n, keys: mutations.map(({ key }) => key), bytes, at: performance.now() });
    this.#writes = writes;
    return mutations;
  }

  /** Takes over the writes of the commit under way if it is durable. */
  settled(stored: boolean): void {
    const writes = this.#writes;
    this.#writes = [];
    if (!stored) return;
    for (const write of writes) this.#pending.note(write);
    this.#bytes += this.#commits.at(-1)!.bytes;
    const isDue = this.#bytes > CHECKPOINT_BYTES ||
      performance.now() - this.#commits[0]!.at > CHECKPOINT_MS;
    if (isDue && !this.#checkpoint && performance.now() > this.#not_before) {
      this.checkpoint().catch(() => this.#not_before = performance.now() + RETRY_AFTER_MS);
    }
  }

  /** Writes what is pending into its tables, and deletes the log up to here. Rejects with StorageError; it can be repeated. */
  checkpoint(): Promise<void> {
    return this.#checkpoint ??= this.#run().finally(() => this.#checkpoint = null);
  }

  async #run(): Promise<void> {
    const upto = this.#writes.length > 0 ? this.#n - 1 : this.#n; // without the commit under way
    const { commits } = this.#deps;
    for (const writes of this.#pending.byTable()) {
      for (const some of slices(writes)) {
        await commits.apply(some.map((write) => ({ key: write.key, value: valueOf(write) })));
        this.#pending.drop(some);
      }
    }
    const old = this.#commits.filter(({ n }) => n <= upto);
    for (const keys of slices(old.flatMap(({ keys }) => keys))) await commits.apply(keys.map(deleteMutation));
    this.#commits = this.#commits.filter(({ n }) => n > upto);
    this.#bytes = this.#commits.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

function* slices<T>(all: readonly T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += SLICE) yield all.slice(at, at + SLICE);
}
