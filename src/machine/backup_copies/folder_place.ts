// Copies of backups in a mounted folder: a USB stick, or a share of the network.
import { node } from "../../node.ts";
import { STATIC } from "../../paths.ts";
import { freeBytes } from "../disk.ts";
import type { CopyPlace } from "./copy_place.ts";

/** Dependencies of the place. */
export interface FolderPlaceOptions {
  /** The mounted folder. */
  folder: string;
  /** Name of this site's folder in it. */
  site_id: string;
  /** The data directory, which must be on another file system. */
  data_dir: string;
}

/** Returns the place in a mounted folder. */
export function folderPlace({ folder, site_id, data_dir }: FolderPlaceOptions): CopyPlace {
  const own = `${folder.replace(/\/+$/, "")}/${site_id}`;
  const mounted = () => requireMount(folder, data_dir);
  return {
    kind: "folder",
    target: own,
    async list() {
      await mounted();
      return await namesIn(own);
    },
    async put(path, name, signal) {
      await mounted();
      await Deno.mkdir(own, { recursive: true, mode: 0o700 });
      await copy(path, `${own}/${name}`, signal);
    },
    async remove(name) {
      await mounted();
      await Deno.remove(`${own}/${name}`);
    },
  };
}

/** Throws Error if nothing is mounted at `folder`: it would be a folder of the card that the database is on. */
async function requireMount(folder: string, data_dir: string): Promise<void> {
  const stat = await Deno.stat(folder).catch((error) => {
    throw new Error(
      error instanceof Deno.errors.NotFound ? `there is no folder ${folder}` : `${folder} cannot be read`,
    );
  });
  if (!stat.isDirectory) throw new Error(`${folder} is not a folder`);
  for (const own of [data_dir, STATIC]) {
    const { dev } = await Deno.stat(own).catch(() => ({ dev: null }));
    if (dev !== null && dev === stat.dev) {
      throw new Error(`nothing is mounted at ${folder}: it is on the same disk as the gateway`);
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function copy(from: string, to: string, signal: AbortSignal): Promise<void> {
  const partial = `${to}.partial`;
  try {
    const { size } = await Deno.stat(from);
    const free = freeBytes(to.replace(/[^/]*$/, ""));
    if (free !== null && free < size) {
      throw new Error(`it needs ${megabytes(size)} MB, and ${megabytes(free)} MB are free`);
    }
    const written = await write(from, partial, signal);
    if (await hashOf(partial, signal) !== written) throw new Error("the copy is not what was written");
    await Deno.rename(partial, to);
    await sync(to.replace(/[^/]*$/, "")).catch(() => {}); // shares of the network cannot sync folders
  } finally {
    await Deno.remove(partial).catch(() => {});
  }
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

/** Writes a copy to the disk and returns the SHA-256 of what was read. */
async function write(from: string, to: string, signal: AbortSignal): Promise<string> {
  using file = await Deno.open(to, { write: true, create: true, truncate: true, mode: 0o600 });
  const hash = node("crypto").createHash("sha256");
  for await (const chunk of (await Deno.open(from)).readable) {
    signal.throwIfAborted();
    hash.update(chunk);
    for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
  }
  await file.sync();
  return hash.digest("hex");
}

async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = node("crypto").createHash("sha256");
  for await (const chunk of (await Deno.open(path)).readable) {
    signal.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest("hex");
}

async function sync(folder: string): Promise<void> {
  using file = await Deno.open(folder, { read: true });
  await file.sync();
}
