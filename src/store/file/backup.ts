// Backups of the database: made while the gateway runs, verified, listed and pruned.
import { workOnDatabase } from "./database_work.ts";
import { finishFile, removeDatabase, removeFile } from "./durable_file.ts";
import type { Site } from "../site.ts";

/** A finished backup. */
export interface Backup {
  path: string;
  bytes: number;
  site: Site;
}

/** A file in the folder of backups. */
export interface BackupFile {
  name: string;
  bytes: number;
  at: string;
}

const PARTIAL = ".partial";
const MINUTE = 60_000;
const NAME = /^gateway-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(-\w+)?\.db$/;

/** Copies the database `from`, in use or not, to the new file `to` and verifies it. Throws Error, leaving no file. */
export async function backUp(from: string, to: string): Promise<Backup> {
  const partial = `${to}${PARTIAL}`;
  await removeDatabase(partial);
  try {
    const { site } = await workOnDatabase({ work: "backup", from, to: partial });
    await finishFile(partial, to);
    return { path: to, bytes: (await Deno.stat(to)).size, site: site! };
  } finally {
    await removeDatabase(partial);
  }
}

/** Returns the name of a backup made at `now` (ms since 1970); `why` marks those that are not nightly. */
export function backupName(now: number, why = ""): string {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `gateway-${stamp}${why && `-${why}`}.db`;
}

/** Returns the backups in a folder, newest first. */
export async function listBackups(folder: string): Promise<BackupFile[]> {
  const files: BackupFile[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (!NAME.test(name)) continue;
      const at = name.replace(NAME, "$1-$2-$3T$4:$5:$6.000Z"); // the gateway's clock may differ from the file system's
      files.push({ name, bytes: (await Deno.stat(`${folder}/${name}`)).size, at });
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return files.sort((a, b) => b.name < a.name ? -1 : 1);
}

/** Returns true for a nightly backup: its name has no reason. */
export function isNightly({ name }: BackupFile): boolean {
  return /^gateway-\d{8}-\d{6}\.db$/.test(name);
}

/**
 * Deletes all but the newest `keep` nightly backups of a folder, and all but the newest `keep` others. Backups dated
 * after `now`, by a wrong clock, count as the oldest.
 */
export async function pruneBackups(folder: string, keep: number, now: number): Promise<void> {
  const files = await listBackups(folder);
  const future = backupName(now + MINUTE);
  const ordered = [
    ...files.filter(({ name }) => name < future),
    ...files.filter(({ name }) => name >= future),
  ];
  const surplus = [ordered.filter(isNightly), ordered.filter((file) => !isNightly(file))];
  for (const { name } of surplus.flatMap((kind) => kind.slice(keep))) await removeFile(`${folder}/${name}`);
}
