// The audit log: the actions of users and programs, limited to a number of entries.
import { fromBytes } from "./kv/codec.ts";
import type { Commits } from "./kv/commits.ts";
import { type DamageReport, readOr } from "./kv/damage.ts";
import type { TableDeps } from "./kv/declaration.ts";
import type { Keys } from "./kv/keys.ts";
import { deleteMutation, type Mutation, putMutation } from "./kv/mutation.ts";
import type { AuditEntry } from "./records/people.ts";

/** A filter of audit entries. */
export interface AuditFilter {
  who?: string;
  kind?: string;
  id?: string;
  /** ms since 1970. */
  from?: number;
  to?: number;
  /** Only entries with a lower sequence. */
  cursor?: number;
}

/** Audit entries in order; none is kept in memory. */
export class AuditLog {
  readonly #commits: Commits;
  readonly #kv: Deno.Kv;
  readonly #prefix: readonly string[];
  readonly #damaged: DamageReport | undefined;
  #last = 0;
  #first = 1;

  constructor({ commits, read, damaged }: TableDeps, keys: Keys<"audit">) {
    this.#damaged = damaged;
    this.#commits = commits;
    this.#kv = read;
    this.#prefix = keys.audit;
  }

  /** Finds the first and the last entry. */
  async load(): Promise<void> {
    const edge = async (reverse: boolean) => {
      const entries = this.#kv.list({ prefix: [...this.#prefix] }, { limit: 1, reverse });
      for await (const { key } of entries) return Number(key.at(-1));
    };
    this.#last = await edge(true) ?? 0;
    this.#first = await edge(false) ?? this.#last + 1;
  }

  /** Stores an entry and deletes the oldest ones beyond `keep`, at most 100 at a time. */
  add(entry: Omit<AuditEntry, "sequence">, keep: number): Promise<void> {
    const sequence = ++this.#last;
    const changes: Mutation[] = [putMutation([...this.#prefix, sequence], { sequence, ...entry })];
    const surplus = Math.min(sequence - this.#first + 1 - keep, 100);
    for (let n = 0; n < surplus; n++) changes.push(deleteMutation([...this.#prefix, this.#first++]));
    return this.#commits.put(changes, { deferred: true });
  }

  /** Iterates over the matching entries, newest first; those that cannot be read are left out. */
  async *scan(filter: AuditFilter = {}): AsyncGenerator<AuditEntry> {
    const end = filter.cursor === undefined ? {} : { end: [...this.#prefix, filter.cursor] };
    const selector = { prefix: [...this.#prefix], ...end } as Deno.KvListSelector;
    const options = { read: fromBytes<AuditEntry>, fallback: null, damaged: this.#damaged };
    for await (const stored of this.#kv.list<Uint8Array>(selector, { reverse: true, batchSize: 200 })) {
      const entry = readOr(stored, options);
      if (entry && matches(entry, filter)) yield entry;
    }
  }
}

function matches(entry: AuditEntry, { who, kind, id, from, to }: AuditFilter): boolean {
  if (who !== undefined && entry.who !== who) return false;
  if (kind !== undefined && entry.kind !== kind) return false;
  if (id !== undefined && entry.id !== id) return false;
  const at = Date.parse(entry.at);
  return at >= (from ?? -Infinity) && at < (to ?? Infinity);
}
