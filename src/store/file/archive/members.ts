// The files of a data directory that belong to a backup.
import { AUTHORITY, FOLDERS, isSafe, KEYS, type TlsMembers } from "./manifest.ts";
import type { KeyFile } from "./sealed_keys.ts";

/** The configured paths of the TLS listener's files; null: none. */
export interface TlsPaths {
  cert: string | null;
  key: string | null;
  client_ca: string | null;
}

/** A file on the disk and its name in the archive. */
export interface SourceFile {
  name: string;
  path: string;
  size: number;
}

/** The files of a backup besides the database. */
export interface Sources {
  files: SourceFile[];
  keys: KeyFile[];
  tls: TlsMembers;
}

const UNFINISHED = /\.(part|partial|new)$/;
const MAX_PEM = 262_144;
/** Folders whose files can be had again: they are left out first where there is no room. */
const REPLACEABLE = /^(map|firmware|files)\//;

/** Lists the files, and reads the private keys into memory. Links are not followed, but the configured TLS files are. */
export async function findSources(data_dir: string, tls: TlsPaths): Promise<Sources> {
  const folder = data_dir.replace(/\/+$/, "");
  const files: SourceFile[] = [];
  for (const name of Object.values(AUTHORITY)) {
    const file = await fileAt(`${folder}/${name}`, name);
    if (file) files.push(file);
  }
  for (const name of FOLDERS) files.push(...await filesBelow(`${folder}/${name}`, name));
  const names = await addConfigured(files, tls);
  const secret = await Promise.all(files.map(isKey));
  const keys = await Promise.all(files.filter((_, index) => secret[index]).map(readKey));
  return { files: files.filter((_, index) => !secret[index]), keys, tls: names };
}

/** Returns the files that fit into `room` bytes, and the names of those left out, largest first. */
export function fitting(
  files: readonly SourceFile[],
  room: number,
): { taken: SourceFile[]; left_out: string[] } {
  let total = files.reduce((sum, { size }) => sum + size, 0);
  const left_out = new Set<string>();
  const candidates = files.filter(({ name }) => REPLACEABLE.test(name)).sort((a, b) => b.size - a.size);
  for (const { name, size } of candidates) {
    if (total <= room) break;
    left_out.add(name);
    total -= size;
  }
  return { taken: files.filter(({ name }) => !left_out.has(name)), left_out: [...left_out] };
}

async function filesBelow(path: string, name: string): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (const entry of await entriesOf(path)) {
    const below = { path: `${path}/${entry.name}`, name: `${name}/${entry.name}` };
    if (entry.isDirectory) files.push(...await filesBelow(below.path, below.name));
    else if (entry.isFile && !UNFINISHED.test(entry.name) && isSafe(below.name)) {
      const file = await fileAt(below.path, below.name);
      if (file) files.push(file);
    }
  }
  return files;
}

async function entriesOf(path: string): Promise<Deno.DirEntry[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(path))).sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function fileAt(path: string, name: string): Promise<SourceFile | null> {
  const stat = await Deno.stat(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  });
  return stat?.isFile ? { name, path, size: stat.size } : null;
}

/** Adds the configured TLS files that are elsewhere as files in `tls/`. Returns the names of the configured ones. */
async function addConfigured(files: SourceFile[], tls: TlsPaths): Promise<TlsMembers> {
  const nameOf = async (path: string | null): Promise<string | null> => {
    if (path === null) return null;
    const real = await Deno.realPath(path).catch(() => path);
    const known = await Promise.all(
      files.map(async (file) => await Deno.realPath(file.path).catch(() => file.path) === real),
    );
    const at = known.indexOf(true);
    if (at >= 0) return files[at]!.name;
    const base = path.split("/").at(-1)!;
    const taken = files.some(({ name }) => name === `tls/${base}`);
    const file = await fileAt(path, `tls/${taken ? `configured-${base}` : base}`);
    if (!file || !isSafe(file.name)) return null;
    files.push(file);
    return file.name;
  };
  const cert = await nameOf(tls.cert);
  const key = await nameOf(tls.key);
  return { cert, key, client_ca: await nameOf(tls.client_ca) };
}

async function isKey({ name, path, size }: SourceFile): Promise<boolean> {
  if (name === AUTHORITY.key) return true;
  if (!name.startsWith("tls/") || size > MAX_PEM) return false;
  return (await Deno.readTextFile(path)).includes("PRIVATE KEY");
}

async function readKey({ name, path }: SourceFile): Promise<KeyFile> {
  return { name, data: await Deno.readFile(path) };
}

/** Returns true for a member that only goes with private keys: a certificate is of no use without its key. */
export function needsKeys(name: string): boolean {
  return name === AUTHORITY.certificate || name === KEYS || name.startsWith("tls/");
}
