// The data directory: created at the first start, and locked, since two gateways on one database would lose data.
import type { Config } from "../config.ts";

const LOCK_MS = 500;

/** Returns true for a database on a KV Connect server. */
export function isRemote(kv: string): boolean {
  return /^https?:/.test(kv);
}

/** Returns the database's file; null where the database is in memory or remote. */
export function databaseFileOf({ kv }: Pick<Config, "kv">): string | null {
  return kv === ":memory:" || isRemote(kv) ? null : kv;
}

/** Creates and locks the data directory; returns a function that unlocks it. Throws Error if another gateway holds the lock. */
export async function lockDataDir({ data_dir, kv }: Pick<Config, "data_dir" | "kv">): Promise<() => void> {
  if (kv === ":memory:") return () => {};
  await Deno.mkdir(data_dir, { recursive: true, mode: 0o700 });
  const unlock = await lock(`${data_dir}/lock`, `the data directory ${data_dir}`);
  if (kv.startsWith(data_dir) || isRemote(kv)) return unlock;
  try {
    const unlockFile = await lock(`${kv}.lock`, `the database ${kv}`);
    return () => (unlockFile(), unlock());
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Throws Error if the user who runs a command may not read the data directory, which belongs to the service. */
export async function requireAccess(data_dir: string, command: string): Promise<void> {
  const error = await Deno.stat(`${data_dir}/.`).then(() => null, (error) => error);
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    throw new Error(`Cannot ${command}: ${data_dir} cannot be read by this user; this needs root (sudo)`);
  }
}

/** Gives what root has written to the owner of the data directory, which is the service: files, and folders with all that is in them. */
export async function giveToOwner(data_dir: string, paths: readonly string[]): Promise<void> {
  const { uid, gid } = await Deno.stat(data_dir);
  if (Deno.uid() !== 0 || uid === null || gid === null) return;
  for (const path of paths) await give(path, { uid, gid });
}

/** Gives a file or a folder; links are left alone, and what does not exist. */
async function give(path: string, owner: { uid: number; gid: number }): Promise<void> {
  const stat = await Deno.lstat(path).catch(() => null);
  if (!stat || stat.isSymlink) return;
  await Deno.chown(path, owner.uid, owner.gid).catch(() => {});
  if (!stat.isDirectory) return;
  for await (const { name } of Deno.readDir(path)) await give(`${path}/${name}`, owner);
}

/** Locks a file; the lock ends with the process, however that ends. */
async function lock(path: string, what: string): Promise<() => void> {
  const file = await Deno.open(path, { write: true, create: true, mode: 0o600 });
  if (await tryLock(file)) return () => file.close();
  file.close();
  throw new Error(`Cannot start: another gateway uses ${what}`);
}

/** Tries to lock a file. Deno before 2.5 has no tryLock and can only wait for a lock, so a timer bounds the wait. */
async function tryLock(file: Deno.FsFile): Promise<boolean> {
  if (typeof file.tryLockSync === "function") return file.tryLockSync(true);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => timer = setTimeout(() => resolve(false), LOCK_MS));
  const locked = await Promise.race([file.lock(true).then(() => true, () => false), late]);
  clearTimeout(timer);
  return locked;
}
