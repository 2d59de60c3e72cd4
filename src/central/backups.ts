// Backups of the database: every night, before risky things, and when somebody asks.
import { describeError, type Log } from "../log.ts";
import {
  type Backup,
  backUp,
  type BackupFile,
  backupName,
  listBackups,
  pruneBackups,
} from "../store/backup.ts";
import { workOnDatabase } from "../store/database_work.ts";
import type { Store } from "../store/store.ts";
import type { Alarms } from "./alarms.ts";

/** What backups are made with. */
export interface BackupsParts {
  /** The database's file. */
  path: string;
  /** Where the backups are. */
  folder: string;
  store: Store;
  alarms: Alarms;
  log: Log;
  now: () => number;
}

const HOUR = 3_600_000;
const LOOK_EVERY = HOUR / 4;
const NIGHT = 3; // o'clock, in the system's zone
const FRESH = 20 * HOUR;
const OVERDUE = 30 * HOUR;
const VACUUM_PAGES = 500; // 2 MB at a time: writers wait for some ms

/** Makes backups, one at a time. */
export class Backups {
  readonly #parts: BackupsParts;
  #timer: ReturnType<typeof setInterval> | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(parts: BackupsParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => void this.nightly(), LOOK_EVERY);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running.catch(() => {});
  }

  get folder(): string {
    return this.#parts.folder;
  }

  /** The backups that are kept, newest first. */
  list(): Promise<BackupFile[]> {
    return listBackups(this.#parts.folder);
  }

  /** Makes a backup in the folder; `why` goes into its name and keeps it apart from the nightly ones. */
  make(why = "manual"): Promise<Backup> {
    return this.#next(async () => {
      const { folder, path, now } = this.#parts;
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      return await backUp(path, `${folder}/${backupName(now(), why)}`);
    });
  }

  /** Deletes all but the newest `keep` backups. */
  prune(keep: number): Promise<void> {
    return this.#next(() => pruneBackups(this.#parts.folder, keep));
  }

  /** Makes the night's backup when it is due, and gives free pages of the database back to the card. */
  async nightly(): Promise<void> {
    const { alarms, log, store } = this.#parts;
    const keep = store.settings.backup_keep;
    if (keep === 0 || this.#stopped || !await this.#isDue()) return;
    try {
      const { bytes, path } = await this.make("");
      await this.prune(keep);
      await this.compact();
      alarms.clear("backup");
      log.info("Made the night's backup", { path, bytes });
    } catch (error) {
      alarms.raise("backup", `The night's backup failed: ${error instanceof Error ? error.message : error}`);
      log.error("Cannot make the night's backup", { error: describeError(error) });
    }
  }

  /** Returns the database's free pages to the card, a few at a time; returns the bytes that the file has left. */
  async compact(): Promise<number> {
    const { path } = this.#parts;
    let before = Infinity;
    while (!this.#stopped) {
      const free = await this.#next(() => workOnDatabase({ work: "vacuum", path, pages: VACUUM_PAGES }));
      if (!free.free || free.free >= before) break;
      before = free.free;
    }
    return (await Deno.stat(path)).size;
  }

  async #isDue(): Promise<boolean> {
    const { now, store } = this.#parts;
    const newest = (await this.list()).find(({ name }) => /^gateway-\d{8}-\d{6}\.db$/.test(name));
    const age = now() - Date.parse(newest?.at ?? store.site.created_at);
    const night = new Date(now()).getHours() === NIGHT;
    return age < 0 || age > OVERDUE || (night && age > (newest ? FRESH : 0));
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#running.then(work, work);
    this.#running = next.catch(() => {});
    return next;
  }
}
