// A restore in two steps: a checked backup waits beside the database, and takes its place before the database is opened. An
// interruption at any moment leaves the old state, or a restore that the next start finishes.
import { removeDatabase, removeFile, syncFolder } from "./durable_file.ts";
import { replacedFiles } from "./replaced.ts";
import { replacedPath, restore, type Restored } from "./restore.ts";
import type { PeopleOf } from "./succession.ts";

/** The database's path, and the folder of the other files. */
export interface RestorePlace {
  path: string;
  data_dir: string;
}

/** The paths of a backup that is being checked. */
export interface Staging {
  /** The new file for the database. */
  database: string;
  /** The new folder for the other files. */
  folder: string;
}

/** Returns the path of a database to be restored at the next start. */
export function pendingRestore(path: string): string {
  return `${path}.restore`;
}

/** Returns the paths for a backup that is not checked yet. */
export function stagingOf({ path, data_dir }: RestorePlace): Staging {
  return { database: `${pendingRestore(path)}.partial`, folder: `${pendingFiles(data_dir)}.partial` };
}

/** Deletes what an upload has left. */
export async function clearStaging(place: RestorePlace): Promise<void> {
  const { database, folder } = stagingOf(place);
  await Promise.all([removeDatabase(database), removeFolder(folder)]);
}

/** Makes the checked backup the one to be restored at the next start, with these people. */
export async function commitStaging(place: RestorePlace, people: PeopleOf): Promise<void> {
  const { path, data_dir } = place;
  const { database, folder } = stagingOf(place);
  await cancelRestore(place);
  await Deno.writeTextFile(choiceFile(path), people, { mode: 0o600 });
  if (await exists(folder)) await Deno.rename(folder, pendingFiles(data_dir));
  await Deno.rename(database, pendingRestore(path));
  await syncFolder(path);
}

/** Deletes a backup that waits to be restored. */
export async function cancelRestore({ path, data_dir }: RestorePlace): Promise<void> {
  await removeFile(pendingRestore(path));
  await removeFile(choiceFile(path));
  await removeFolder(pendingFiles(data_dir));
}

/**
 * Puts a waiting backup in the place of the database and of the files that it holds; the previous ones are kept. No
 * gateway may be running. Returns null if none waits. Throws Error; the database is as before then.
 */
export async function finishRestore(place: RestorePlace, now: number): Promise<Restored | null> {
  const { path, data_dir } = place;
  if (!await exists(pendingRestore(path))) {
    await removeFolder(pendingFiles(data_dir));
    return null;
  }
  const restored = await restore(pendingRestore(path), path, { now, people: await chosenPeople(path) });
  await replaceFiles(place, now);
  await cancelRestore(place);
  return restored;
}

/** Moves each waiting file or folder to its place, and what was there to the folder of the replaced ones. */
async function replaceFiles({ path, data_dir }: RestorePlace, now: number): Promise<void> {
  const from = pendingFiles(data_dir);
  if (!await exists(from)) return;
  const kept = replacedFiles(data_dir, replacedPath(path, now).split("/").at(-1)!);
  const names = (await Array.fromAsync(Deno.readDir(from))).map(({ name }) => name).sort();
  for (const name of names) {
    const to = `${trimmed(data_dir)}/${name}`;
    if (await exists(to)) {
      await Deno.mkdir(kept, { recursive: true, mode: 0o700 });
      await Deno.rename(to, `${kept}/${name}`);
    }
    await Deno.rename(`${from}/${name}`, to);
  }
  await syncFolder(`${trimmed(data_dir)}/`);
}

function pendingFiles(data_dir: string): string {
  return `${trimmed(data_dir)}/restore`;
}

function choiceFile(path: string): string {
  return `${pendingRestore(path)}.people`;
}

async function chosenPeople(path: string): Promise<PeopleOf> {
  const text = await Deno.readTextFile(choiceFile(path)).catch(() => "");
  return text === "backup" ? "backup" : "now";
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function removeFolder(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch(() => {});
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, "");
}
