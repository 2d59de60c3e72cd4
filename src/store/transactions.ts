// Charging sessions: the running ones in memory, all of them in the database for ever.
import { fromBytes } from "./kv/codec.ts";
import type { Commits, PutOptions } from "./kv/commits.ts";
import type { TableDeps } from "./kv/declaration.ts";
import type { Keys } from "./kv/keys.ts";
import { deleteMutation, type Mutation, putMutation } from "./kv/mutation.ts";
import type { Transaction } from "./records/transaction.ts";

/** The key prefixes of the transactions: all; by charger; the active ones. The last two have empty values. */
type TransactionKeys = Keys<"transaction" | "transaction_of" | "active">;

/** What a listing of transactions is narrowed to; `from` and `to` are ms since 1970 and concern the start. */
export interface TransactionFilter {
  charger_id?: string;
  id_tag?: string;
  from?: number;
  to?: number;
  state?: "active" | "completed";
  limit?: number;
  /** The `next` of the page before. */
  cursor?: number;
}

/** A page of transactions, newest first. */
export interface TransactionPage {
  transactions: Transaction[];
  next: string | null;
}

/** A StartTransaction.req that was answered: the text it is known by, and the id it got. */
interface Started {
  start: string;
  transaction_id: number;
}

const REMEMBERED_STARTS = 8;
const NOTHING = new Uint8Array();

/** All transactions. Ids are integers that grow and never repeat: each is durable before it is told to anyone. */
export class Transactions {
  readonly #commits: Commits;
  readonly #kv: Deno.Kv;
  readonly #keys: TransactionKeys;
  readonly #active = new Map<number, Transaction>();
  readonly #by_charger = new Map<string, Map<number, Transaction>>();
  readonly #starts = new Map<string, Promise<Started[]>>();
  #last_id = 0;

  constructor({ commits, read }: TableDeps, keys: TransactionKeys) {
    this.#commits = commits;
    this.#kv = read;
    this.#keys = keys;
  }

  /** Loads the running transactions and the last id. */
  async load(): Promise<void> {
    const newest = this.#kv.list({ prefix: [...this.#keys.transaction] }, { limit: 1, reverse: true });
    for await (const { key } of newest) this.#last_id = Number(key.at(-1));
    for await (const { key } of this.#kv.list({ prefix: [...this.#keys.active] })) {
      const transaction = await this.get(Number(key.at(-1)));
      if (transaction?.state === "active") this.remember(transaction);
    }
  }

  /** An id that no transaction of this site has had. */
  nextId(): number {
    return ++this.#last_id;
  }

  /** The running transactions, of one charger or of all. */
  active(charger_id?: string): Transaction[] {
    if (charger_id === undefined) return [...this.#active.values()];
    return [...this.#by_charger.get(charger_id)?.values() ?? []];
  }

  /** The running transaction with this id. */
  activeById(transaction_id: number): Transaction | undefined {
    return this.#active.get(transaction_id);
  }

  /** The running transaction on a connector; the newest where there are several. */
  activeOn(charger_id: string, connector_id: number): Transaction | undefined {
    let newest: Transaction | undefined;
    for (const transaction of this.#by_charger.get(charger_id)?.values() ?? []) {
      if (transaction.connector_id === connector_id) newest = transaction;
    }
    return newest;
  }

  /** A transaction by its id. */
  async get(transaction_id: number): Promise<Transaction | undefined> {
    const active = this.#active.get(transaction_id);
    if (active) return active;
    const { value } = await this.#kv.get<Uint8Array>([...this.#keys.transaction, transaction_id]);
    return value ? fromBytes<Transaction>(value) : undefined;
  }

  /** The transaction that the same StartTransaction.req has begun before. */
  async startedBy(charger_id: string, start: string): Promise<number | undefined> {
    const starts = await this.#startsOf(charger_id);
    return starts.find((started) => started.start === start)?.transaction_id;
  }

  /** Stores a new transaction; memory has it at once, and loses it again when the commit fails. */
  async add(transaction: Transaction, more: Mutation[] = []): Promise<void> {
    const { charger_id, transaction_id } = transaction;
    const starts = await this.#startsOf(charger_id);
    starts.unshift({ start: startOf(transaction), transaction_id });
    starts.length = Math.min(starts.length, REMEMBERED_STARTS);
    if (transaction.state === "active") this.remember(transaction);
    try {
      const index = { key: [...this.#keys.transaction_of, charger_id, transaction_id], value: NOTHING };
      await this.#commits.put([...this.mutations(transaction), index, ...more]);
    } catch (error) {
      this.forget(transaction);
      starts.splice(starts.findIndex((started) => started.transaction_id === transaction_id), 1);
      throw error;
    }
  }

  /** Stores a changed transaction. A completed one leaves the memory when its commit is durable. */
  async put(transaction: Transaction, options: PutOptions = {}): Promise<void> {
    await this.#commits.put(this.mutations(transaction), options);
    if (transaction.state === "completed") this.forget(transaction);
  }

  /** The changes that store a transaction, for a commit that holds more. */
  mutations(transaction: Transaction): Mutation[] {
    const id = transaction.transaction_id;
    const active = [...this.#keys.active, id];
    return [
      putMutation([...this.#keys.transaction, id], transaction),
      transaction.state === "active" ? { key: active, value: NOTHING } : deleteMutation(active),
    ];
  }

  /** A page of transactions, newest first. */
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

  /** All transactions that match, newest first. */
  async *scan(filter: TransactionFilter = {}): AsyncGenerator<Transaction> {
    const matches = (transaction: Transaction) => matchesFilter(transaction, filter);
    if (filter.state === "active") {
      const active = this.active(filter.charger_id).sort((a, b) => b.transaction_id - a.transaction_id);
      yield* active.filter((tx) => tx.transaction_id < (filter.cursor ?? Infinity) && matches(tx));
      return;
    }
    for await (const transaction of this.#stored(filter)) if (matches(transaction)) yield transaction;
  }

  async *#stored({ charger_id, cursor }: TransactionFilter): AsyncGenerator<Transaction> {
    const prefix = charger_id === undefined
      ? this.#keys.transaction
      : [...this.#keys.transaction_of, charger_id];
    const before = cursor === undefined ? {} : { end: [...prefix, cursor] };
    const selector = { prefix: [...prefix], ...before } as Deno.KvListSelector;
    for await (
      const { key, value } of this.#kv.list<Uint8Array>(selector, { reverse: true, batchSize: 200 })
    ) {
      const id = Number(key.at(-1));
      const transaction = this.#active.get(id) ?? (value.length ? read(value) : await this.get(id));
      if (transaction) yield transaction;
    }
  }

  #startsOf(charger_id: string): Promise<Started[]> {
    let starts = this.#starts.get(charger_id);
    if (!starts) {
      this.#starts.set(charger_id, starts = this.#loadStarts(charger_id));
      starts.catch(() => this.#starts.delete(charger_id)); // the next call reads again
    }
    return starts;
  }

  async #loadStarts(charger_id: string): Promise<Started[]> {
    const { transactions } = await this.list({ charger_id, limit: REMEMBERED_STARTS });
    return transactions.map((transaction) => ({
      start: startOf(transaction),
      transaction_id: transaction.transaction_id,
    }));
  }

  /** Has a running transaction in memory. */
  remember(transaction: Transaction): void {
    const { charger_id, transaction_id } = transaction;
    this.#active.set(transaction_id, transaction);
    if (!this.#by_charger.has(charger_id)) this.#by_charger.set(charger_id, new Map());
    this.#by_charger.get(charger_id)!.set(transaction_id, transaction);
  }

  /** Has it no longer in memory. */
  forget({ charger_id, transaction_id }: Transaction): void {
    this.#active.delete(transaction_id);
    this.#by_charger.get(charger_id)?.delete(transaction_id);
  }
}

/** What a StartTransaction.req is known by when it comes again (steve#1294). */
export function startOf(transaction: {
  connector_id: number;
  id_tag: string;
  start_timestamp: string;
  meter_start: number | null;
}): string {
  const { connector_id, id_tag, start_timestamp, meter_start } = transaction;
  return JSON.stringify([connector_id, id_tag.toUpperCase(), start_timestamp, meter_start]);
}

function read(bytes: Uint8Array): Transaction | undefined {
  try {
    return fromBytes<Transaction>(bytes);
  } catch {
    return undefined; // one bad row must not end a listing
  }
}

function matchesFilter(transaction: Transaction, { id_tag, from, to, state }: TransactionFilter): boolean {
  const start = Date.parse(transaction.start_time);
  if (state !== undefined && transaction.state !== state) return false;
  if (id_tag !== undefined && transaction.id_tag.toUpperCase() !== id_tag.toUpperCase()) return false;
  return start >= (from ?? -Infinity) && start < (to ?? Infinity);
}
