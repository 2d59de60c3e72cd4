// The worst cases and paths of managed connectors as they are stored.
import type { LoadState, Store } from "../../store/store.ts";
import { newLoadState } from "./connector_facts.ts";

/** The stored states of connectors. */
export class LoadStates {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Returns a connector's state; nothing is known of a device that has come in another's place. */
  get(charger_id: string, connector_id: number): LoadState {
    const state = this.#store.load_states.get(`${charger_id}/${connector_id}`);
    const record_id = this.#store.chargers.get(charger_id)?.record_id;
    if (state && state.record_id === record_id) return state;
    return { ...newLoadState(charger_id, connector_id), ...record_id === undefined ? {} : { record_id } };
  }

  /** Stores a change; resolves when it is committed. */
  change(charger_id: string, connector_id: number, changes: Partial<LoadState>): Promise<void> {
    return this.#store.load_states.put({ ...this.get(charger_id, connector_id), ...changes });
  }

  /** Deletes what is known of chargers that are gone, and of devices that others have replaced. */
  sweep(): void {
    const { load_states, chargers } = this.#store;
    for (const { charger_id, connector_id, record_id } of load_states.all()) {
      const charger = chargers.get(charger_id);
      if (charger && charger.record_id === record_id) continue;
      load_states.delete(`${charger_id}/${connector_id}`).catch(() => {});
    }
  }

  /** Stores that a limit may be in force, before it is sent. */
  async cover(charger_id: string, connector_id: number, worst_a: number): Promise<void> {
    if (this.get(charger_id, connector_id).worst_a < worst_a) {
      await this.change(charger_id, connector_id, { worst_a });
    }
  }

  /** Lowers a stored worst case, which can wait. */
  relax(charger_id: string, connector_id: number, worst_a: number): void {
    const state = this.get(charger_id, connector_id);
    if (state.worst_a <= worst_a) return;
    this.#store.load_states.put({ ...state, worst_a }, { deferred: true }).catch(() => {});
  }
}
