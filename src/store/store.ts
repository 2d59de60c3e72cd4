// The store: all tables over Deno KV, written through one commit queue.
import { Calendar, machineTimeZone } from "../calendar.ts";
import { Commits, type CommitsOptions } from "./kv/commits.ts";
import type { DamageReport } from "./kv/damage.ts";
import { migrate } from "./kv/migrations.ts";
import { DEFAULT_SETTINGS, type Settings } from "./settings.ts";
import { type IdKind, openSite, SCHEMA, type Site } from "./site.ts";
import { openTables, type Tables, tables } from "./tables.ts";

export * from "./records/mod.ts";
export type { Settings } from "./settings.ts";

/** Options for opening a store. */
export interface StoreOptions extends CommitsOptions {
  /** Path of the KV file, `:memory:`, or the URL of a KV Connect server. */
  path: string;
  /** Makes a backup; runs before records of an older schema are changed. */
  backUp?: () => Promise<void>;
  /** ms since 1970; the creation time of a new site. */
  now?: () => number;
}

/** The store of a site; each table of `tables.ts` is a property. */
export interface Store extends Tables {}

/** Everything that is kept: tables over Deno KV, written through one commit queue. */
export class Store {
  readonly commits: Commits;
  #calendar: Calendar | undefined;

  private constructor(
    readonly write: Deno.Kv,
    readonly read: Deno.Kv,
    readonly site: Site,
    options: StoreOptions,
  ) {
    this.commits = new Commits(write, options);
    const idFloor = (kind: IdKind) => this.idFloor(kind);
    const damaged: DamageReport = (entry, error) => this.damages.report(entry, error);
    const { now = Date.now } = options;
    Object.assign(this, openTables(site.site_id, { read, commits: this.commits, idFloor, damaged, now }));
  }

  /**
   * Opens or creates the store at `path` and loads its tables. Throws Error when its schema is newer than this
   * program's.
   */
  static async open(options: StoreOptions): Promise<Store> {
    const write = await Deno.openKv(options.path);
    const read = options.path === ":memory:" ? write : await Deno.openKv(options.path);
    try {
      const site = await openSite(write, (options.now ?? Date.now)());
      const store = new Store(write, read, site, options);
      const backUp = options.backUp ?? (() => Promise.resolve());
      await migrate(site, SCHEMA, { kv: read, commits: store.commits, backUp });
      await store.#load();
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

  /** Commits the queued writes and closes the database. */
  async close(): Promise<void> {
    await this.readings.stop();
    await this.commits.close();
    this.write.close();
    if (this.read !== this.write) this.read.close();
  }

  async #load(): Promise<void> {
    await this.damages.load(); // what was found before is not found again
    const names = (Object.keys(tables) as (keyof Tables)[]).filter((name) => name !== "damages");
    await Promise.all(names.map((name) => this[name].load()));
  }
}
