// Opening the site's store: guarded against another site's file, with a backup before a migration.
import type { Config } from "../config.ts";
import { type Log, SILENT } from "../log.ts";
import { backUp, backupName } from "../store/file/backup.ts";
import { guardDatabase, noteSite } from "../store/file/site_guard.ts";
import { Store } from "../store/store.ts";
import { databaseFileOf } from "./data_dir.ts";
import { LongStart } from "./system/notify.ts";

/**
 * Opens the store, with a backup of its file before a migration; the service manager is asked for more time meanwhile. The
 * caller holds the data directory's lock.
 */
export async function openStore(config: Config, now: () => number, log: Log = SILENT): Promise<Store> {
  using long_start = new LongStart(log);
  const path = databaseFileOf(config);
  if (path !== null) await guardDatabase(path, now(), config.data_dir);
  const store = await Store.open({
    path: config.kv,
    window_ms: config.commit_window,
    backUp: () => {
      long_start.begin("backing up and changing the database for this version");
      return backUpFirst(config, path, now());
    },
    now,
  });
  if (path !== null) await noteSite(path, store.site.site_id);
  return store;
}

async function backUpFirst({ data_dir }: Config, path: string | null, now: number): Promise<void> {
  if (path === null) return;
  await Deno.mkdir(`${data_dir}/backups`, { recursive: true, mode: 0o700 });
  await backUp(path, `${data_dir}/backups/${backupName(now, "migration", { form: "db" })}`);
}
