// Writing an archive: the database's copy and the other files as one tar file, manifest first.
import { createHash } from "node:crypto";
import { createTarPacker, type TarPackController } from "modern-tar";
import type { Site } from "../../site.ts";
import {
  createManifest,
  DATABASE,
  KEYS,
  type KeysIn,
  MANIFEST,
  type Manifest,
  type Member,
  SUMS,
  sumsOf,
} from "./manifest.ts";
import { findSources, fitting, type Sources, type TlsPaths } from "./members.ts";
import { readArchive } from "./read_archive.ts";
import { sealKeys } from "./sealed_keys.ts";

/** The content of an archive. */
export interface ArchiveOptions {
  /** Path of the database's verified copy. */
  database: string;
  site: Site;
  damage: string | null;
  /** Version of this program. */
  program: string;
  data_dir: string;
  tls: TlsPaths;
  /** Encrypts the private keys; null: they are left out. */
  passphrase: string | null;
  made_at: string;
  /** Bytes that the archive may take; large files are left out beyond; null: any. */
  room: number | null;
}

/** Part of an archive: a file, or bytes in memory. */
type Part = Member & ({ path: string } | { data: Uint8Array<ArrayBuffer> });

const TRIES = 3;

/** Writes an archive to the new file `to`, and reads it again to verify it. Throws Error; the file may remain then. */
export async function writeArchive(to: string, options: ArchiveOptions): Promise<Manifest> {
  for (let tries = 1;; tries++) {
    try {
      const { parts, manifest } = await plan(options);
      await pack(to, { parts, manifest, made_at: new Date(options.made_at) });
      return await readArchive((await Deno.open(to)).readable, { pathOf: () => null, room: Infinity });
    } catch (error) {
      if (!(error instanceof Changed) || tries === TRIES) throw error;
    }
  }
}

/** A file that was replaced or deleted while the archive was written. */
class Changed extends Error {}

async function plan(options: ArchiveOptions): Promise<{ parts: Part[]; manifest: Manifest }> {
  const { database, data_dir, tls, site, damage, program, made_at, room } = options;
  const sources = await findSources(data_dir, tls);
  const { size } = await Deno.stat(database);
  const { taken, left_out } = fitting(sources.files, room === null ? Infinity : room - size);
  const sealed = await sealedKeysOf(sources, options.passphrase);
  const parts: Part[] = [await partOf({ name: DATABASE, path: database })];
  if (sealed) parts.push({ name: KEYS, data: sealed, size: sealed.length, sha256: hashOf(sealed) });
  for (const file of taken) parts.push(await partOf(file));
  const members = parts.map(({ name, size, sha256 }) => ({ name, size, sha256 }));
  const keys: KeysIn = sealed ? "encrypted" : sources.keys.length > 0 ? "left out" : "none";
  return {
    parts,
    manifest: createManifest(site, { program, made_at, damage, keys, left_out, tls: sources.tls, members }),
  };
}

async function sealedKeysOf(
  { keys }: Sources,
  passphrase: string | null,
): Promise<Uint8Array<ArrayBuffer> | null> {
  return keys.length > 0 && passphrase !== null ? await sealKeys(keys, { passphrase }) : null;
}

async function partOf({ name, path }: { name: string; path: string }): Promise<Part> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of (await open(path)).readable) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { name, path, size, sha256: hash.digest("hex") };
}

async function open(path: string): Promise<Deno.FsFile> {
  return await Deno.open(path).catch((error) => {
    throw error instanceof Deno.errors.NotFound ? new Changed(`${path} was deleted meanwhile`) : error;
  });
}

async function pack(
  to: string,
  { parts, manifest, made_at }: { parts: Part[]; manifest: Manifest; made_at: Date },
): Promise<void> {
  const { readable, controller } = createTarPacker();
  const file = await Deno.open(to, { write: true, create: true, truncate: true, mode: 0o600 });
  const written = readable.pipeTo(file.writable);
  const packed = packAll(controller, { parts, manifest, made_at }).catch((error) => {
    controller.error(error);
    throw error;
  });
  const [failed] = (await Promise.allSettled([packed, written])).filter((result) =>
    result.status === "rejected"
  );
  if (failed) throw (failed as PromiseRejectedResult).reason;
}

async function packAll(
  controller: TarPackController,
  { parts, manifest, made_at }: { parts: Part[]; manifest: Manifest; made_at: Date },
): Promise<void> {
  const first = new TextEncoder().encode(JSON.stringify(manifest, null, 1) + "\n");
  const sums = sumsOf(manifest, hashOf(first));
  const heads = [[MANIFEST, first], [SUMS, sums]] as const;
  const all: Part[] = [
    ...heads.map(([name, data]) => ({ name, data, size: data.length, sha256: hashOf(data) })),
    ...parts,
  ];
  for (const part of all) await packPart(controller, part, made_at);
  controller.finalize();
}

/** Adds a part; a file that is not as it was hashed ends the archive. */
async function packPart(controller: TarPackController, part: Part, mtime: Date): Promise<void> {
  const { name, size, sha256 } = part;
  const source = "data" in part ? ReadableStream.from([part.data]) : (await open(part.path)).readable;
  const hash = createHash("sha256");
  const entry = controller.add({ name, size, type: "file", mode: 0o600, mtime }).getWriter();
  let left = size;
  for await (const chunk of source) {
    left -= chunk.length;
    if (left < 0) break;
    hash.update(chunk);
    await entry.write(chunk);
  }
  if (left !== 0 || hash.digest("hex") !== sha256) throw new Changed(`${name} was changed meanwhile`);
  await entry.close();
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
