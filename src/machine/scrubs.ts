// Damage of the database: all values are checked every night, and an alarm names those that cannot be read.
import { alarmText } from "../i18n/alarm_text.ts";
import { describeError, type Log } from "../log.ts";
import { exceptStorageErrors } from "../store/kv/commits.ts";
import { scrub } from "../store/scrub.ts";
import { publicName, someOf } from "../store/damages.ts";
import type { ScrubRecord, Store } from "../store/store.ts";
import type { Alarms } from "./alarms.ts";
import type { Clock } from "./clock.ts";
import { nightFrom } from "./night.ts";

/** Dependencies of the scrubs. */
export interface ScrubsDeps {
  store: Store;
  alarms: Alarms;
  log: Log;
  clock: Pick<Clock, "now">;
}

const HOUR = 3_600_000;
const CHECK_EVERY = HOUR / 4;
const FRESH = 20 * HOUR;
const OVERDUE = 30 * HOUR;

/** Scrubs the database, one scrub at a time, and raises the alarm of damaged values. */
export class Scrubs {
  readonly #deps: ScrubsDeps;
  #timer: ReturnType<typeof setInterval> | undefined;
  #running: Promise<ScrubRecord | null> | null = null;
  #stopped = false;

  constructor(deps: ScrubsDeps) {
    this.#deps = deps;
  }

  /** Raises the alarm for what was found before or while the store was loaded, and starts looking for the night. */
  start(): void {
    this.#deps.store.damages.onChange = () => this.#alarm();
    this.#alarm();
    this.#timer = setInterval(() => void this.nightly(), CHECK_EVERY);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running?.catch(() => {});
  }

  /** The last complete scrub; null: there was none yet. */
  get last(): ScrubRecord | null {
    return this.#deps.store.scrubs.get("scrub") ?? null;
  }

  /** True while a scrub is under way. */
  get running(): boolean {
    return this.#running !== null;
  }

  /** Scrubs the database if it is due. */
  async nightly(): Promise<void> {
    if (this.isDue()) await this.begin();
  }

  /** Scrubs the database now, or waits for the scrub under way; a failure is logged. */
  async begin(): Promise<void> {
    const { log } = this.#deps;
    await this.run().catch(
      exceptStorageErrors((error) => log.error("Cannot check the database", { error: describeError(error) })),
    );
  }

  /**
   * Returns true if the nightly scrub is to begin: in the first night in which the last one is a day old, or at once if it
   * is overdue. One dated in the future, by a wrong clock, does not count.
   */
  isDue(): boolean {
    const { store, clock } = this.#deps;
    const now = clock.now();
    const last = Date.parse(this.last?.ended_at ?? store.site.created_at);
    if (last > now || last + OVERDUE <= now) return true;
    return nightFrom(last + (this.last ? FRESH : 0), now, store.calendar.time_zone) <= now;
  }

  /** Scrubs the database now, or waits for the scrub under way. Resolves to null if the gateway stops meanwhile. */
  run(): Promise<ScrubRecord | null> {
    return this.#running ??= this.#run().finally(() => this.#running = null);
  }

  async #run(): Promise<ScrubRecord | null> {
    const { store, log, clock: { now } } = this.#deps;
    const began_at = new Date(now()).toISOString();
    await store.redo_log.checkpoint().catch(() => {}); // a value that is written anew is not to be found damaged
    const result = await scrub({
      read: store.read,
      site_id: store.site.site_id,
      damaged: (entry, error) => store.damages.report(entry, error),
      stopped: () => this.#stopped,
    });
    if (!result) return null;
    const record = { began_at, ended_at: new Date(now()).toISOString(), ...result };
    log[result.damaged > 0 ? "error" : "info"]("Database checked", { ...result });
    await store.scrubs.put(record);
    return record;
  }

  #alarm(): void {
    const { store: { damages }, alarms } = this.#deps;
    const found = damages.all();
    if (found.length === 0) return alarms.clear("damage");
    const names = someOf(found.map(publicName));
    alarms.raise("damage", alarmText("damage", { n: found.length, names }));
  }
}
