// Budgets of the event log: what repeats itself, or comes from strangers, gets few entries of its own.

/** The budget of one key: a number of entries at once, and one more after each pause. */
export interface BudgetOptions {
  burst: number;
  refill_ms: number;
}

const MAX_KEYS = 4_000;

/** The tokens of a key. */
interface Bucket {
  tokens: number;
  at: number;
}

/** Token buckets by key. */
export class Budget {
  readonly #buckets = new Map<string, Bucket>();
  readonly #options: BudgetOptions;

  constructor(options: BudgetOptions) {
    this.#options = options;
  }

  /** Takes a token of a key at a time, monotonic ms; returns false if there is none. */
  take(key: string, at: number): boolean {
    const { burst, refill_ms } = this.#options;
    const before = this.#buckets.get(key) ?? { tokens: burst, at };
    const tokens = Math.min(burst, before.tokens + (at - before.at) / refill_ms);
    const allowed = tokens >= 1;
    this.#buckets.delete(key);
    if (this.#buckets.size >= MAX_KEYS) this.#buckets.delete(this.#buckets.keys().next().value!);
    this.#buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at });
    return allowed;
  }
}
