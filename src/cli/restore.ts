// `ocpp-gateway restore FILE`: replaces the database with a backup, on this machine or a new one.
import { restore as restoreBackup } from "../store/file/restore.ts";
import { forgetSite, noteSite } from "../store/file/site_guard.ts";
import type { PeopleOf } from "../store/file/succession.ts";
import { DATABASE_OPTIONS, locateDatabase, type Option, parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { lockDataDir, requireAccess } from "./data_dir.ts";
import { isActive, isRoot, SERVICE, systemctl } from "./system/systemd.ts";

export const command: Command = { run: restore };

const OPTIONS: Record<string, Option> = {
  ...DATABASE_OPTIONS,
  "backup-users": {
    type: "boolean",
    help: "take users and API tokens from the backup; those of now stay without it",
  },
};

async function restore(args: string[]): Promise<number> {
  const given = parseArguments(args, {
    name: "restore",
    file: "FILE",
    required: true,
    options: OPTIONS,
  });
  if (!given) return 0;
  const database = locateDatabase(given);
  await requireAccess(database.data_dir, "restore");
  const stopped = isRoot() && await isActive() && given.values["data-dir"] === undefined;
  if (stopped) await systemctl("stop", SERVICE);
  try {
    const people = given.values["backup-users"] === true ? "backup" : "now";
    await restoreInto(given.file!, database, people);
  } finally {
    if (stopped) await systemctl("start", SERVICE);
  }
  console.log(stopped ? "The gateway is running again" : "Start the gateway to use the restored database");
  return 0;
}

async function restoreInto(
  file: string,
  { data_dir, path }: { data_dir: string; path: string },
  people: PeopleOf,
): Promise<void> {
  const unlock = await lockDataDir({ data_dir, kv: path }).catch(() => {
    throw new Error(`Cannot restore: a gateway uses ${data_dir}; stop it first`);
  });
  try {
    const { site, kept, people: holding } = await restoreBackup(file, path, { now: Date.now(), people });
    await forgetSite(path);
    await noteSite(path, site.site_id);
    await giveToOwner(data_dir, path);
    console.log(`Restored site ${site.site_id}${kept ? `; the previous database is now ${kept}` : ""}`);
    console.log(PEOPLE[holding]);
  } catch (error) {
    throw new Error(`Cannot restore: ${file} ${error instanceof Error ? error.message : error}`);
  } finally {
    unlock();
  }
}

const PEOPLE: Readonly<Record<PeopleOf, string>> = {
  now: "Users and API tokens are still those of before the restore; all login sessions have ended",
  backup: "Users and API tokens are those of the backup; all login sessions have ended",
};

/** Gives files that root has written to the owner of the data directory, which is the service. */
async function giveToOwner(data_dir: string, path: string): Promise<void> {
  const { uid, gid } = await Deno.stat(data_dir);
  if (!isRoot() || uid === null || gid === null) return;
  for (const file of [path, `${path}.site`, `${data_dir}/lock`]) {
    await Deno.chown(file, uid, gid).catch(() => {});
  }
}
