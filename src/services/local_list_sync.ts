// Chargers' local authorization lists, brought into step with what they are to hold.
import { CallFailed, OcppError } from "../ocpp/error.ts";
import { Refusal } from "../site/context.ts";
import type { Event } from "../site/events.ts";
import { localListOf, nextUpdate } from "../site/authorization/local_list.ts";
import { describeError } from "../log.ts";
import type { CentralSystem } from "../central/central_system.ts";

const SETTLE_MS = 2_000; // changes of the RFID table come in crowds
const MAX_STEPS = 1_000;

/**
 * Goes on where one SendLocalList is not enough: the list is longer than the charger takes at once, or a Differential
 * was refused and a Full one is due. With `sync_local_lists` it also follows every change of the RFID table.
 */
export class LocalListSync {
  readonly #central: CentralSystem;
  readonly #settle_ms: number;
  readonly #at_work = new Set<string>();
  #unlisten = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(central: CentralSystem, { settle_ms = SETTLE_MS } = {}) {
    this.#central = central;
    this.#settle_ms = settle_ms;
  }

  start(): void {
    this.#unlisten = this.#central.parts.events.subscribe((event) => this.#hear(event), [
      "local_list",
      "rfid",
      "rfid_deleted",
    ]);
  }

  stop(): void {
    this.#unlisten();
    clearTimeout(this.#timer);
  }

  /** Brings one charger's list into step. Resolves when it is, when the charger refuses, or when it can't be reached. */
  async sync(charger_id: string): Promise<void> {
    if (this.#at_work.has(charger_id)) return;
    this.#at_work.add(charger_id);
    try {
      await this.#steps(charger_id);
    } catch (error) {
      this.#gaveUp(charger_id, error);
    } finally {
      this.#at_work.delete(charger_id);
    }
  }

  #hear(event: Event<"local_list" | "rfid" | "rfid_deleted">): void {
    if (event.type !== "local_list") {
      if (this.#central.parts.store.settings.sync_local_lists) this.#syncAllSoon();
    } else if (event.data.unfinished) {
      const { charger_id } = event.data;
      queueMicrotask(() => this.sync(charger_id));
    }
  }

  #syncAllSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.syncAll(), this.#settle_ms);
  }

  /** Brings all connected chargers' lists into step. */
  async syncAll(): Promise<void> {
    const { store } = this.#central.parts;
    const connected = store.chargers.all().filter(({ charger_id }) => this.#central.isConnected(charger_id));
    await Promise.all(connected.map(({ charger_id }) => this.sync(charger_id)));
  }

  /** A Full list that is refused is not tried again. */
  async #steps(charger_id: string): Promise<void> {
    const { store } = this.#central.parts;
    const port = this.#central.port(charger_id);
    for (let step = 0; step < MAX_STEPS && this.#central.isConnected(charger_id); step++) {
      const list = await localListOf(store, charger_id);
      if (!list.supported) return;
      if (list.updated_at === "") {
        await port.readLocalListVersion();
        continue;
      }
      const update = await nextUpdate(this.#central.context(charger_id));
      if (!update) return;
      const sent = list.wanted === null ? port.syncLocalList() : port.sendLocalList(update);
      const { outcome } = await sent;
      if (outcome !== "accepted" && update.full) return;
    }
  }

  #gaveUp(charger_id: string, error: unknown): void {
    const expected = error instanceof Refusal || error instanceof OcppError || error instanceof CallFailed;
    const { log } = this.#central.parts;
    if (expected) {
      log.warn("Cannot synchronize the local authorization list", { charger_id, reason: error.message });
    } else {log.error("Cannot synchronize the local authorization list", {
        charger_id,
        error: describeError(error),
      });}
  }
}
