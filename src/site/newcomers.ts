// Limits of automatic registration: chargers that nobody adopted may not fill the database.
import type { Charger, Store } from "../store/store.ts";
import { RateLimiter } from "./security/rate_limiter.ts";

/** The parts that the limits work with. */
export interface NewcomersDeps {
  store: Store;
  /** Deletes the record of a charger. */
  forget(charger_id: string): Promise<void>;
  isConnected(charger_id: string): boolean;
  /** Monotonic ms. */
  clock?: () => number;
}

const MINUTE = 60_000;

/** Decides whether a charger that connected unasked gets a record. */
export class Newcomers {
  readonly #deps: NewcomersDeps;
  readonly #rate: RateLimiter;
  /** Chargers under deletion, and those that have a session. */
  readonly #passed_over = new Set<string>();

  constructor(deps: NewcomersDeps) {
    this.#deps = deps;
    const { store, clock } = deps;
    this.#rate = new RateLimiter(
      () => ({ tries: store.settings.max_new_chargers_per_minute, lock_ms: MINUTE }),
      clock,
    );
  }

  /**
   * Resolves with true if a record may be stored: its address has not had too many within a minute, and there are not
   * too many records that nobody adopted. The oldest of those that are not connected and have no session is deleted
   * for it.
   */
  async admits({ remote_address }: Charger): Promise<boolean> {
    const address = remote_address ?? "unknown";
    if (this.#rate.retryAfter(address) > 0) return false;
    this.#rate.count(address);
    return await this.#makeRoom();
  }

  async #makeRoom(): Promise<boolean> {
    const { store, isConnected, forget } = this.#deps;
    if (store.chargers.size < store.settings.max_unadopted_chargers) return true;
    const all = [...store.chargers.values()].filter(({ charger_id, adopted }) =>
      adopted === false && store.chargers.isStored(charger_id)
    );
    if (all.length < store.settings.max_unadopted_chargers) return true;
    const candidates = all.filter(({ charger_id, password }) =>
      password === null && !isConnected(charger_id) && !this.#passed_over.has(charger_id)
    ).sort((a, b) => a.created_at < b.created_at ? -1 : 1);
    for (const { charger_id } of candidates) {
      this.#passed_over.add(charger_id);
      const transactions = await store.transactions.recent(charger_id, 1);
      if (transactions.length > 0) continue;
      await forget(charger_id);
      this.#passed_over.delete(charger_id);
      return true;
    }
    return false;
  }
}
