// The sums of energy and time: the parts of ended sessions, filed by day, UTC. A question reads the days that it asks for.
import type { Commits } from "../kv/commits.ts";
import { type DamageReport, readOr, type StoredValue } from "../kv/damage.ts";
import type { TableDeps } from "../kv/declaration.ts";
import type { Keys } from "../kv/keys.ts";
import { deleteMutation, type Mutation } from "../kv/mutation.ts";
import { decodeParts, encodeParts, type SessionPart } from "./session_part.ts";

/** The parts of one session, in place of those that are filed. Days are days since 1970, UTC. */
export interface Filing {
  transaction_id: number;
  /** The days in which older parts may be filed; null: there are none. */
  days: readonly [first: number, last: number] | null;
  parts: ReadonlyMap<number, SessionPart>;
}

/** The parts of one day. */
export interface DayParts {
  /** Days since 1970, UTC. */
  day: number;
  parts: SessionPart[];
}

const COMMIT_BYTES = 400_000;
const COMMIT_MUTATIONS = 400;

/** All filed parts. A day is one value of the database, or several if it is long. */
export class Sums {
  /** Called for a value that cannot be read; it is skipped, and reported. */
  onDamage: () => void = () => {};
  readonly #damaged: DamageReport | undefined;
  readonly #commits: Commits;
  readonly #kv: Deno.Kv;
  readonly #prefix: readonly string[];
  #filing: Promise<void> = Promise.resolve();

  constructor({ commits, read, damaged }: TableDeps, keys: Keys<"sum_day">) {
    this.#commits = commits;
    this.#kv = read;
    this.#damaged = (entry, error) => {
      damaged?.(entry, error);
      this.onDamage();
    };
    this.#prefix = keys.sum_day;
  }

  /** Does nothing: days are read on demand. */
  async load(): Promise<void> {}

  /** Yields the parts of each day that has any, from `first` to `last`, in order. */
  async *days(first: number, last: number): AsyncGenerator<DayParts> {
    const range = { start: [...this.#prefix, first], end: [...this.#prefix, last + 1] };
    let current: DayParts | undefined;
    for await (const entry of this.#kv.list<Uint8Array>(range, { batchSize: 32 })) {
      const day = Number(entry.key.at(-2));
      const parts = this.#partsIn(entry);
      if (current?.day === day) current.parts.push(...parts);
      else {
        if (current) yield current;
        current = { day, parts };
      }
    }
    if (current) yield current;
  }

  /**
   * Files the parts of sessions, each session's in place of its older ones. `more` is stored in the last of the commits,
   * which can be repeated: what they replace is found by the session's id. One call after the other.
   */
  file(filings: readonly Filing[], more: () => Mutation[] = () => []): Promise<void> {
    const filed = this.#filing.then(() => this.#file(filings, more));
    this.#filing = filed.catch(() => {});
    return filed;
  }

  async #file(filings: readonly Filing[], more: () => Mutation[]): Promise<void> {
    let mutations: Mutation[] = [];
    let bytes = 0;
    for (const [day, changes] of changesOf(filings)) {
      const written = await this.#changed(day, changes);
      const size = written.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
      if (bytes + size > COMMIT_BYTES || mutations.length + written.length > COMMIT_MUTATIONS) {
        if (mutations.length > 0) await this.#commits.put(mutations);
        mutations = [];
        bytes = 0;
      }
      mutations.push(...written);
      bytes += size;
    }
    await this.#commits.put([...mutations, ...more()]);
  }

  /**
   * Returns the mutations that change a day; none if nothing of it changes. Parts are filed in the order of their ids, so
   * that the values before the one where the smallest id belongs stay: the end of a session costs as much at a long day's
   * end as in the morning.
   */
  async #changed(day: number, changes: ReadonlyMap<number, SessionPart | null>): Promise<Mutation[]> {
    const { keys, first, stored } = await this.#end(day, Math.min(...changes.keys()));
    const kept = stored.filter(({ transaction_id }) => !changes.has(transaction_id));
    const added = [...changes.values()].filter((part) => part !== null);
    if (added.length === 0 && kept.length === stored.length) return [];
    const values = encodeParts([...kept, ...added].sort((a, b) => a.transaction_id - b.transaction_id));
    const puts = values.map((value, index) => ({ key: [...this.#prefix, day, first + index], value }));
    return [
      ...puts,
      ...keys.filter((key) => Number(key.at(-1)) >= first + values.length).map(deleteMutation),
    ];
  }

  /** Returns a day's values from the one in which a session belongs, to the last. */
  async #end(day: number, transaction_id: number) {
    const keys: Deno.KvKey[] = [];
    const stored: SessionPart[] = [];
    const selector = { prefix: [...this.#prefix, day] };
    for await (const entry of this.#kv.list<Uint8Array>(selector, { reverse: true, batchSize: 2 })) {
      const parts = this.#partsIn(entry);
      keys.push(entry.key);
      stored.push(...parts);
      if (parts.length > 0 && parts[0]!.transaction_id <= transaction_id) break;
    }
    return { keys, stored, first: Number(keys.at(-1)?.at(-1) ?? 0) };
  }

  #partsIn(entry: StoredValue): SessionPart[] {
    return readOr(entry, { read: decodeParts, fallback: [], damaged: this.#damaged });
  }
}

/** Returns the new part of each session by day; null: its older one goes. */
function changesOf(filings: readonly Filing[]): Map<number, Map<number, SessionPart | null>> {
  const changes = new Map<number, Map<number, SessionPart | null>>();
  const note = (day: number, transaction_id: number, part: SessionPart | null) => {
    if (!changes.has(day)) changes.set(day, new Map());
    changes.get(day)!.set(transaction_id, part);
  };
  for (const { transaction_id, days, parts } of filings) {
    for (let day = days?.[0] ?? 0; day <= (days?.[1] ?? -1); day++) note(day, transaction_id, null);
    for (const [day, part] of parts) note(day, transaction_id, part);
  }
  return changes;
}
