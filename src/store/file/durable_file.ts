// Files that survive a power cut: written, synced, renamed, and their folder synced.

/** Writes a file's content from memory to the disk. */
export async function syncFile(path: string): Promise<void> {
  using file = await Deno.open(path, { read: true, write: true });
  await file.sync();
}

/** Makes the names in the folder of `path` durable. */
export async function syncFolder(path: string): Promise<void> {
  using folder = await Deno.open(path.replace(/[^/]*$/, "") || ".", { read: true });
  await folder.sync();
}

/** Gives a finished file its name, readable for its owner only. */
export async function finishFile(partial: string, path: string): Promise<void> {
  await syncFile(partial);
  await Deno.chmod(partial, 0o600);
  await Deno.rename(partial, path);
  await syncFolder(path);
}

/** Writes a small file that only its owner may read, in place of an older one; its folder is created where there is none. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  await Deno.mkdir(path.replace(/[^/]*$/, "") || ".", { recursive: true, mode: 0o700 });
  await removeFile(`${path}.new`);
  await Deno.writeTextFile(`${path}.new`, text, { mode: 0o600 });
  await finishFile(`${path}.new`, path);
}

/** Deletes a file, if there is one. */
export async function removeFile(path: string): Promise<void> {
  await Deno.remove(path).catch(() => {});
}

/** Deletes a database with the files that SQLite keeps beside it. */
export async function removeDatabase(path: string): Promise<void> {
  await Promise.all(DATABASE_SUFFIXES.map((suffix) => removeFile(path + suffix)));
}

/** Endings of the names of a database's files. */
export const DATABASE_SUFFIXES = ["", "-wal", "-shm"] as const;
