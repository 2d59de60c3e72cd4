// The check of all stored values of a site, whoever reads them: the scrub of a running gateway, or that of a file.
import type { StoredValue } from "./kv/damage.ts";
import { joined } from "./kv/documents.ts";
import { compareKeys } from "./kv/key_order.ts";
import { valueChecks } from "./tables.ts";

/** A stored value that cannot be read; its key has neither the site's id nor, where there are several, its part's number. */
export interface FoundDamage extends StoredValue {
  readonly reason: string;
}

/** The check of a site's values; they are to be taken in the order of their keys. */
export class ValueAudit {
  /** Number of values, and their size. */
  values = 0;
  bytes = 0;
  /** Number of values without a checksum, which an older program has written. */
  unsealed = 0;
  readonly #checks = valueChecks();
  readonly #found: (damage: FoundDamage) => void;
  #document: { key: Deno.KvKey; parts: Uint8Array[] } | null = null;

  /** `found` is called for each value that cannot be read. */
  constructor(found: (damage: FoundDamage) => void) {
    this.#found = found;
  }

  /** Checks a value, or remembers it as part of a document. */
  take({ key, value }: StoredValue): void {
    const kind = this.#checks.get(String(key[1]));
    if (!kind) return; // of a newer program
    this.values++;
    this.bytes += value.length;
    if (!kind.in_parts) return this.#check({ key, value });
    const of = key.slice(0, -1);
    if (this.#document && compareKeys(this.#document.key, of) !== 0) this.finish();
    this.#document ??= { key: of, parts: [] };
    this.#document.parts.push(value);
  }

  /** Checks the last document. */
  finish(): void {
    if (!this.#document) return;
    const { key, parts } = this.#document;
    this.#document = null;
    this.#check({ key, value: joined(parts) });
  }

  #check({ key, value }: StoredValue): void {
    try {
      if (!this.#checks.get(String(key[1]))!.check(value)) this.unsealed++;
    } catch (error) {
      this.#found({ key, value, reason: error instanceof Error ? error.message : String(error) });
    }
  }
}
