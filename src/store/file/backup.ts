// Backups: made while the gateway runs, verified, listed and pruned.
import { workOnArchive } from "./archive/archive_work.ts";
import type { KeysIn } from "./archive/manifest.ts";
import type { TlsPaths } from "./archive/members.ts";
import { workOnDatabase } from "./database_work.ts";
import { finishFile, removeDatabase, removeFile } from "./durable_file.ts";
import type { Site } from "../site.ts";
import { VERSION } from "../../version.ts";

/** A finished backup. */
export interface Backup {
  path: string;
  bytes: number;
  site: Site;
  /** The number of damaged values in it and some of their names; null: there is none. */
  damage: string | null;
}

/** A finished archive. */
export interface Archive extends Backup {
  /** Private keys in it. */
  keys: KeysIn;
  /** Names of files for which there was no room. */
  left_out: string[];
}

/** The gateway of which an archive is made. */
export interface ArchiveSource {
  /** Path of the database. */
  path: string;
  data_dir: string;
  tls: TlsPaths;
  /** Encrypts the private keys; null: they are left out. */
  passphrase: string | null;
  /** ms since 1970. */
  now: number;
  /** Bytes that the archive may take; large files are left out beyond; null: any. */
  room: number | null;
}

/** A file in the folder of backups. */
export interface BackupFile {
  name: string;
  bytes: number;
  at: string;
  /** True: it holds damaged values. */
  damaged?: boolean;
}

const PARTIAL = ".partial";
const MINUTE = 60_000;
const DAMAGED_KEPT = 2;
const DAMAGED = "-damaged";
const NAME = /^gateway-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(?:-\w+){0,2}\.(?:db|tar)$/;

/**
 * Copies the database `from`, in use or not, to a new file and verifies it, each value too. `to` is the file's path, or
 * gives it to a copy with damaged values or without. Throws Error, leaving no file.
 */
export async function backUp(from: string, to: string | ((damaged: boolean) => string)): Promise<Backup> {
  const pathOf = typeof to === "string" ? () => to : to;
  const partial = `${pathOf(false)}${PARTIAL}`;
  await removeDatabase(partial);
  try {
    const { site, damage = null } = await workOnDatabase({ work: "backup", from, to: partial });
    const path = pathOf(damage !== null);
    await finishFile(partial, path);
    return { path, bytes: (await Deno.stat(path)).size, site: site!, damage };
  } finally {
    await removeDatabase(partial);
  }
}

/**
 * Writes all that a new machine needs to one new file: a copy of the database, as by `backUp`, certificates, encrypted
 * keys, map, plan, firmware and uploads. It is read again to verify it. `to` is as of `backUp`. Throws Error, leaving no
 * file.
 */
export async function writeBackup(
  { path: from, now, ...source }: ArchiveSource,
  to: string | ((damaged: boolean) => string),
): Promise<Archive> {
  const pathOf = typeof to === "string" ? () => to : to;
  const partial = `${pathOf(false)}${PARTIAL}`;
  const copy = `${partial}.db`;
  await Promise.all([removeFile(partial), removeDatabase(copy)]);
  try {
    const { site, damage = null } = await workOnDatabase({ work: "backup", from, to: copy });
    const made_at = new Date(now).toISOString();
    const options = { ...source, database: copy, site: site!, damage, program: VERSION, made_at };
    const { manifest } = await workOnArchive({ work: "write", to: partial, options });
    const path = pathOf(damage !== null);
    await finishFile(partial, path);
    const { keys, left_out } = manifest!;
    return { path, bytes: (await Deno.stat(path)).size, site: site!, damage, keys, left_out };
  } finally {
    await Promise.all([removeFile(partial), removeDatabase(copy)]);
  }
}

/**
 * Returns the name of a backup made at `now` (ms since 1970); `why` marks those that are not nightly, and `damaged`
 * those that are no replacement for a good one. `form`: an archive, or the database alone.
 */
export function backupName(
  now: number,
  why = "",
  { damaged = false, form = "tar" }: { damaged?: boolean; form?: "tar" | "db" } = {},
): string {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `gateway-${stamp}${why && `-${why}`}${damaged ? DAMAGED : ""}.${form}`;
}

/** Returns the backups in a folder, newest first. */
export async function listBackups(folder: string): Promise<BackupFile[]> {
  const files: BackupFile[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (!NAME.test(name)) continue;
      const at = name.replace(NAME, "$1-$2-$3T$4:$5:$6.000Z"); // the gateway's clock may differ from the file system's
      const { size: bytes } = await Deno.stat(`${folder}/${name}`);
      files.push({ name, bytes, at, damaged: isMarked(name) });
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return files.sort((a, b) => b.name < a.name ? -1 : 1);
}

/** Returns true for a nightly backup, damaged or not: its name has no reason. */
export function isNightly({ name }: BackupFile): boolean {
  return /^gateway-\d{8}-\d{6}(-damaged)?\.(db|tar)$/.test(name);
}

function isMarked(name: string): boolean {
  return name.replace(/\.\w+$/, "").endsWith(DAMAGED);
}

/**
 * Deletes all but the newest `keep` nightly backups of a folder, and all but the newest `keep` others. Those with damaged
 * values are apart, so that none takes the place of a good one. Backups dated after `now`, by a wrong clock, count as the
 * oldest.
 */
export async function pruneBackups(folder: string, keep: number, now: number): Promise<void> {
  const files = await listBackups(folder);
  const future = backupName(now + MINUTE);
  const ordered = [
    ...files.filter(({ name }) => name < future),
    ...files.filter(({ name }) => name >= future),
  ];
  const kinds = Map.groupBy(
    ordered,
    (file) => file.damaged ? "damaged" : isNightly(file) ? "nightly" : "other",
  );
  const surplus = [...kinds].flatMap(([kind, files]) =>
    files.slice(kind === "damaged" ? Math.min(keep, DAMAGED_KEPT) : keep)
  );
  for (const { name } of surplus) await removeFile(`${folder}/${name}`);
}
