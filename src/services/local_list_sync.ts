// Keeps the local authorization lists of chargers in step with the RFID table.
import { CallFailed, OcppError } from "../ocpp/error.ts";
import { Refusal } from "../site/context.ts";
import type { Event, Events } from "../site/events.ts";
import { localListOf, nextUpdate } from "../site/authorization/local_list.ts";
import { describeError, type Log } from "../log.ts";
import type { CentralSystem } from "../central/central_system.ts";
import type { Store } from "../store/store.ts";

/** The parts that the synchronization works with. */
export interface LocalListSyncDeps {
  store: Store;
  events: Events;
  central: CentralSystem;
  log: Log;
  /** The quiet time after a change of the RFID table before it is sent, ms. */
  settle_ms?: number;
}

const SETTLE_MS = 2_000; // tags change many at a time
const MAX_STEPS = 1_000;

/**
 * Sends further updates where one is not enough: the list is longer than the charger takes at once, or a differential
 * update was refused and a full one is due. With `sync_local_lists` it also follows every change of the RFID table.
 */
export class LocalListSync {
  readonly #deps: LocalListSyncDeps;
  readonly #at_work = new Set<string>();
  #unsubscribe = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: LocalListSyncDeps) {
    this.#deps = deps;
  }

  start(): void {
    const types = ["local_list", "rfid", "rfid_deleted"] as const;
    this.#unsubscribe = this.#deps.events.subscribe((event) => this.#onEvent(event), types);
  }

  stop(): void {
    this.#unsubscribe();
    clearTimeout(this.#timer);
  }

  /** Updates one charger's list. Resolves when it is up to date, or when the charger refuses or cannot be reached. */
  async sync(charger_id: string): Promise<void> {
    if (this.#at_work.has(charger_id)) return;
    this.#at_work.add(charger_id);
    try {
      await this.#steps(charger_id);
    } catch (error) {
      this.#report(charger_id, error);
    } finally {
      this.#at_work.delete(charger_id);
    }
  }

  /** Updates the lists of all connected chargers. */
  async syncAll(): Promise<void> {
    const { store, central } = this.#deps;
    const connected = store.chargers.all().filter(({ charger_id }) => central.isConnected(charger_id));
    await Promise.all(connected.map(({ charger_id }) => this.sync(charger_id)));
  }

  #onEvent(event: Event<"local_list" | "rfid" | "rfid_deleted">): void {
    if (event.type !== "local_list") {
      if (this.#deps.store.settings.sync_local_lists) this.#syncAllSoon();
    } else if (event.data.unfinished) {
      const { charger_id } = event.data;
      queueMicrotask(() => this.sync(charger_id));
    }
  }

  #syncAllSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.syncAll(), this.#deps.settle_ms ?? SETTLE_MS);
  }

  /** Sends update after update. A full one that is refused is not tried again. */
  async #steps(charger_id: string): Promise<void> {
    const { store, central } = this.#deps;
    const port = central.port(charger_id);
    for (let step = 0; step < MAX_STEPS && central.isConnected(charger_id); step++) {
      const list = await localListOf(store, charger_id);
      if (!list.supported) return;
      if (list.updated_at === "") {
        await port.readLocalListVersion();
        continue;
      }
      const update = await nextUpdate(central.context(charger_id));
      if (!update) return;
      const sent = list.wanted === null ? port.syncLocalList() : port.sendLocalList(update);
      const { outcome } = await sent;
      if (outcome !== "accepted" && update.full) return;
    }
  }

  #report(charger_id: string, error: unknown): void {
    const { log } = this.#deps;
    const expected = error instanceof Refusal || error instanceof OcppError || error instanceof CallFailed;
    const text = "Cannot synchronize the local authorization list";
    if (expected) log.warn(text, { charger_id, reason: error.message });
    else log.error(text, { charger_id, error: describeError(error) });
  }
}
