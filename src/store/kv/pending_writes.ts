// The writes that the redo log holds and their tables do not: the newest of each key, found by table.
import { compareKeys } from "./key_order.ts";

/** The newest write of a key: a part of the redo log's bytes. */
export interface PendingWrite {
  readonly text: string;
  readonly key: Deno.KvKey;
  readonly bytes: Uint8Array;
  /** The place of its value; -1: it is a deletion. */
  readonly start: number;
  readonly end: number;
}

/** The selectors of a range in one table. */
export type TableSelector =
  | { prefix: Deno.KvKey; start?: Deno.KvKey; end?: Deno.KvKey }
  | { start: Deno.KvKey; end: Deno.KvKey; prefix?: undefined };

/** Returns the value that a write stores; null: it deletes the key. */
export function valueOf({ bytes, start, end }: PendingWrite): Uint8Array | null {
  return start < 0 ? null : bytes.subarray(start, end);
}

/** Returns a key as a text, by which it is found. */
export function keyText(key: Deno.KvKey): string {
  return JSON.stringify(key);
}

/** All pending writes. */
export class PendingWrites {
  readonly #tables = new Map<string, Map<string, PendingWrite>>();

  /** Notes a durable write, in place of an older one of the same key. */
  note(write: PendingWrite): void {
    const name = String(write.key[1]);
    let table = this.#tables.get(name);
    if (!table) this.#tables.set(name, table = new Map());
    table.set(write.text, write);
  }

  /** Returns the pending write of a key. */
  get(key: Deno.KvKey): PendingWrite | undefined {
    const table = this.#tables.get(String(key[1]));
    return table && table.size > 0 ? table.get(keyText(key)) : undefined;
  }

  /** Returns the pending writes of a range in one table, in the order of their keys. */
  inRange(selector: TableSelector): PendingWrite[] {
    const name = String((selector.prefix ?? selector.start)![1]);
    const found: PendingWrite[] = [];
    for (const write of this.#tables.get(name)?.values() ?? []) {
      if (isSelected(write.key, selector)) found.push(write);
    }
    return found.sort((a, b) => compareKeys(a.key, b.key));
  }

  /** Returns the pending writes as they are now, by table, near ones together. */
  byTable(): PendingWrite[][] {
    return [...this.#tables.values()].map((table) =>
      [...table.values()].sort((a, b) => a.text < b.text ? -1 : 1)
    );
  }

  /** Drops writes that are in their tables now, except where the key has been written since. */
  drop(writes: readonly PendingWrite[]): void {
    for (const write of writes) {
      const table = this.#tables.get(String(write.key[1]));
      if (table?.get(write.text) === write) table.delete(write.text);
    }
  }
}

function isSelected(key: Deno.KvKey, { prefix, start, end }: TableSelector): boolean {
  if (prefix && !(key.length > prefix.length && prefix.every((part, index) => part === key[index]))) {
    return false;
  }
  return (!start || compareKeys(key, start) >= 0) && (!end || compareKeys(key, end) < 0);
}
