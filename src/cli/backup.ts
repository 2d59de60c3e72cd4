// `ocpp-gateway backup [FILE]`: copies the database into one file and verifies the copy. The gateway may be running.
import { backUp, backupName } from "../store/file/backup.ts";
import { DATABASE_OPTIONS, locateDatabase, parseArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { requireAccess } from "./data_dir.ts";

export const command: Command = { run: backup };

async function backup(args: string[]): Promise<number> {
  const given = parseArguments(args, { name: "backup", file: "FILE", options: DATABASE_OPTIONS });
  if (!given) return 0;
  const { data_dir, path } = locateDatabase(given);
  await requireAccess(data_dir, "back up");
  const now = Date.now();
  const named = (damaged: boolean) => `${data_dir}/backups/${backupName(now, "manual", { damaged })}`;
  const to = given.file ?? named(false);
  if (!await Deno.stat(path).catch(() => null)) {
    throw new Error(`Cannot back up: there is no database at ${path}`);
  }
  if (await Deno.stat(to).catch(() => null)) throw new Error(`Cannot back up: ${to} already exists`);
  await Deno.mkdir(to.replace(/[^/]*$/, "") || ".", { recursive: true, mode: 0o700 });
  const { bytes, site, damage, path: made } = await backUp(path, given.file ?? named);
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(`${made}: site ${site.site_id}, ${size}, ${damage === null ? "verified" : "damaged"}`);
  if (damage === null) return 0;
  console.error(`The backup holds damaged values: ${damage}; keep the backups from before`);
  return 1;
}
