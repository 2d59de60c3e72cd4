// Documents: records too large for one KV value (65,536 bytes), read on demand.
import { fromBytes, toBytes } from "./codec.ts";
import type { Commits, PutOptions } from "./commits.ts";
import { type DamageReport, readOr } from "./damage.ts";
import { deleteMutation, type Mutation } from "./mutation.ts";
import type { TableOptions } from "./table.ts";

const PART = 60_000;
const MAX_PARTS = 11; // one commit holds 700 kB

/** Records of one kind by key, each split over several KV values, up to 660 kB. */
export class Documents<T extends object> {
  readonly #commits: Commits;
  readonly #kv: Deno.Kv;
  readonly #prefix: readonly string[];
  readonly #keyOf: (record: T) => string;
  readonly #damaged: DamageReport | undefined;
  /** Records with an uncommitted write; null: a deletion. */
  readonly #pending = new Map<string, T | null>();

  constructor({ commits, read, prefix, key, damaged }: Omit<TableOptions<T>, "codec" | "salvage">) {
    this.#commits = commits;
    this.#kv = read;
    this.#prefix = prefix;
    this.#keyOf = key;
    this.#damaged = damaged;
  }

  /** Does nothing: records are read on demand. */
  async load(): Promise<void> {}

  /** Reads the record with this key; an uncommitted write is visible. One that cannot be read counts as missing. */
  async get(key: string): Promise<T | undefined> {
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending ?? undefined;
    const at = [...this.#prefix, key];
    const parts: Uint8Array[] = [];
    for await (const { value } of this.#kv.list<Uint8Array>({ prefix: at })) parts.push(value);
    if (parts.length === 0) return undefined;
    const entry = { key: at, value: joined(parts) };
    return readOr(entry, { read: fromBytes<T>, fallback: undefined, damaged: this.#damaged });
  }

  /** Stores a record. Throws TypeError for one over 660 kB. */
  put(record: T, options: PutOptions = {}): Promise<void> {
    const bytes = toBytes(record);
    const count = Math.ceil(bytes.length / PART);
    const key = this.#keyOf(record);
    if (count > MAX_PARTS) throw new TypeError(`Cannot store ${key}: ${bytes.length} bytes are too many`);
    const parts = Array.from(
      { length: count },
      (_, index) => bytes.subarray(index * PART, (index + 1) * PART),
    );
    return this.#write(key, record, parts, options);
  }

  /** Deletes a record. */
  delete(key: string): Promise<void> {
    return this.#write(key, null, [], {});
  }

  async #write(key: string, record: T | null, parts: Uint8Array[], options: PutOptions): Promise<void> {
    const mutations = Array.from({ length: MAX_PARTS }, (_, index): Mutation => {
      const at = [...this.#prefix, key, index];
      return parts[index] ? { key: at, value: parts[index] } : deleteMutation(at);
    });
    this.#pending.set(key, record);
    try {
      await this.#commits.put(mutations, options);
    } finally {
      if (this.#pending.get(key) === record) this.#pending.delete(key);
    }
  }
}

/** Returns the bytes of a document's values in one. */
export function joined(parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) bytes.set(part, offset), offset += part.length;
  return bytes;
}
