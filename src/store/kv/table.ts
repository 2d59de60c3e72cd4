// A table: records of one kind, all in memory, written through the commit queue.
import type { Commits, Mutation, PutOptions } from "./commits.ts";
import { deleteMutation, fromBytes, putMutation } from "../store.ts";

/** The writes of one record that are under way. */
interface Flight<T> {
  durable: T | undefined;
  writes: number;
}

/** Records of one kind by their key. Reads are from memory; a write that could not be committed is undone. */
export class Table<T extends object> {
  readonly #records = new Map<string, T>();
  readonly #commits: Commits;
  readonly #prefix: readonly string[];
  readonly #keyOf: (record: T) => string;
  readonly #spelling = new Map<string, string>();
  /** Records with writes under way, as they are in the database. */
  readonly #flights = new Map<string, Flight<T>>();
  readonly #defaults: Partial<T>;

  /** `defaults` fill in the fields that records of an older program lack. */
  constructor(
    commits: Commits,
    prefix: readonly string[],
    keyOf: (record: T) => string,
    defaults: Partial<T> = {},
  ) {
    this.#defaults = defaults;
    this.#commits = commits;
    this.#prefix = prefix;
    this.#keyOf = keyOf;
  }

  /** Fills the memory from the database; a row that cannot be read is skipped and named in the returned list. */
  async load(kv: Deno.Kv): Promise<string[]> {
    const bad: string[] = [];
    for await (
      const { key, value } of kv.list<Uint8Array>({ prefix: [...this.#prefix] }, { batchSize: 500 })
    ) {
      try {
        const record = { ...this.#defaults, ...fromBytes<T>(value) };
        this.#set(this.#keyOf(record), record);
      } catch {
        bad.push(key.join("/"));
      }
    }
    return bad;
  }

  get(key: string): T | undefined {
    return this.#records.get(key);
  }

  /** The key as it is spelled here, whatever the case it is asked for in. */
  spelling(key: string): string | undefined {
    return this.#records.has(key) ? key : this.#spelling.get(key.toLowerCase());
  }

  has(key: string): boolean {
    return this.#records.has(key);
  }

  get size(): number {
    return this.#records.size;
  }

  /** All records, ordered by key. */
  all(): T[] {
    return [...this.#records.keys()].sort().map((key) => this.#records.get(key)!);
  }

  values(): IterableIterator<T> {
    return this.#records.values();
  }

  /** Stores a record. Memory has it at once; when the commit fails the stored one is put back and the promise rejects. */
  put(record: T, options: PutOptions = {}): Promise<void> {
    const key = this.#keyOf(record);
    return this.putAs(record, [putMutation([...this.#prefix, key], this.stored(record))], options);
  }

  /** The same with the changes that store it given. */
  putAs(record: T, mutations: Mutation[], options: PutOptions = {}): Promise<void> {
    return this.#apply(this.#keyOf(record), record, this.#commits.put(mutations, options));
  }

  /** What of a record is stored below its key. */
  protected stored(record: T): object {
    return record;
  }

  /** Forgets a record. */
  delete(key: string): Promise<void> {
    const written = this.#commits.put([deleteMutation([...this.#prefix, key])]);
    return this.#apply(key, undefined, written);
  }

  /** Has a record until the end of the program only. */
  hold(record: T): void {
    this.#set(this.#keyOf(record), record);
  }

  /** When the last of several writes fails, memory is what the database has: a failed one before it never was. */
  #apply(key: string, record: T | undefined, written: Promise<void>): Promise<void> {
    const flight = this.#flights.get(key) ?? { durable: this.#records.get(key), writes: 0 };
    this.#flights.set(key, flight);
    flight.writes++;
    this.#set(key, record);
    const landed = () => {
      if (--flight.writes === 0) this.#flights.delete(key);
    };
    return written.then(() => {
      flight.durable = record;
      landed();
    }, (error) => {
      landed();
      if (this.#records.get(key) === record) this.#set(key, flight.durable);
      throw error;
    });
  }

  #set(key: string, record: T | undefined): void {
    if (record) {
      this.#records.set(key, record);
      this.#spelling.set(key.toLowerCase(), key);
    } else {
      this.#records.delete(key);
      this.#spelling.delete(key.toLowerCase());
    }
  }
}
