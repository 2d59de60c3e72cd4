// Restoring: a backup takes the place of the database, whose files stay beside it.
import type { Site } from "../site.ts";
import { backupName } from "./backup.ts";
import { settleDatabase, verifyDatabase } from "./database_file.ts";
import { DATABASE_SUFFIXES, finishFile, removeDatabase } from "./durable_file.ts";
import { type PeopleOf, succeed } from "./succession.ts";

/** Options of a restore. */
export interface RestoreOptions {
  /** ms since 1970; part of the name that the previous database gets. */
  now: number;
  /** The users and API tokens that hold afterwards; those of now by default. */
  people?: PeopleOf;
}

/** A finished restore. */
export interface Restored {
  site: Site;
  /** Path of the previous database; null: there was none. */
  kept: string | null;
  /** The users and API tokens that hold: the backup's where there are none of now. */
  people: PeopleOf;
}

/**
 * Replaces the database at `path` by the backup `from`. No gateway may be running. Throws Error, changing nothing.
 */
export async function restore(
  from: string,
  path: string,
  { now, people = "now" }: RestoreOptions,
): Promise<Restored> {
  const partial = `${path}.partial`;
  await removeDatabase(partial);
  await Deno.copyFile(from, partial);
  try {
    await Deno.chmod(partial, 0o600);
    const site = verifyDatabase(partial);
    const holding = succeed(partial, path, people);
    settleDatabase(partial);
    const kept = await keep(path, now);
    await finishFile(partial, path);
    return { site, kept, people: holding };
  } finally {
    await removeDatabase(partial);
  }
}

/** Returns the path that a database gets which is replaced at `now` (ms since 1970). */
export function replacedPath(path: string, now: number): string {
  return `${path}.before-${backupName(now, "", { form: "db" })}`;
}

/**
 * Gives the files of a database a second name, and takes its log away, which SQLite would take for the next one's. The
 * database itself stays until another takes its place: a restore that a power cut has interrupted begins again. Returns
 * the second name; null: there is no database.
 */
async function keep(path: string, now: number): Promise<string | null> {
  if (!await Deno.stat(path).catch(() => null)) return null;
  const kept = replacedPath(path, now);
  try {
    settleDatabase(path);
  } catch { /* a damaged database keeps its log */ }
  for (const suffix of DATABASE_SUFFIXES.slice(1)) {
    await Deno.rename(path + suffix, kept + suffix).catch(() => {});
  }
  await Deno.link(path, kept).catch(() => Deno.copyFile(path, kept)); // FAT and network folders know no links
  return kept;
}
