// Opening the site's store: guarded against another site's database, with a backup of a file before a migration.
import type { Config } from "../config.ts";
import { type Log, SILENT } from "../log.ts";
import { backUp, backupName } from "../store/file/backup.ts";
import { guardDatabase, noteSite } from "../store/file/site_guard.ts";
import { readSiteNote, type SiteNote, siteNotePath, writeSiteNote } from "../store/file/site_note.ts";
import { LeaseError } from "../store/kv/lease.ts";
import { StorageError } from "../store/kv/commits.ts";
import { SiteError } from "../store/site.ts";
import { Store } from "../store/store.ts";
import { databaseFileOf, isRemote } from "./data_dir.ts";
import { LongStart } from "./system/notify.ts";

/**
 * Opens the store, with a backup of its file before a migration; the service manager is asked for more time meanwhile. The
 * caller holds the data directory's lock.
 */
export async function openStore(config: Config, now: () => number, log: Log = SILENT): Promise<Store> {
  if (isRemote(config.kv)) return await openRemoteStore(config, now);
  using long_start = new LongStart(log);
  const path = databaseFileOf(config);
  if (path !== null) await guardDatabase(path, now(), config.data_dir);
  const store = await Store.open({
    path: config.kv,
    window_ms: config.commit_window,
    site_id: config.site ?? undefined,
    backUp: () => {
      long_start.begin("backing up and changing the database for this version");
      return backUpFirst(config, path, now());
    },
    now,
  }).catch((error) => refuse(error, `the database ${config.kv}`));
  if (path !== null) await noteSite(path, store.site.site_id);
  return store;
}

/** Opens the store on a server. The data directory notes which site it is: an emptied server is no new site. */
async function openRemoteStore(
  { kv, site, data_dir, tuning, commit_window }: Config,
  now: () => number,
): Promise<Store> {
  const note = await readSiteNote(data_dir);
  if (note && site !== null && site !== note.site_id) {
    throw new Error(
      `Cannot start: ${data_dir} is of site ${note.site_id}, not of ${site}; use another --data-dir, or remove ${
        siteNotePath(data_dir)
      }`,
    );
  }
  const instance = note?.instance ?? crypto.randomUUID();
  const store = await Store.open({
    path: kv,
    window_ms: commit_window,
    site_id: site ?? note?.site_id,
    create: note === null,
    remote: { instance, deadline_ms: tuning.store_deadline_ms, renew_ms: tuning.lease_ms },
    now,
  }).catch((error) => refuse(error, `the database server ${kv}`));
  await noteEpoch(store, { note, data_dir, instance }).catch(async (error) => {
    await store.close();
    throw error;
  });
  return store;
}

/** Notes the site and its epoch. Throws Error where the server has lost what this gateway wrote. */
async function noteEpoch(
  { site, lease }: Store,
  { note, data_dir, instance }: { note: SiteNote | null; data_dir: string; instance: string },
): Promise<void> {
  const { epoch } = lease!;
  if (note && epoch <= note.epoch) {
    throw new Error(
      `Cannot start: the database server holds an older state of site ${site.site_id} than this gateway wrote; ` +
        `remove ${siteNotePath(data_dir)} and name the site with --site to go on from that`,
    );
  }
  await writeSiteNote(data_dir, { site_id: site.site_id, instance, epoch });
}

/** Throws the error of a start, which names the database. */
function refuse(error: unknown, database: string): never {
  if (error instanceof SiteError) throw new Error(`Cannot start: ${database} ${error.message}`);
  if (error instanceof LeaseError) throw new Error(`Cannot start: ${error.message}`);
  if (error instanceof StorageError) throw new Error(`Cannot start: ${database}: ${error.message}`);
  throw error;
}

async function backUpFirst({ data_dir }: Config, path: string | null, now: number): Promise<void> {
  if (path === null) return;
  await Deno.mkdir(`${data_dir}/backups`, { recursive: true, mode: 0o700 });
  await backUp(path, `${data_dir}/backups/${backupName(now, "migration", { form: "db" })}`);
}
