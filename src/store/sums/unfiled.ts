// Ended sessions that are not in the sums yet, or not as they are now. Their marks are committed with the session.
import { fromBytes } from "../kv/codec.ts";
import type { CurrentValues } from "../kv/current_values.ts";
import { type DamageReport, readOr } from "../kv/damage.ts";
import type { Keys } from "../kv/keys.ts";
import { deleteMutation, type Mutation, putMutation } from "../kv/mutation.ts";
import type { Transaction } from "../records/transaction.ts";
import { daysOf } from "./spread.ts";
import type { SessionPart } from "./session_part.ts";

/** Days since 1970, UTC. */
type Days = [first: number, last: number];

/** The days that hold in place of those that cannot be read: 2010 to 2060, which takes long. */
const ANY_DAYS: Days = [14_610, 32_872];

/** The mark of a session. */
export interface Unfiled {
  readonly transaction_id: number;
  /** The days in which its parts may be filed. */
  readonly days: Days;
  /** Its parts as it is now, once they were computed. */
  parts?: Map<number, SessionPart>;
}

/** The marks, in memory and in the database. */
export class UnfiledSessions {
  readonly #kv: CurrentValues;
  readonly #prefix: readonly string[];
  readonly #damaged: DamageReport | undefined;
  readonly #entries = new Map<number, Unfiled>();
  /** Days in which the parts of an ended session may be filed, by its record in memory. */
  readonly #days = new WeakMap<Transaction, Days>();

  constructor(kv: CurrentValues, keys: Keys<"unfiled">, damaged: DamageReport | undefined) {
    this.#kv = kv;
    this.#damaged = damaged;
    this.#prefix = keys.unfiled;
  }

  /** Loads the marks. */
  async load(): Promise<void> {
    const options = { read: fromBytes<Days>, fallback: null, damaged: this.#damaged };
    for await (const entry of this.#kv.list({ prefix: [...this.#prefix] })) {
      const transaction_id = Number(entry.key.at(-1));
      const days = readOr(entry, options) ?? ANY_DAYS;
      this.#entries.set(transaction_id, { transaction_id, days });
    }
  }

  /** Notes a record as it was read: its parts are filed by it, if the session had ended. */
  noteRead(transaction: Transaction): void {
    if (transaction.state === "completed") this.#days.set(transaction, daysOf(transaction));
  }

  /** Marks a session that has ended or was corrected. Returns the mutation for its commit; none for one that runs. */
  marked(transaction: Transaction): Mutation[] {
    if (transaction.state !== "completed") return [];
    const { transaction_id } = transaction;
    const days = joined(
      daysOf(transaction),
      this.#days.get(transaction),
      this.#entries.get(transaction_id)?.days,
    );
    this.#days.set(transaction, days);
    this.#entries.set(transaction_id, { transaction_id, days });
    return [putMutation([...this.#prefix, transaction_id], days)];
  }

  /** Returns the marks. */
  all(): Unfiled[] {
    return [...this.#entries.values()];
  }

  /** The number of marks. */
  get size(): number {
    return this.#entries.size;
  }

  /** Returns the mutations that delete marks; one that has been renewed since stays. */
  deletions(entries: readonly Unfiled[]): Mutation[] {
    return entries.filter((entry) => this.#entries.get(entry.transaction_id) === entry)
      .map(({ transaction_id }) => deleteMutation([...this.#prefix, transaction_id]));
  }

  /** Drops marks whose deletion is durable; one that has been renewed since stays. */
  drop(entries: readonly Unfiled[]): void {
    for (const entry of entries) {
      if (this.#entries.get(entry.transaction_id) === entry) this.#entries.delete(entry.transaction_id);
    }
  }
}

function joined(...all: (Days | undefined)[]): Days {
  const days = all.filter((each) => each !== undefined);
  return [Math.min(...days.map(([first]) => first)), Math.max(...days.map(([, last]) => last))];
}
