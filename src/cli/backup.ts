// `ocpp-gateway backup [FILE]`: one file with everything in it, while the gateway runs or while it does not.
import { backUp, backupName } from "../store/file/backup.ts";
import { PLACE, placeOf, readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { refuseStranger } from "./data_dir.ts";

export const command: Command = {
  name: "backup",
  summary: "copy the database into FILE, also while the gateway runs",
  run: backup,
};

async function backup(args: string[]): Promise<number> {
  const given = readArguments(args, { name: "backup", file: "FILE", options: PLACE });
  if (!given) return 0;
  const { data_dir, path } = placeOf(given);
  await refuseStranger(data_dir, "back up");
  const to = given.file ?? `${data_dir}/backups/${backupName(Date.now(), "manual")}`;
  if (!await Deno.stat(path).catch(() => null)) {
    throw new Error(`Cannot back up: there is no database at ${path}`);
  }
  if (await Deno.stat(to).catch(() => null)) throw new Error(`Cannot back up: ${to} exists already`);
  await Deno.mkdir(to.replace(/[^/]*$/, "") || ".", { recursive: true, mode: 0o700 });
  const { bytes, site } = await backUp(path, to);
  console.log(`${to}: site ${site.site_id}, ${(bytes / 1e6).toFixed(1)} MB, looked through and found whole`);
  return 0;
}
