// A table: records of one kind, all in memory, written through the commit queue.
import type { Commits, PutOptions } from "./commits.ts";
import { type Codec, json } from "./codec.ts";
import type { DamageReport } from "./damage.ts";
import { deleteMutation, type Mutation } from "./mutation.ts";

/** The facts about a table's records, and its connections. */
export interface TableOptions<T> {
  commits: Commits;
  read: Deno.Kv;
  prefix: readonly string[];
  key(record: T): string;
  /** JSON by default. */
  codec?: Codec<T>;
  /** Called for a record that cannot be read. */
  damaged?: DamageReport;
  /** Returns the record that holds in place of one that cannot be read, by its key; without it there is none. */
  salvage?: (key: string) => T;
}

/** Uncommitted writes of one record. */
interface Flight<T> {
  /** The record in the database. */
  durable: T | undefined;
  /** Number of writes. */
  writes: number;
}

/** Records of one kind by key. Reads are from memory; a write that cannot be committed is undone. */
export class Table<T extends object> {
  readonly #records = new Map<string, T>();
  readonly #commits: Commits;
  readonly #read: Deno.Kv;
  readonly #prefix: readonly string[];
  readonly #keyOf: (record: T) => string;
  readonly #codec: Codec<T>;
  readonly #damaged: DamageReport;
  readonly #salvage: (key: string) => T | undefined;
  /** Keys by their lower case. */
  readonly #spelling = new Map<string, string>();
  /** Records with uncommitted writes, by key. */
  readonly #flights = new Map<string, Flight<T>>();

  constructor(
    { commits, read, prefix, key, codec = json<T>(), damaged, salvage }: TableOptions<T>,
  ) {
    this.#commits = commits;
    this.#read = read;
    this.#prefix = prefix;
    this.#keyOf = key;
    this.#codec = codec;
    this.#damaged = damaged ?? (() => {});
    this.#salvage = salvage ?? (() => undefined);
  }

  /** Loads all records. Those that cannot be read are reported, and salvaged or left out. */
  async load(): Promise<void> {
    const selector = { prefix: [...this.#prefix] };
    for await (const entry of this.#read.list<Uint8Array>(selector, { batchSize: 500 })) {
      try {
        const record = this.#codec.decode(entry.value);
        this.#set(this.#keyOf(record), record);
      } catch (error) {
        const key = String(entry.key.at(-1));
        this.#set(key, this.#salvage(key));
        this.#damaged(entry, error);
      }
    }
  }

  /** Returns the record with this key. */
  get(key: string): T | undefined {
    return this.#records.get(key);
  }

  /** Returns a key as stored, found without regard to case. */
  spelling(key: string): string | undefined {
    return this.#records.has(key) ? key : this.#spelling.get(key.toLowerCase());
  }

  /** Returns true if there is a record with this key. */
  has(key: string): boolean {
    return this.#records.has(key);
  }

  /** The number of records. */
  get size(): number {
    return this.#records.size;
  }

  /** Returns all records, ordered by key. */
  all(): T[] {
    return [...this.#records.keys()].sort().map((key) => this.#records.get(key)!);
  }

  /** Iterates over all records in no particular order. */
  values(): IterableIterator<T> {
    return this.#records.values();
  }

  /** Stores a record. It is readable at once; if the commit fails, the write is undone and the promise rejects. */
  put(record: T, options: PutOptions = {}): Promise<void> {
    return this.putAs(record, [this.mutationOf(record)], options);
  }

  /** Returns the mutation that stores a record, for another commit; after that it is shown by `keepInMemory`. */
  mutationOf(record: T): Mutation {
    return { key: [...this.#prefix, this.#keyOf(record)], value: this.#codec.encode(record) };
  }

  /** Stores a record by the given mutations; otherwise as `put`. */
  putAs(record: T, mutations: Mutation[], options: PutOptions = {}): Promise<void> {
    return this.#apply(this.#keyOf(record), record, this.#commits.put(mutations, options));
  }

  /** Deletes a record; undone like a `put` if the commit fails. */
  delete(key: string): Promise<void> {
    const written = this.#commits.put([deleteMutation([...this.#prefix, key])]);
    return this.#apply(key, undefined, written);
  }

  /** Keeps a record in memory only, until the program ends. */
  keepInMemory(record: T): void {
    this.#set(this.#keyOf(record), record);
  }

  /** Removes a record that is kept in memory only. */
  dropFromMemory(key: string): void {
    this.#set(key, undefined);
  }

  /** Applies a write in memory. If the last of several writes fails, memory returns to the record in the database. */
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
