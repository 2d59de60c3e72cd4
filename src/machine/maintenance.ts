// Unattended operation: supervision of clock and disk, backups, and their alarms.
import type { Config } from "../config.ts";
import type { Events } from "../site/events.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import { Alarms } from "./alarms.ts";
import { BackupCopies } from "./backup_copies/backup_copies.ts";
import { configuredPlaces } from "./backup_copies/configured_places.ts";
import { Backups } from "./backups.ts";
import type { Clock } from "./clock.ts";
import { ClockMonitor } from "./clock_monitor.ts";
import { DatabaseServer } from "./database_server.ts";
import { Disk } from "./disk.ts";
import { Scrubs } from "./scrubs.ts";

/** Dependencies of the maintenance. */
export interface MaintenanceDeps {
  store: Store;
  events: Events;
  clock: Clock;
  log: Log;
  /** Path of the database; null if it is not a file, so that there are no backups and no disk monitor. */
  path: string | null;
  /** Folder of the backups and the ballast, TLS files, and the backups' passphrase. */
  config: Pick<
    Config,
    | "data_dir"
    | "tls_cert"
    | "tls_key"
    | "tls_client_ca"
    | "backup_passphrase"
    | "backup_s3_secret_key"
    | "backup_folder"
  >;
}

/** Starts and stops the clock monitor, the backups and the scrubs; the disk monitor starts apart, once chargers can connect. */
export class Maintenance {
  /** Start time of this gateway, ISO 8601. */
  readonly started_at: string;
  readonly alarms: Alarms;
  readonly clock: Clock;
  readonly clock_monitor: ClockMonitor;
  readonly disk: Disk | null = null;
  /** Null where the database is no server's. */
  readonly server: DatabaseServer | null = null;
  readonly backups: Backups | null = null;
  readonly scrubs: Scrubs;
  /** Resolving it restarts the gateway. */
  readonly restart = Promise.withResolvers<void>();

  constructor({ store, events, clock, log, path, config }: MaintenanceDeps) {
    this.started_at = new Date(clock.now()).toISOString();
    this.alarms = new Alarms(events, log, clock.now);
    this.clock = clock;
    this.clock_monitor = new ClockMonitor({ clock, store, events, alarms: this.alarms, log });
    this.scrubs = new Scrubs({ store, alarms: this.alarms, log, clock });
    if (store.lease) this.server = new DatabaseServer({ store, alarms: this.alarms });
    store.commits.onFailing = (error) => {
      if (this.disk) void this.disk.check();
      else if (this.server) this.server.check();
      else log.error("Cannot store data", { error });
    };
    if (path === null) return;
    const { alarms, scrubs } = this;
    const onDamage = () => void scrubs.begin();
    const { data_dir, backup_passphrase: passphrase, tls_cert: cert, tls_key: key } = config;
    const tls = { cert, key, client_ca: config.tls_client_ca };
    const copies = new BackupCopies({
      places: () =>
        configuredPlaces({
          data_dir,
          site_id: store.site.site_id,
          folder: config.backup_folder,
          s3_secret_key: config.backup_s3_secret_key,
          settings: store.settings,
        }),
      folder: `${data_dir}/backups`,
      keep: () => store.settings.backup_copies_keep,
      alarms,
      log,
      now: clock.now,
    });
    const backups = new Backups({
      path,
      data_dir,
      tls,
      passphrase,
      store,
      alarms,
      events,
      log,
      clock,
      copies,
      onDamage,
    });
    this.backups = backups;
    this.disk = new Disk({
      directory: path.replace(/[^/]*$/, "") || ".",
      commits: store.commits,
      readings: store.readings,
      alarms,
      relieve: () => backups.prune(1),
      probe: () => this.clock_monitor.store(),
    });
  }

  start(): void {
    this.clock_monitor.start();
    this.server?.start();
    this.backups?.start();
    this.scrubs.start();
  }

  async stop(): Promise<void> {
    const parts = [this.backups, this.server, this.clock_monitor, this.scrubs];
    await Promise.all(parts.map((part) => part?.stop()));
  }
}
