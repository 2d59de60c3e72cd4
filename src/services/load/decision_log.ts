// The kept decisions of load management.
import type { LoadDecision, Store } from "../../store/store.ts";

/** The newest decisions, in a table of bounded length. */
export class DecisionLog {
  readonly #store: Store;
  #next = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Adds a decision. A failure to store it is ignored: it is for people to read. */
  add(decision: Omit<LoadDecision, "sequence">): void {
    const { load_log, settings } = this.#store;
    if (this.#next === 0) this.#next = (load_log.all().at(-1)?.sequence ?? 0) + 1;
    const sequence = this.#next++;
    load_log.put({ sequence, ...decision }, { deferred: true }).catch(() => {});
    if (load_log.size <= settings.load_log_entries) return;
    for (const { sequence: old } of load_log.all().slice(0, load_log.size - settings.load_log_entries)) {
      load_log.delete(String(old).padStart(12, "0")).catch(() => {});
    }
  }

  /** Returns the decisions, newest first. */
  newest(): LoadDecision[] {
    return this.#store.load_log.all().reverse();
  }
}
