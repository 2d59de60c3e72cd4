// What happens by itself: what chargers were last seen doing is written now and then, and old readings go.
import { describeError } from "../log.ts";
import { sessionsToStop } from "../site/authorization/authorization.ts";
import { sweepJobs } from "../site/files/jobs.ts";
import { sweepTokens } from "../site/files/locations.ts";
import { sweepProfiles } from "../site/smart_charging/profiles.ts";
import { sweepReservations } from "../site/authorization/reservations.ts";
import { exceptStorageErrors } from "../store/kv/commits.ts";
import type { CentralSystem } from "../central/central_system.ts";

const SEEN_EVERY = 60_000;
const SWEEP_EVERY = 30_000;
const RETAIN_EVERY = 3_600_000;
const DAY = 86_400_000;

/** The gateway's clockwork. */
export class Housekeeping {
  readonly #central: CentralSystem;
  readonly #timers: ReturnType<typeof setInterval>[] = [];
  readonly #every_ms: { sweep: number; retain: number };

  constructor(central: CentralSystem, { sweep = SWEEP_EVERY, retain = RETAIN_EVERY } = {}) {
    this.#central = central;
    this.#every_ms = { sweep, retain };
  }

  start(): void {
    this.#every(SEEN_EVERY, () => this.#central.storeSeen());
    this.#every(this.#every_ms.sweep, () => this.#sweep());
    this.#every(this.#every_ms.sweep, () => this.#stopBlocked());
    this.#every(this.#every_ms.retain, () => this.#retain());
  }

  /** Stops the clockwork; what was seen last is written. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#central.storeSeen().catch(() => {});
  }

  async #retain(): Promise<void> {
    const { store, now } = this.#central.parts;
    if (!this.#settled) return;
    await store.readings.retain(now() - store.settings.retention_days * DAY);
  }

  /** A wrong clock must not delete anything, nor let it expire. */
  get #settled(): boolean {
    return this.#central.parts.clock?.settled !== false;
  }

  /** What has run out: reservations, profiles of sessions that ended, tokens of files, jobs that nothing is heard of. */
  async #sweep(): Promise<void> {
    if (!this.#settled) return;
    const { store, events, now } = this.#central.parts;
    const place = { store, events, keep_days: store.settings.retention_days };
    await Promise.all([
      sweepReservations(now(), place),
      sweepProfiles(now(), place),
      sweepTokens(now(), place),
      sweepJobs(now(), place),
    ]);
  }

  /** Sessions whose tag was blocked or has expired meanwhile; tried again each time until the charger stops them. */
  async #stopBlocked(): Promise<void> {
    const { store, log, now } = this.#central.parts;
    const work = sessionsToStop(store, this.#settled ? now() : -Infinity).filter(({ charger_id }) =>
      this.#central.isConnected(charger_id)
    ).map(
      async ({ charger_id, transaction_id }) => {
        const payload = { transactionId: transaction_id };
        const { response } = await this.#central.send(charger_id, "RemoteStopTransaction", payload);
        log.info("Stopped a session whose tag is no longer authorized", {
          charger_id,
          transaction_id,
          ...response,
        });
      },
    );
    await Promise.allSettled(work);
  }

  #every(ms: number, work: () => Promise<unknown>): void {
    const { log } = this.#central.parts;
    this.#timers.push(setInterval(() => {
      work().catch(
        exceptStorageErrors((error) => log.error("Housekeeping failed", { error: describeError(error) })),
      );
    }, ms));
  }
}
