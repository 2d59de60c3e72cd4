// The store: all tables over Deno KV, written through one commit queue.
import { Calendar, machineTimeZone } from "../calendar.ts";
import { Commits, type CommitsOptions } from "./kv/commits.ts";
import { CurrentValues } from "./kv/current_values.ts";
import type { DamageReport } from "./kv/damage.ts";
import { Lease, type LeaseOptions } from "./kv/lease.ts";
import { migrate } from "./kv/migrations.ts";
import { bounded, type ReadStats } from "./kv/remote.ts";
import { DEFAULT_SETTINGS, type Settings } from "./settings.ts";
import { type IdKind, openSite, SCHEMA, type Site, type SiteChoice } from "./site.ts";
import { loggedTables, openTables, type Tables, tables } from "./tables.ts";

export * from "./records/mod.ts";
export type { Settings } from "./settings.ts";

/** Options of a store on a server, which other gateways may use as well. */
export interface RemoteOptions extends Pick<LeaseOptions, "instance" | "renew_ms"> {
  /** The longest time that a call may take, ms. */
  deadline_ms: number;
}

/** Options for opening a store. */
export interface StoreOptions
  extends Omit<CommitsOptions, "deadline_ms">, Pick<SiteChoice, "site_id" | "create"> {
  /** Path of the KV file, `:memory:`, or the URL of a KV Connect server. */
  path: string;
  /** Makes a backup; runs before records of an older schema are changed. */
  backUp?: () => Promise<void>;
  /** ms since 1970; the creation time of a new site. */
  now?: () => number;
  /** Set if `path` is a URL. */
  remote?: RemoteOptions | undefined;
}

/** Tables that are loaded first: changes are noted, what was found before is not found again, the log is replayed. */
const FIRST: readonly (keyof Tables)[] = ["changes", "damages", "redo_log"];

/** The store of a site; each table of `tables.ts` is a property. */
export interface Store extends Tables {}

/** Everything that is kept: tables over Deno KV, written through one commit queue. */
export class Store {
  readonly commits: Commits;
  /** Values as they are now, where tables may be behind the redo log. */
  readonly current: CurrentValues;
  /** Figures of the reads from a server; null: the database is a file. */
  reads: ReadStats | null = null;
  /** The right to write the site on a server. */
  lease: Lease | null = null;
  #renewing: ReturnType<typeof setInterval> | undefined;
  #calendar: Calendar | undefined;

  private constructor(
    readonly write: Deno.Kv,
    readonly read: Deno.Kv,
    readonly site: Site,
    options: StoreOptions,
  ) {
    const deadline = options.remote && { deadline_ms: options.remote.deadline_ms };
    this.commits = new Commits(write, { ...options, ...deadline });
    const idFloor = (kind: IdKind) => this.idFloor(kind);
    const damaged: DamageReport = (entry, error) => this.damages.report(entry, error);
    const { now = Date.now } = options;
    this.current = new CurrentValues(read);
    const deps = { read, commits: this.commits, current: this.current, idFloor, damaged, now };
    Object.assign(this, openTables(site.site_id, deps));
  }

  /**
   * Opens or creates the store at `path` and loads its tables. Throws Error when its schema is newer than this
   * program's, SiteError for another site's, LeaseError while another gateway writes the site.
   */
  static async open(options: StoreOptions): Promise<Store> {
    const { path, remote } = options;
    const write = await Deno.openKv(path);
    const direct = path === ":memory:" ? write : await Deno.openKv(path);
    const reads = remote ? bounded(direct, remote.deadline_ms) : null;
    const read = reads?.kv ?? direct;
    try {
      const choice = { ...options, shared: reads !== null, now: (options.now ?? Date.now)() };
      const opened = await openSite(reads ? read : write, choice);
      const store = new Store(write, read, opened.site, options);
      if (remote && reads) await store.#lock(remote, reads.stats);
      const backUp = options.backUp ?? (() => Promise.resolve());
      for (const name of FIRST) await store[name].load();
      await migrate(opened, SCHEMA, { kv: read, commits: store.commits, backUp });
      await store.#load();
      // not on a server, where a commit that was given up may come late: it would be replayed over what followed
      if (!remote) store.redo_log.begin(loggedTables());
      return store;
    } catch (error) {
      write.close();
      if (read !== write) read.close();
      throw error;
    }
  }

  /** Returns the highest id of a kind that a restore has ruled out; 0: none. */
  idFloor(kind: IdKind): number {
    return this.site.id_floors?.[kind] ?? 0;
  }

  /** The site's settings. */
  get settings(): Settings {
    return this.site_settings.get("site") ?? DEFAULT_SETTINGS;
  }

  /** The calendar of the site's time zone: of the setting `time_zone`, else of the machine's. */
  get calendar(): Calendar {
    const zone = this.settings.time_zone || machineTimeZone();
    if (this.#calendar?.time_zone !== zone) this.#calendar = new Calendar(zone);
    return this.#calendar;
  }

  /** Changes some settings. */
  async changeSettings(changes: Partial<Settings>): Promise<void> {
    await this.site_settings.put({ ...this.settings, ...changes });
  }

  /** Takes the right to write the site, and keeps it. */
  async #lock({ instance, renew_ms }: RemoteOptions, reads: ReadStats): Promise<void> {
    const lease = await Lease.take(this.read, { site_id: this.site.site_id, instance, renew_ms });
    this.commits.guard = lease.check;
    this.lease = lease;
    this.reads = reads;
    await this.commits.put([lease.renewal()]);
    this.#renewing = setInterval(() => void this.#renew(lease), renew_ms);
  }

  /** Shows that this gateway runs; also notes whether the database can be read and written while nothing happens. */
  async #renew(lease: Lease): Promise<void> {
    const read = this.read.get(lease.check.key);
    await Promise.allSettled([read, this.commits.put([lease.renewal()])]);
  }

  /** Commits the queued writes and closes the database. */
  async close(): Promise<void> {
    clearInterval(this.#renewing);
    await this.readings.stop();
    await this.commits.flush();
    await this.redo_log.checkpoint().catch(() => {}); // what is left is replayed at the next start
    if (this.lease) void this.commits.put([this.lease.renewal({ stopped: true })]).catch(() => {});
    await this.commits.close();
    this.write.close();
    if (this.read !== this.write) this.read.close();
  }

  async #load(): Promise<void> {
    const names = (Object.keys(tables) as (keyof Tables)[]).filter((name) => !FIRST.includes(name));
    await Promise.all(names.map((name) => this[name].load()));
  }
}
