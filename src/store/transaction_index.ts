// The indexes of the transactions: all of them, and those of a charger, a tag or both, each in the order of the start.
import type { CurrentValues } from "./kv/current_values.ts";
import type { Keys } from "./kv/keys.ts";
import { deleteMutation, type Mutation } from "./kv/mutation.ts";
import type { Transaction } from "./records/transaction.ts";

/** The key prefixes of the indexes. Their keys end with start (ms since 1970) and id; their values are empty. */
export type IndexKeys = Keys<"by_start" | "by_charger" | "by_tag" | "by_charger_tag">;

/** A place in the order: by start, then by id. */
export interface Position {
  /** ms since 1970. */
  start: number;
  transaction_id: number;
}

/** The part of a filter that an index answers; `from` (included) and `to` (excluded) are limits of the start. */
export interface IndexFilter {
  charger_id?: string;
  id_tag?: string;
  from?: number;
  to?: number;
}

type Subject = Pick<Transaction, "transaction_id" | "charger_id" | "id_tag" | "start_time">;

const EARLIEST = -8.64e15;
const LATEST = 8.64e15;
const TAG_KEY = 64; // longer ones are no tags; a key has a limit
const NOTHING = new Uint8Array();

/** Writes and reads the indexes. The starts of running sessions are in memory, since a step of the clock moves them. */
export class TransactionIndex {
  readonly #kv: CurrentValues;
  readonly #keys: IndexKeys;
  /** Starts of a running session that may be in the database, by its id; the last one is current. */
  readonly #starts = new Map<number, number[]>();

  constructor(kv: CurrentValues, keys: IndexKeys) {
    this.#kv = kv;
    this.#keys = keys;
  }

  /** Returns the mutations that add a transaction. */
  added(transaction: Subject): Mutation[] {
    return this.#entries(transaction, startOf(transaction)).map((key) => ({ key, value: NOTHING }));
  }

  /** Returns the mutations that move a running session whose start has changed; mostly none. */
  moved(transaction: Subject): Mutation[] {
    const starts = this.#starts.get(transaction.transaction_id);
    if (!starts) return [];
    const start = startOf(transaction);
    if (starts.at(-1) !== start) starts.push(start);
    if (starts.length === 1) return [];
    const others = starts.filter((other) => other !== start);
    const old = others.flatMap((other) => this.#entries(transaction, other)).map(deleteMutation);
    return [...old, ...this.added(transaction)];
  }

  /** Notes that the moves of a running session are durable. */
  settled(transaction: Subject): void {
    const starts = this.#starts.get(transaction.transaction_id);
    if (starts && starts.length > 1) starts.splice(0, starts.length - 1);
  }

  /** Notes the start of a running session, which is in the database. */
  remember(transaction: Subject): void {
    this.#starts.set(transaction.transaction_id, [startOf(transaction)]);
  }

  /** Forgets a session that has ended. */
  forget(transaction_id: number): void {
    this.#starts.delete(transaction_id);
  }

  /** Yields the ids of the matching transactions before `position`, newest first, in portions of `size`. */
  async *ids(filter: IndexFilter, size: number, position?: Position): AsyncGenerator<number[]> {
    const { from = EARLIEST, to = LATEST } = filter;
    const prefix = this.#prefix(filter);
    const inside = position !== undefined && position.start < to;
    if ((inside ? position.start : to) < from) return;
    const end = inside ? [...prefix, position.start, position.transaction_id] : [...prefix, to];
    const options = { reverse: true, batchSize: Math.min(size, 500) };
    let ids: number[] = [];
    for await (const { key } of this.#kv.list({ start: [...prefix, from], end }, options)) {
      if (ids.push(Number(key.at(-1))) < size) continue;
      yield ids;
      ids = [];
    }
    if (ids.length > 0) yield ids;
  }

  #entries({ transaction_id, charger_id, id_tag }: Subject, start: number): Deno.KvKey[] {
    const filters: IndexFilter[] = [{}, { charger_id }, { id_tag }, { charger_id, id_tag }];
    return filters.map((filter) => [...this.#prefix(filter), start, transaction_id]);
  }

  #prefix({ charger_id, id_tag }: IndexFilter): string[] {
    const keys = this.#keys;
    if (id_tag === undefined) {
      return charger_id === undefined ? [...keys.by_start] : [...keys.by_charger, charger_id];
    }
    const tag = id_tag.toUpperCase().slice(0, TAG_KEY);
    return charger_id === undefined ? [...keys.by_tag, tag] : [...keys.by_charger_tag, charger_id, tag];
  }
}

function startOf({ start_time }: Subject): number {
  return Date.parse(start_time);
}
