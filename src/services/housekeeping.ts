// Periodic work: last-seen times are stored, expired records and old readings deleted, sessions of blocked tags stopped.
import { describeError, type Log } from "../log.ts";
import type { Clock } from "../machine/clock.ts";
import { sessionsToStop } from "../site/authorization/authorization.ts";
import { sweepReservations } from "../site/authorization/reservations.ts";
import type { Events } from "../site/events.ts";
import { sweepJobs } from "../site/files/jobs.ts";
import { sweepTokens } from "../site/files/locations.ts";
import { emitMeter } from "../site/sessions/meter_values.ts";
import { sweepProfiles } from "../site/smart_charging/profiles.ts";
import { exceptStorageErrors } from "../store/kv/commits.ts";
import type { CentralSystem } from "../central/central_system.ts";
import type { Store } from "../store/store.ts";

/** The parts that housekeeping works with. */
export interface HousekeepingDeps {
  store: Store;
  events: Events;
  central: CentralSystem;
  log: Log;
  now: () => number;
  /** Left out: the clock is settled. */
  clock?: Pick<Clock, "settled">;
  sweep_ms?: number;
  retain_ms?: number;
}

const SEEN_MS = 60_000;
const SWEEP_MS = 30_000;
const RETAIN_MS = 3_600_000;
const DAY = 86_400_000;

/** Does the periodic work. */
export class Housekeeping {
  readonly #deps: HousekeepingDeps;
  readonly #timers: ReturnType<typeof setInterval>[] = [];

  constructor(deps: HousekeepingDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { central, sweep_ms = SWEEP_MS, retain_ms = RETAIN_MS } = this.#deps;
    this.#every(SEEN_MS, () => central.storeSeen());
    this.#every(sweep_ms, () => this.#sweep());
    this.#every(sweep_ms, () => this.#stopBlocked());
    this.#every(sweep_ms, () => this.#expireMeters());
    this.#every(retain_ms, () => this.#retain());
  }

  /** Stops the timers, and stores the last-seen times. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#deps.central.storeSeen().catch(() => {});
  }

  async #retain(): Promise<void> {
    const { store, now } = this.#deps;
    if (!this.#settled) return;
    await store.readings.retain(now() - store.settings.retention_days * DAY);
  }

  /** False while the clock may be wrong: nothing is deleted and nothing expires then. */
  get #settled(): boolean {
    return this.#deps.clock?.settled !== false;
  }

  /** Removes expired reservations, profiles of ended sessions, expired file tokens and jobs that went silent. */
  async #sweep(): Promise<void> {
    if (!this.#settled) return;
    const { store, events, now } = this.#deps;
    const site = { store, events, keep_days: store.settings.retention_days };
    await Promise.all([
      sweepReservations(now(), site),
      sweepProfiles(now(), site),
      sweepTokens(now(), site),
      sweepJobs(now(), site),
    ]);
  }

  /** Ends the live figures of connectors whose meter has gone silent, and says so. */
  #expireMeters(): void {
    const { store, central, now } = this.#deps;
    for (const { charger_id } of store.chargers.all()) {
      const expired = central.state(charger_id).meters.expire(now());
      for (const connector_id of expired) emitMeter(connector_id, central.context(charger_id));
    }
  }

  /** Stops sessions whose tag was blocked or has expired; tried again each time until the charger stops them. */
  async #stopBlocked(): Promise<void> {
    const { store, central, log, now } = this.#deps;
    const sessions = sessionsToStop(store, this.#settled ? now() : -Infinity);
    const work = sessions.filter(({ charger_id }) => central.isConnected(charger_id)).map(
      async ({ charger_id, transaction_id }) => {
        const { status } = await central.port(charger_id).stopSession(transaction_id);
        log.info("Stopped a session whose tag is no longer authorized", {
          charger_id,
          transaction_id,
          status,
        });
      },
    );
    await Promise.allSettled(work);
  }

  #every(ms: number, work: () => unknown): void {
    const { log } = this.#deps;
    this.#timers.push(setInterval(() => {
      Promise.try(work).catch(
        exceptStorageErrors((error) => log.error("Housekeeping failed", { error: describeError(error) })),
      );
    }, ms));
  }
}
