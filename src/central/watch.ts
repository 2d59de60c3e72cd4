// What happens by itself: what chargers were last seen doing is written now and then, and old readings go.
import { describeError } from "../log.ts";
import type { CentralSystem } from "./central_system.ts";

const SEEN_EVERY = 60_000;
const RETAIN_EVERY = 3_600_000;
const DAY = 86_400_000;

/** The gateway's clockwork. */
export class Watch {
  readonly #central: CentralSystem;
  readonly #timers: ReturnType<typeof setInterval>[] = [];

  constructor(central: CentralSystem) {
    this.#central = central;
  }

  start(): void {
    this.#every(SEEN_EVERY, () => this.#central.storeSeen());
    this.#every(RETAIN_EVERY, () => this.#retain());
  }

  /** Stops the clockwork; what was seen last is written. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#central.storeSeen().catch(() => {});
  }

  async #retain(): Promise<void> {
    const { store, now } = this.#central.parts;
    await store.readings.retain(now() - store.settings.retention_days * DAY);
  }

  #every(ms: number, work: () => Promise<unknown>): void {
    const { log } = this.#central.parts;
    this.#timers.push(setInterval(() => {
      work().catch((error) => log.error("Cannot do the housekeeping", { error: describeError(error) }));
    }, ms));
  }
}
