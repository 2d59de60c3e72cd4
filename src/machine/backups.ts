// Backups: every night, before risky changes, and on demand.
import { alarmText } from "../i18n/alarm_text.ts";
import { describeError, type Log } from "../log.ts";
import {
  type Archive,
  type BackupFile,
  backupName,
  isNightly,
  listBackups,
  pruneBackups,
  writeBackup,
} from "../store/file/backup.ts";
import type { TlsPaths } from "../store/file/archive/members.ts";
import { readSecret } from "../store/file/secret_file.ts";
import type { BackupCopies, CopyState } from "./backup_copies/backup_copies.ts";
import { workOnDatabase } from "../store/file/database_work.ts";
import type { Events } from "../site/events.ts";
import type { Store } from "../store/store.ts";
import type { Alarms } from "./alarms.ts";
import type { Clock } from "./clock.ts";
import { freeBytes, RESERVE } from "./disk.ts";
import { nightFrom } from "./night.ts";

/** Dependencies of the backups. */
export interface BackupsDeps {
  /** Path of the database. */
  path: string;
  /** Folder of the gateway's files; backups are in its folder `backups`. */
  data_dir: string;
  tls: TlsPaths;
  /** The passphrase in the process's configuration, which comes before the admin's; null: none. */
  passphrase: string | null;
  store: Store;
  alarms: Alarms;
  events?: Events;
  log: Log;
  clock: Pick<Clock, "now" | "settled">;
  copies: BackupCopies;
  /** Called when a copy holds damaged values, for the database is to be checked then. */
  onDamage?: () => void;
  /** Time between two checks for a backup that is due, ms. */
  check_every?: number;
}

const MINUTE = 60_000;
const HOUR = 3_600_000;
const CHECK_EVERY = HOUR / 4;
const FRESH = 20 * HOUR;
const OVERDUE = 30 * HOUR;
const VACUUM_PAGES = 500; // half a MB at a time, which delays writers for some ms

/** Makes backups, one at a time, and deletes old ones. */
export class Backups {
  readonly #deps: BackupsDeps;
  #timer: ReturnType<typeof setInterval> | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = false;
  #night: Promise<void> | null = null;
  #compacted_at = -Infinity;

  constructor(deps: BackupsDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => void this.nightly(), this.#deps.check_every ?? CHECK_EVERY);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#deps.copies.stop();
    await this.#night;
    await this.#running.catch(() => {});
  }

  get folder(): string {
    return `${this.#deps.data_dir.replace(/\/+$/, "")}/backups`;
  }

  /** Lists the backups, newest first. */
  list(): Promise<BackupFile[]> {
    return listBackups(this.folder);
  }

  /** Makes a backup; `why` is a part of its name and distinguishes it from the nightly ones. */
  make(why = "manual"): Promise<Archive> {
    return this.#next(async () => {
      const { path, data_dir, tls, clock } = this.#deps;
      const { folder } = this;
      await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      const now = clock.now();
      const passphrase = await this.passphrase();
      const made = await writeBackup(
        { path, data_dir, tls, passphrase, now, room: roomIn(folder) },
        (damaged) => `${folder}/${backupName(now, why, { damaged })}`,
      );
      if (made.damage) this.#deps.onDamage?.();
      const { bytes, damage } = made;
      const name = made.path.replace(/^.*\//, "");
      this.#deps.events?.emit("backup", undefined, () => ({ name, bytes, damaged: Boolean(damage) }));
      return made;
    });
  }

  /** Returns the passphrase of the keys in backups; null: there is none, and keys are left out. */
  async passphrase(): Promise<string | null> {
    const { data_dir, passphrase: configured } = this.#deps;
    return (await readSecret("backup_passphrase", { data_dir, configured })).secret;
  }

  /** Deletes all but the newest `keep` backups. */
  prune(keep: number): Promise<void> {
    return this.#next(() => pruneBackups(this.folder, keep, this.#deps.clock.now()));
  }

  /** Makes the nightly backup if it is due, and returns free pages of the database to the file system. */
  nightly(): Promise<void> {
    return this.#night ??= this.#nightly().finally(() => this.#night = null);
  }

  async #nightly(): Promise<void> {
    const made = await this.#backUpIfDue();
    await this.#copyNewest();
    const now = this.#deps.clock.now();
    const asleep = this.#nightFrom(now, now) === now && performance.now() - this.#compacted_at > FRESH;
    if (!made && !asleep) return;
    this.#compacted_at = performance.now();
    await this.compact().catch((error) =>
      this.#deps.log.warn("Cannot return free pages of the database to the file system", {
        error: describeError(error),
      })
    );
  }

  /** Copies the newest backup to the places off the machine now. */
  async copy(): Promise<CopyState[]> {
    const future = backupName(this.#deps.clock.now() + MINUTE);
    return await this.#deps.copies.copy((await this.list()).filter(({ name }) => name < future));
  }

  /** Returns the state of the copies off the machine. */
  copyStates(): Promise<CopyState[]> {
    return this.#deps.copies.states();
  }

  async #copyNewest(): Promise<void> {
    if (this.#stopped) return;
    await this.copy().catch((error) =>
      this.#deps.log.warn("Cannot copy the backup", { error: describeError(error) })
    );
  }

  async #backUpIfDue(): Promise<boolean> {
    const { alarms, log, store, clock } = this.#deps;
    try {
      const due = await this.next();
      if (due === null || due > clock.now() || this.#stopped) return false;
      const { bytes, path, damage } = await this.make("");
      await this.prune(store.settings.backup_keep);
      log.info("Nightly backup written", { path, bytes });
      if (damage) alarms.raise("backup", alarmText("backup_damaged", { damage }));
      else alarms.clear("backup");
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      alarms.raise("backup", alarmText("backup_failed", { reason: reason.split("\n")[0] }));
      return false;
    }
  }

  /**
   * Returns the time of the next nightly backup, ms since 1970: in the first night in which the last one is a day old, or
   * at once if it is overdue. Null if none is made, because of the setting or because the clock is not trusted.
   */
  async next(): Promise<number | null> {
    const { clock: { now, settled }, store } = this.#deps;
    if (store.settings.backup_keep === 0 || !settled) return null;
    const made = (await this.list()).filter(isNightly).map(({ at }) => Date.parse(at)).filter((at) =>
      at <= now()
    );
    const newest = Math.max(...made);
    if (made.length > 0) return Math.min(newest + OVERDUE, this.#nightFrom(newest + FRESH, now()));
    const created = Date.parse(store.site.created_at);
    return created > now() ? now() : Math.min(created + OVERDUE, this.#nightFrom(created, now()));
  }

  /** Shrinks the database by its free pages, a few at a time; returns the bytes by which the file can still shrink. */
  async compact(): Promise<number> {
    const { path } = this.#deps;
    let before = Infinity;
    while (!this.#stopped) {
      const free = await this.#next(() => workOnDatabase({ work: "vacuum", path, pages: VACUUM_PAGES }));
      if (!free.free || free.free >= before) break;
      before = free.free;
    }
    return (await Deno.stat(path)).size;
  }

  #nightFrom(from: number, now: number): number {
    return nightFrom(from, now, this.#deps.store.calendar.time_zone);
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#running.then(work, work);
    this.#running = next.catch(() => {});
    return next;
  }
}

/** Returns the bytes that a backup may take in a folder beside what the database needs; null: unknown. */
function roomIn(folder: string): number | null {
  const free = freeBytes(folder);
  return free === null ? null : Math.max(0, free - RESERVE);
}
