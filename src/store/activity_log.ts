// The event log: the newest entries one by one, older ones in blocks with an outline each, by which questions skip them.
import { packed, type StoredEntry, unpacked } from "./activity_codec.ts";
import { type ActivityFilter, type BlockOutline, matches, mayMatch, outlineOf } from "./activity_filter.ts";
import { fromBytes } from "./kv/codec.ts";
import type { Commits, PutOptions } from "./kv/commits.ts";
import { type DamageReport, readOr, type StoredValue } from "./kv/damage.ts";
import type { TableDeps } from "./kv/declaration.ts";
import type { Keys } from "./kv/keys.ts";
import { deleteMutation, putMutation } from "./kv/mutation.ts";
import type { ActivityEntry } from "./records/activity.ts";

/** Entries of a block; as rows of the database they would take twice the room. */
const BLOCK = 128;
const BLOCK_BYTES = 40_000; // a value has at most 65,536
/** Blocks that one call deletes. */
const SLICE = 10;

/** The bounds of the log. */
export interface ActivityBounds {
  /** Entries kept, in whole blocks. */
  entries: number;
  /** Entries before this time are deleted, ms since 1970. */
  before: number;
}

/** Entries in order. In memory are those of the block to come, and the outlines of the others. */
export class ActivityLog {
  readonly #commits: Commits;
  readonly #kv: Deno.Kv;
  readonly #keys: Keys<"activity" | "activity_block" | "activity_outline">;
  readonly #damaged: DamageReport | undefined;
  /** Oldest first. */
  readonly #tail = new Map<number, ActivityEntry>();
  #blocks: BlockOutline[] = [];
  #last = 0;
  /** The last entry of the block under way; 0: none is. */
  #sealing = 0;

  constructor(
    { commits, read, damaged }: TableDeps,
    keys: Keys<"activity" | "activity_block" | "activity_outline">,
  ) {
    this.#commits = commits;
    this.#kv = read;
    this.#keys = keys;
    this.#damaged = damaged;
  }

  /** Loads the outlines, and the entries that are in no block. */
  async load(): Promise<void> {
    for await (const stored of this.#list(this.#keys.activity_outline)) {
      const outline = this.#read<BlockOutline>(stored);
      if (outline) this.#blocks.push(outline);
      this.#last = Math.max(this.#last, Number(stored.key.at(-1)), outline?.last ?? 0);
    }
    for await (const stored of this.#list(this.#keys.activity)) {
      const sequence = Number(stored.key.at(-1));
      const row = this.#read<StoredEntry>(stored);
      if (row) this.#tail.set(sequence, unpacked(sequence, row));
      this.#last = Math.max(this.#last, sequence);
    }
  }

  /** The number of entries. */
  get size(): number {
    return this.#tail.size + this.#blocks.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  }

  /** The number of blocks. */
  get blocks(): number {
    return this.#blocks.length;
  }

  /** Stores an entry. Returns its sequence, and the promise of its commit. */
  add(
    entry: Omit<ActivityEntry, "sequence">,
    options: PutOptions = { deferred: true },
  ): { sequence: number; written: Promise<void> } {
    const stored = { sequence: ++this.#last, ...entry };
    this.#tail.set(stored.sequence, stored);
    const written = this.#put(stored, options);
    written.catch(() => this.#tail.delete(stored.sequence)); // it is not kept, so memory stays bounded
    if (this.#tail.size >= BLOCK && this.#sealing === 0) void this.#seal();
    return { sequence: stored.sequence, written };
  }

  /**
   * Changes one of the newest entries; returns false for one that cannot be changed any more. The change is stored only if
   * `store` says so, or when its block is made.
   */
  change(sequence: number, change: Partial<ActivityEntry>, store: boolean): boolean {
    const entry = this.#tail.get(sequence);
    if (!entry || sequence <= this.#sealing) return false;
    Object.assign(entry, change);
    if (store) this.#put(entry, { deferred: true }).catch(() => {}); // the disk's alarm tells
    return true;
  }

  /** Iterates over the matching entries, newest first; those that cannot be read are left out. */
  async *scan(filter: ActivityFilter = {}): AsyncGenerator<ActivityEntry> {
    const [tail, blocks] = [[...this.#tail.values()].reverse(), this.#blocks.toReversed()];
    for (const entry of tail) if (matches(entry, filter)) yield { ...entry };
    for (const block of blocks) {
      if (!mayMatch(block, filter)) continue;
      for (const entry of await this.#block(block)) if (matches(entry, filter)) yield entry;
    }
  }

  /** Deletes the oldest blocks beyond the bounds, ten at most; returns true if more are left to delete. */
  async prune({ entries, before }: ActivityBounds): Promise<boolean> {
    let size = this.size;
    const old: BlockOutline[] = [];
    for (const block of this.#blocks) {
      if (size <= entries && block.to >= before) break;
      size -= block.last - block.first + 1;
      old.push(block);
    }
    const slice = old.slice(0, SLICE);
    if (slice.length === 0) return false;
    const keys = slice.flatMap(({ first }) => this.#keysOf(first));
    await this.#commits.put(keys.map(deleteMutation), { deferred: true });
    this.#blocks = this.#blocks.filter((block) => !slice.includes(block));
    return old.length > slice.length;
  }

  /** Makes a block of the newest entries. They stay in memory until it is stored; where that fails, a later entry tries again. */
  async #seal(): Promise<void> {
    const entries = upToBytes([...this.#tail.values()]);
    const outline = outlineOf(entries);
    const [block, summary] = this.#keysOf(outline.first);
    this.#sealing = outline.last;
    const rows = entries.map((entry): [number, StoredEntry] => [entry.sequence, packed(entry)]);
    try {
      await this.#commits.put([
        putMutation(block, rows),
        putMutation(summary, outline),
        ...rows.map(([sequence]) => deleteMutation([...this.#keys.activity, sequence])),
      ], { deferred: true });
      for (const [sequence] of rows) this.#tail.delete(sequence);
      this.#blocks = [...this.#blocks, outline];
    } catch {
      return; // the disk's alarm tells
    } finally {
      this.#sealing = 0;
    }
    if (this.#tail.size >= BLOCK) await this.#seal();
  }

  async #block({ first }: BlockOutline): Promise<ActivityEntry[]> {
    const stored = await this.#kv.get<Uint8Array>(this.#keysOf(first)[0]);
    if (stored.value === null) return [];
    const rows = this.#read<[number, StoredEntry][]>(stored) ?? [];
    return rows.map(([sequence, row]) => unpacked(sequence, row)).reverse();
  }

  #put(entry: ActivityEntry, options: PutOptions): Promise<void> {
    return this.#commits.put([putMutation([...this.#keys.activity, entry.sequence], packed(entry))], options);
  }

  #keysOf(first: number): [block: Deno.KvKey, outline: Deno.KvKey] {
    return [[...this.#keys.activity_block, first], [...this.#keys.activity_outline, first]];
  }

  #list(prefix: readonly string[]): Deno.KvListIterator<Uint8Array> {
    return this.#kv.list<Uint8Array>({ prefix: [...prefix] }, { batchSize: 500 });
  }

  #read<T>(stored: StoredValue): T | null {
    return readOr(stored, { read: fromBytes<T>, fallback: null, damaged: this.#damaged });
  }
}

/** Returns as many of the first entries as a block can hold. */
function upToBytes(entries: readonly ActivityEntry[]): ActivityEntry[] {
  let bytes = 0;
  const end = entries.findIndex((entry) => (bytes += JSON.stringify(packed(entry)).length * 2) > BLOCK_BYTES);
  return entries.slice(0, end === -1 ? BLOCK : Math.max(1, Math.min(end, BLOCK)));
}
