// A limit of tries by key: after too many of them a key is locked for a while.

/** The tries that are allowed within `lock_ms`; a key with more is locked for that long after the last one. */
export interface RateLimits {
  tries: number;
  lock_ms: number;
}

interface Tries {
  count: number;
  /** Monotonic ms. */
  first: number;
  last: number;
}

const MAX_KEYS = 10_000;

/** Counts tries by key. A try counts when it begins, so that parallel ones all count. */
export class RateLimiter {
  readonly #limits: () => RateLimits;
  readonly #now: () => number;
  readonly #tries = new Map<string, Tries>();

  /** `now`: monotonic ms. */
  constructor(limits: () => RateLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Returns the seconds until a key may be tried again; 0: now. */
  retryAfter(key: string): number {
    const { tries, lock_ms } = this.#limits();
    const entry = this.#entry(key);
    if (!entry || entry.count < tries) return 0;
    return Math.max(1, Math.ceil((entry.last + lock_ms - this.#now()) / 1000));
  }

  /** Counts a try. Returns true for the one that locks the key. */
  count(key: string): boolean {
    const now = this.#now();
    const { count, first } = this.#entry(key) ?? { count: 0, first: now };
    this.#tries.delete(key);
    if (this.#tries.size >= MAX_KEYS) this.#tries.delete(this.#tries.keys().next().value!);
    this.#tries.set(key, { count: count + 1, first, last: now });
    return count + 1 === this.#limits().tries;
  }

  /** Uncounts a try. */
  takeBack(key: string): void {
    const entry = this.#tries.get(key);
    if (entry && --entry.count <= 0) this.#tries.delete(key);
  }

  /** Forgets the tries of a key. */
  clear(key: string): void {
    this.#tries.delete(key);
  }

  #entry(key: string): Tries | undefined {
    const { tries, lock_ms } = this.#limits();
    const entry = this.#tries.get(key);
    if (!entry) return;
    const until = (entry.count >= tries ? entry.last : entry.first) + lock_ms;
    if (until > this.#now()) return entry;
    this.#tries.delete(key);
  }
}
