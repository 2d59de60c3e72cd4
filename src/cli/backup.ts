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
  const to = given.file ?? `${data_dir}/backups/${backupName(Date.now(), "manual")}`;
  if (!await Deno.stat(path).catch(() => null)) {
    throw new Error(`Cannot back up: there is no database at ${path}`);
  }
  if (await Deno.stat(to).catch(() => null)) throw new Error(`Cannot back up: ${to} already exists`);
  await Deno.mkdir(to.replace(/[^/]*$/, "") || ".", { recursive: true, mode: 0o700 });
  const { bytes, site } = await backUp(path, to);
  console.log(`${to}: site ${site.site_id}, ${(bytes / 1e6).toFixed(1)} MB, verified`);
  return 0;
}
