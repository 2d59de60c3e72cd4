// Charging sessions: the active ones in memory, all of them in the database.
import { fromBytes } from "./kv/codec.ts";
import type { Commits, PutOptions } from "./kv/commits.ts";
import { CurrentValues } from "./kv/current_values.ts";
import { type DamageReport, readOr, type StoredValue } from "./kv/damage.ts";
import type { TableDeps } from "./kv/declaration.ts";
import type { Keys } from "./kv/keys.ts";
import { deleteMutation, type Mutation, putMutation } from "./kv/mutation.ts";
import type { Transaction } from "./records/transaction.ts";
import { RepeatedStarts } from "./repeated_starts.ts";
import { EnergyCurve } from "./sums/energy_curve.ts";
import { UnfiledSessions } from "./sums/unfiled.ts";
import { isBehind, matchesFilter, newestFirst, type TransactionFilter } from "./transaction_filter.ts";
import { type IndexKeys, type Position, TransactionIndex } from "./transaction_index.ts";
import { rowsOf } from "./transaction_rows.ts";

export type { TransactionFilter } from "./transaction_filter.ts";

/** The key prefixes of the transactions: all; by charger and id; the active ones; unfinished work. */
type TransactionKeys = Keys<"transaction" | "transaction_of" | "active" | "unfiled" | "upgrade"> & IndexKeys;

/** A page of transactions, newest first. */
export interface TransactionPage {
  transactions: Transaction[];
  next: string | null;
}

const INDEXED_AT_ONCE = 50; // four keys each, with the longest names in one commit
const NOTHING = new Uint8Array();
const EMPTY = { simulated: false };

/** All transactions. Ids are increasing integers that never repeat; none leaves the gateway before it is durable. */
export class Transactions {
  readonly #commits: Commits;
  readonly #current: CurrentValues;
  readonly #keys: TransactionKeys;
  readonly #damaged: DamageReport | undefined;
  readonly #active = new Map<number, Transaction>();
  readonly #by_charger = new Map<string, Map<number, Transaction>>();
  readonly #starts: RepeatedStarts;
  readonly #index: TransactionIndex;
  /** Ended sessions that the sums do not hold as they are. */
  readonly unfiled: UnfiledSessions;
  /** The energy of running sessions over time, and of those that are not filed; only those with all of it. */
  readonly curves = new Map<number, EnergyCurve>();
  #indexed = true;
  #last_id: number;

  constructor({ commits, read, current, idFloor, damaged }: TableDeps, keys: TransactionKeys) {
    this.#damaged = damaged;
    this.#last_id = idFloor?.("transaction") ?? 0;
    this.#commits = commits;
    this.#keys = keys;
    this.#current = current ?? new CurrentValues(read);
    this.#index = new TransactionIndex(this.#current, keys);
    this.#starts = new RepeatedStarts((charger_id, limit) => this.recent(charger_id, limit));
    this.unfiled = new UnfiledSessions(this.#current, keys, damaged);
  }

  /** Loads the active transactions and the last id. */
  async load(): Promise<void> {
    await this.unfiled.load();
    this.#indexed = await this.#current.get([...this.#keys.upgrade, "indexes"]) === null;
    const newest = this.#current.list({ prefix: [...this.#keys.transaction] }, { limit: 1, reverse: true });
    for await (const { key } of newest) this.#last_id = Math.max(this.#last_id, Number(key.at(-1)));
    for await (const { key } of this.#current.list({ prefix: [...this.#keys.active] })) {
      const transaction = await this.get(Number(key.at(-1)));
      if (transaction?.state === "active") this.remember(transaction);
    }
  }

  /** The id that was given last. */
  get lastId(): number {
    return this.#last_id;
  }

  /** Returns a new transaction id. */
  nextId(): number {
    return ++this.#last_id;
  }

  /** Returns the active transactions of a charger or of all, oldest first. */
  active(charger_id?: string): Transaction[] {
    if (charger_id === undefined) return [...this.#active.values()];
    return [...this.#by_charger.get(charger_id)?.values() ?? []];
  }

  /** Returns the active transaction with this id. */
  activeById(transaction_id: number): Transaction | undefined {
    return this.#active.get(transaction_id);
  }

  /** Returns the active transaction on a connector, the newest of several. */
  activeOn(charger_id: string, connector_id: number): Transaction | undefined {
    let newest: Transaction | undefined;
    for (const transaction of this.#by_charger.get(charger_id)?.values() ?? []) {
      if (transaction.connector_id === connector_id) newest = transaction;
    }
    return newest;
  }

  /** Reads the transaction with this id. */
  async get(transaction_id: number): Promise<Transaction | undefined> {
    const active = this.#active.get(transaction_id);
    if (active) return active;
    const key = [...this.#keys.transaction, transaction_id];
    const value = await this.#current.get(key);
    return value ? this.#read({ key, value }) : undefined;
  }

  /** Returns the transaction in a stored value; one that cannot be read is reported and counts as missing. */
  #read(entry: StoredValue): Transaction | undefined {
    const read = decode;
    const transaction = readOr(entry, { read, fallback: null, damaged: this.#damaged }) ?? undefined;
    if (transaction) this.unfiled.noteRead(transaction);
    return transaction;
  }

  /** Returns the transaction of an earlier StartTransaction.req with the identity `start`. */
  startedBy(charger_id: string, start: string): Promise<number | undefined> {
    return this.#starts.find(charger_id, start);
  }

  /** Stores a new transaction. It is readable at once; if the commit fails, it is removed and the promise rejects. */
  async add(transaction: Transaction, more: Mutation[] = []): Promise<void> {
    const { charger_id, transaction_id } = transaction;
    const undo = await this.#starts.add(transaction);
    if (transaction.state === "active") this.#begin(transaction);
    try {
      const of_charger = { key: [...this.#keys.transaction_of, charger_id, transaction_id], value: NOTHING };
      const index = [of_charger, ...this.#index.added(transaction)];
      await this.#commits.put([...this.mutations(transaction), ...index, ...more]);
    } catch (error) {
      this.forget(transaction);
      this.curves.delete(transaction_id);
      undo();
      throw error;
    }
  }

  /** Stores a changed transaction, with `more` in the same commit. A completed one is dropped from memory when its commit is durable. */
  async put(
    transaction: Transaction,
    { more = [], ...options }: PutOptions & { more?: readonly Mutation[] } = {},
  ): Promise<void> {
    await this.#commits.put([...this.mutations(transaction), ...more], options);
    this.#index.settled(transaction);
    if (transaction.state === "completed") this.forget(transaction);
  }

  /** Stores a completed transaction, as it was read and then changed; `before` is the record with the stored start. */
  async replace(before: Transaction, transaction: Transaction): Promise<void> {
    this.#index.remember(before);
    await this.put(transaction);
  }

  /** Returns the mutations that store a transaction, for a commit with more in it. */
  mutations(transaction: Transaction): Mutation[] {
    const id = transaction.transaction_id;
    const active = [...this.#keys.active, id];
    return [
      putMutation([...this.#keys.transaction, id], transaction),
      transaction.state === "active" ? { key: active, value: NOTHING } : deleteMutation(active),
      ...this.#index.moved(transaction),
      ...this.unfiled.marked(transaction),
    ];
  }

  /** Returns a page of the matching transactions, newest first. */
  async list(filter: TransactionFilter = {}): Promise<TransactionPage> {
    const limit = filter.limit ?? 100;
    const transactions: Transaction[] = [];
    for await (const transaction of this.scan(filter)) {
      if (transactions.length === limit) {
        return { transactions, next: String(transactions.at(-1)?.transaction_id) };
      }
      transactions.push(transaction);
    }
    return { transactions, next: null };
  }

  /** Iterates over the matching transactions, newest first: by start, then by id. */
  async *scan(filter: TransactionFilter = {}): AsyncGenerator<Transaction> {
    const { cursor } = filter;
    const position = cursor === undefined ? undefined : await this.#positionOf(cursor);
    const matches = (transaction: Transaction) => matchesFilter(transaction, filter);
    if (filter.state === "active") {
      const active = this.active(filter.charger_id).sort(newestFirst);
      yield* active.filter((transaction) => isBehind(transaction, position) && matches(transaction));
      return;
    }
    const stored = this.#indexed ? this.#found(filter, position) : this.#walked(filter);
    for await (const transaction of stored) if (matches(transaction)) yield transaction;
  }

  /** Returns a charger's transactions that were added last, newest first. */
  async recent(charger_id: string, limit: number): Promise<Transaction[]> {
    const transactions: Transaction[] = [];
    for await (const transaction of this.#walked({ charger_id })) {
      transactions.push(transaction);
      if (transactions.length === limit) break;
    }
    return transactions;
  }

  /** Reads the transactions after `id` in the order of their ids, up to `limit`, with the last one's id; null: there are no more. */
  async after(id: number, limit: number): Promise<{ transactions: Transaction[]; last: number | null }> {
    const prefix = [...this.#keys.transaction];
    const selector = { prefix, start: [...prefix, id + 1] };
    const transactions: Transaction[] = [];
    let last: number | null = null;
    for await (const entry of this.#current.list(selector, { limit })) {
      last = Number(entry.key.at(-1));
      const transaction = this.#active.get(last) ?? this.#read(entry);
      if (transaction) transactions.push(transaction);
    }
    return { transactions, last };
  }

  /**
   * Adds the transactions after `id` to the indexes, up to 50 of them. Returns the last one's id; null: there are no more.
   * For the transactions of a program without indexes.
   */
  async indexAfter(id: number): Promise<number | null> {
    const { transactions, last } = await this.after(id, INDEXED_AT_ONCE);
    const mutations = transactions.flatMap((transaction) => this.#index.added(transaction));
    if (mutations.length > 0) await this.#commits.put(mutations);
    return last;
  }

  /** Lists by the indexes from now on: they hold all transactions. */
  useIndexes(): void {
    this.#indexed = true;
  }

  /** Returns the place in the order behind which a page begins. */
  async #positionOf(cursor: number): Promise<Position> {
    const transaction = await this.get(cursor) ?? await this.#newestBefore(cursor);
    const start = transaction ? Date.parse(transaction.start_time) : -Infinity;
    return { start, transaction_id: cursor };
  }

  async #newestBefore(id: number): Promise<Transaction | undefined> {
    const prefix = [...this.#keys.transaction];
    const selector = { prefix, end: [...prefix, id] };
    for await (const entry of this.#current.list(selector, { limit: 1, reverse: true })) {
      return this.#read(entry);
    }
  }

  /** Iterates over transactions by the indexes. */
  async *#found(filter: TransactionFilter, position?: Position): AsyncGenerator<Transaction> {
    const size = Math.min((filter.limit ?? 200) + 1, 500);
    for await (const ids of this.#index.ids(filter, size, position)) {
      for (const transaction of await this.#records(ids)) if (transaction) yield transaction;
    }
  }

  async #records(ids: readonly number[]): Promise<(Transaction | undefined)[]> {
    const values = await rowsOf(ids, this.#current, this.#keys.transaction);
    return ids.map((id) => {
      const value = values.get(id);
      return this.#active.get(id) ?? (value && this.#read({ key: [...this.#keys.transaction, id], value }));
    });
  }

  /** Iterates over all transactions or a charger's, by id: as they came. */
  async *#walked({ charger_id, cursor }: TransactionFilter): AsyncGenerator<Transaction> {
    const prefix = charger_id === undefined
      ? this.#keys.transaction
      : [...this.#keys.transaction_of, charger_id];
    const before = cursor === undefined ? {} : { end: [...prefix, cursor] };
    const selector = { prefix: [...prefix], ...before };
    for await (const entry of this.#current.list(selector, { reverse: true, batchSize: 200 })) {
      const id = Number(entry.key.at(-1));
      const transaction = this.#active.get(id) ??
        (entry.value.length ? this.#read(entry) : await this.get(id));
      if (transaction) yield transaction;
    }
  }

  #begin(transaction: Transaction): void {
    const curve = new EnergyCurve();
    curve.add(Date.parse(transaction.start_time), 0);
    this.curves.set(transaction.transaction_id, curve);
    this.remember(transaction);
  }

  /** Adds an active transaction to memory. */
  remember(transaction: Transaction): void {
    const { charger_id, transaction_id } = transaction;
    this.#active.set(transaction_id, transaction);
    this.#index.remember(transaction);
    if (!this.#by_charger.has(charger_id)) this.#by_charger.set(charger_id, new Map());
    this.#by_charger.get(charger_id)!.set(transaction_id, transaction);
  }

  /** Drops a transaction from memory. */
  forget({ charger_id, transaction_id }: Transaction): void {
    this.#active.delete(transaction_id);
    this.#index.forget(transaction_id);
    this.#by_charger.get(charger_id)?.delete(transaction_id);
  }
}

/** Returns a stored transaction, with the fields that records of an older program lack; null: a damaged one that was discarded. */
function decode(bytes: Uint8Array): Transaction | null {
  const transaction = fromBytes<Transaction | null>(bytes);
  return transaction && { ...EMPTY, ...transaction };
}
