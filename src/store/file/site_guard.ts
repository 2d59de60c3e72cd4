// Checks before the database is opened: it exists, is readable and is this site's. A lost database must not become a
// new site.
import { createDatabase, DatabaseFileError, readSite } from "./database_file.ts";
import { finishRestore, pendingRestore } from "./pending_restore.ts";
import { SCHEMA, type Site } from "../site.ts";

/** Returns the path of the file beside the database that keeps the site's id. */
function idFile(path: string): string {
  return `${path}.site`;
}

/**
 * Creates the database at the first start, else checks it; restores a pending backup before that. Throws Error with the
 * fault and its remedy, changing nothing.
 */
export async function guardDatabase(path: string, now: number, data_dir = folderOf(path)): Promise<void> {
  await applyPendingRestore({ path, data_dir }, now);
  if (await isNew(path)) await create(path);
  else await examineDatabase(path);
}

/** Returns true if there never was a database at `path`. */
export async function isNew(path: string): Promise<boolean> {
  return await notedSite(path) === "" && await sizeOf(path) === null;
}

/** Returns the site of the database; null: nothing was written yet. Throws Error with the fault and its remedy. */
export async function examineDatabase(path: string): Promise<Site | null> {
  const size = await sizeOf(path);
  if (size === null) throw refusal(path, "is gone");
  if (size === 0) throw refusal(path, "is empty");
  const site = readSiteOf(path);
  checkSite(path, site, await notedSite(path));
  return site;
}

/** Writes the site's id beside the database. */
export async function noteSite(path: string, site_id: string): Promise<void> {
  if (await notedSite(path) === site_id) return;
  using file = await Deno.open(idFile(path), { write: true, create: true, truncate: true, mode: 0o600 });
  await file.write(new TextEncoder().encode(site_id + "\n"));
  await file.sync();
}

/** Deletes the site's id beside the database: the next start accepts any site. */
export async function forgetSite(path: string): Promise<void> {
  await Deno.remove(idFile(path)).catch(() => {});
}

async function notedSite(path: string): Promise<string> {
  return (await Deno.readTextFile(idFile(path)).catch(() => "")).trim();
}

async function sizeOf(path: string): Promise<number | null> {
  return (await Deno.stat(path).catch(() => null))?.size ?? null;
}

async function create(path: string): Promise<void> {
  createDatabase(path);
  await Deno.chmod(path, 0o600);
}

function readSiteOf(path: string): Site | null {
  try {
    return readSite(path);
  } catch (error) {
    throw error instanceof DatabaseFileError ? refusal(path, error.message) : error;
  }
}

function checkSite(path: string, site: Site | null, expected: string): void {
  if (!site && expected !== "") throw refusal(path, "is empty");
  if (site && expected !== "" && site.site_id !== expected) {
    throw refusal(path, `belongs to site ${site.site_id}, not to ${expected}`);
  }
  if (site && site.schema > SCHEMA) {
    throw new Error(
      `Cannot start: the database ${path} was written by a newer program (schema ${site.schema}, this one knows ${SCHEMA}); ` +
        "update the program, or restore an older backup",
    );
  }
}

async function applyPendingRestore(place: { path: string; data_dir: string }, now: number): Promise<void> {
  const done = await finishRestore(place, now).catch((error) => {
    throw new Error(
      `Cannot start: the backup ${pendingRestore(place.path)} ${
        error instanceof Error ? error.message : error
      }; remove it`,
    );
  });
  if (done) await forgetSite(place.path);
}

function folderOf(path: string): string {
  return path.replace(/[^/]*$/, "") || ".";
}

function refusal(path: string, what: string): Error {
  return new Error(
    `Cannot start: the database ${path} ${what}; restore a backup with 'ocpp-gateway restore FILE', ` +
      `or move ${path}* away to start with an empty database`,
  );
}
