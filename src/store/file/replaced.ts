// Databases that restores have replaced: they stay beside the database until somebody deletes them.
import type { BackupFile } from "./backup.ts";
import { removeDatabase } from "./durable_file.ts";

const NAME = /\.before-gateway-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)\.db$/;

/** Returns the replaced databases beside the database `path`, newest first; `at` is the time of the restore. */
export async function listReplaced(path: string): Promise<BackupFile[]> {
  const { folder, base } = partsOf(path);
  const files: BackupFile[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    const at = name.startsWith(`${base}.before-`) ? NAME.exec(name) : null;
    if (!at) continue;
    const [, year, month, day, hour, minute, second] = at;
    const { size } = await Deno.stat(`${folder}/${name}`);
    files.push({ name, bytes: size, at: `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z` });
  }
  return files.sort((a, b) => b.name < a.name ? -1 : 1);
}

/**
 * Deletes a replaced database by its name, and the files of `data_dir` that were replaced with it. Returns false if there
 * is none of that name.
 */
export async function deleteReplaced(path: string, name: string, data_dir: string): Promise<boolean> {
  if (!(await listReplaced(path)).some((file) => file.name === name)) return false;
  await Deno.remove(replacedFiles(data_dir, name), { recursive: true }).catch(() => {});
  await removeDatabase(`${partsOf(path).folder}/${name}`);
  return true;
}

/** Returns the folder of the files that a restore has replaced together with the database of this name. */
export function replacedFiles(data_dir: string, name: string): string {
  return `${data_dir.replace(/\/+$/, "")}/${name}.files`;
}

function partsOf(path: string): { folder: string; base: string } {
  const cut = path.lastIndexOf("/");
  return { folder: path.slice(0, cut + 1) || ".", base: path.slice(cut + 1) };
}
