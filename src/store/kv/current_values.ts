// The values as they are now: those of the database, and in front of them what only the redo log holds.
import type { StoredValue } from "./damage.ts";
import { compareKeys } from "./key_order.ts";
import { type PendingWrite, PendingWrites, type TableSelector, valueOf } from "./pending_writes.ts";

/** The options of a list. */
export interface ListOptions {
  limit?: number;
  reverse?: boolean;
  batchSize?: number;
}

const LARGEST_BATCH = 500; // of Deno KV
const SMALLEST_BATCH = 10;

/** Reads values by key and by range. */
export class CurrentValues {
  readonly #kv: Deno.Kv;
  /** The writes that only the redo log holds. */
  readonly pending = new PendingWrites();

  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  /** Returns the value of a key; null: there is none. */
  async get(key: Deno.KvKey): Promise<Uint8Array | null> {
    const write = this.pending.get(key);
    return write ? valueOf(write) : (await this.#kv.get<Uint8Array>(key)).value;
  }

  /** Returns the values of up to ten keys. */
  async getMany(keys: readonly Deno.KvKey[]): Promise<(Uint8Array | null)[]> {
    const writes = keys.map((key) => this.pending.get(key));
    const entries = await this.#kv.getMany<Uint8Array[]>([...keys]);
    return entries.map(({ value }, index) => writes[index] ? valueOf(writes[index]) : value);
  }

  /** Yields the values of a range in one table, in the order of their keys, or backwards. */
  async *list(selector: TableSelector, options: ListOptions = {}): AsyncGenerator<StoredValue> {
    const writes = this.pending.inRange(selector);
    if (writes.length === 0) {
      yield* this.#kv.list<Uint8Array>(selector as Deno.KvListSelector, options);
      return;
    }
    if (options.reverse) writes.reverse();
    let left = options.limit ?? Infinity;
    for await (const entry of merged(writes, this.#stored(selector, options), options.reverse ? -1 : 1)) {
      yield entry;
      if (--left === 0) return;
    }
  }

  #stored(selector: TableSelector, { limit = 100, reverse = false, batchSize }: ListOptions) {
    const size = Math.min(LARGEST_BATCH, Math.max(SMALLEST_BATCH, batchSize ?? limit));
    return this.#kv.list<Uint8Array>(selector as Deno.KvListSelector, { reverse, batchSize: size });
  }
}

/** Yields stored values with pending writes in their places; `sign` -1: backwards. */
async function* merged(
  writes: readonly PendingWrite[],
  stored: AsyncIterable<StoredValue>,
  sign: number,
): AsyncGenerator<StoredValue> {
  let at = 0;
  for await (const entry of stored) {
    let order = -1;
    while (at < writes.length && (order = sign * compareKeys(writes[at]!.key, entry.key)) <= 0) {
      yield* shown(writes[at++]!);
      if (order === 0) break;
    }
    if (order !== 0) yield entry;
  }
  while (at < writes.length) yield* shown(writes[at++]!);
}

function* shown(write: PendingWrite): Generator<StoredValue> {
  const value = valueOf(write);
  if (value) yield { key: write.key, value };
}
