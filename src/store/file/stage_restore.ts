// Checking a backup before it replaces anything: an archive, or a database alone.
import { workOnArchive } from "./archive/archive_work.ts";
import {
  ArchiveError,
  AUTHORITY,
  DATABASE,
  isSafe,
  KEYS,
  type KeysIn,
  type Manifest,
  type TlsMembers,
} from "./archive/manifest.ts";
import { needsKeys } from "./archive/members.ts";
import { readArchive } from "./archive/read_archive.ts";
import { MAX_KEYS } from "./archive/sealed_keys.ts";
import { workOnDatabase } from "./database_work.ts";
import { syncFile } from "./durable_file.ts";
import {
  clearStaging,
  commitStaging,
  type RestorePlace,
  type Staging,
  stagingOf,
} from "./pending_restore.ts";
import type { PeopleOf } from "./succession.ts";
import type { Site } from "../site.ts";

/** Options of a restore. */
export interface StageOptions extends RestorePlace {
  /** The users and API tokens that hold afterwards. */
  people: PeopleOf;
  /** Opens the private keys; null: not given. */
  passphrase: string | null;
  /** True: restore without the private keys of an archive. */
  without_keys: boolean;
  /** The only site that is restored; null: any. */
  only_site: string | null;
  /** Bytes that the backup may take on the disk; null: unknown. */
  room: number | null;
}

/** A backup that is restored at the next start. */
export interface Staged {
  site: Site;
  /** Private keys: restored, left out of the restore or of the archive, or there are none. */
  keys: "restored" | "left out" | "none";
  /** The files with which the TLS listener is to be configured, by their names in the data directory. */
  tls: TlsMembers;
  /** Names of files that the archive lacks, since there was no room. */
  left_out: string[];
}

/** An archive whose keys need a passphrase. */
export class PassphraseRequired extends ArchiveError {
  override readonly name = "PassphraseRequired";
}

/** A backup of another site than the one that is set up here. */
export class OtherSite extends ArchiveError {
  override readonly name = "OtherSite";
}

const NO_TLS: TlsMembers = { cert: null, key: null, client_ca: null };
const SQLITE = new TextEncoder().encode("SQLite format 3\0");

/**
 * Checks a backup whole, and makes it the one that `finishRestore` restores. Throws ArchiveError (PassphraseRequired,
 * WrongPassphrase, OtherSite), or Error; nothing is changed then.
 */
export async function stageRestore(
  stream: ReadableStream<Uint8Array>,
  options: StageOptions,
): Promise<Staged> {
  const staging = stagingOf(options);
  await clearStaging(options);
  try {
    const { first, whole } = await peek(stream);
    const is_database = SQLITE.every((byte, index) => byte === first[index]);
    const staged = is_database
      ? await stageDatabase(whole, staging, options)
      : await stageArchive(whole, staging, options);
    await commitStaging(options, options.people);
    return staged;
  } finally {
    await clearStaging(options);
  }
}

async function stageDatabase(
  stream: ReadableStream<Uint8Array>,
  { database }: Staging,
  { only_site }: StageOptions,
): Promise<Staged> {
  const file = await Deno.open(database, { write: true, create: true, truncate: true, mode: 0o600 });
  await stream.pipeTo(file.writable);
  await syncFile(database);
  const site = await verified(database, only_site);
  return { site, keys: "none", tls: NO_TLS, left_out: [] };
}

async function stageArchive(
  stream: ReadableStream<Uint8Array>,
  { database, folder }: Staging,
  options: StageOptions,
): Promise<Staged> {
  const pathOf = (name: string) => name === DATABASE ? database : `${folder}/${name}`;
  const manifest = await readArchive(stream, { pathOf, room: options.room ?? Infinity });
  checkSite(manifest.site_id, options.only_site);
  const site = await verified(database, options.only_site);
  if (site.site_id !== manifest.site_id) {
    throw new ArchiveError("is damaged: its database is of another site");
  }
  const keys = await placeKeys(folder, manifest, options);
  return { site, keys, tls: manifest.tls, left_out: manifest.left_out };
}

async function verified(path: string, only_site: string | null): Promise<Site> {
  const { site } = await workOnDatabase({ work: "verify", path }).catch((error) => {
    throw new ArchiveError(error instanceof Error ? error.message : String(error));
  });
  checkSite(site!.site_id, only_site);
  return site!;
}

function checkSite(site_id: string, only_site: string | null): void {
  if (only_site === null || site_id === only_site) return;
  throw new OtherSite(`is of site ${site_id}, and this gateway is site ${only_site}`);
}

/** Puts the private keys among the files; without them, also takes out the certificates, which are of no use alone. */
async function placeKeys(
  folder: string,
  { keys, members }: Manifest,
  { passphrase, without_keys }: StageOptions,
): Promise<Staged["keys"]> {
  const sealed = `${folder}/${KEYS}`;
  const open = keys === "encrypted" && !without_keys;
  if (open) {
    if (passphrase === null) throw new PassphraseRequired("has encrypted keys: its passphrase is needed");
    await writeKeys(folder, await openedKeys(sealed, passphrase));
    await Deno.remove(sealed);
    return "restored";
  }
  if (keys === "none") return "none";
  for (const { name } of members) {
    if (needsKeys(name)) await Deno.remove(`${folder}/${name}`).catch(() => {});
  }
  await Deno.remove(`${folder}/tls`, { recursive: true }).catch(() => {});
  return "left out" satisfies KeysIn;
}

async function openedKeys(path: string, passphrase: string) {
  const { size } = await Deno.stat(path).catch(() => ({ size: Infinity }));
  if (size > MAX_KEYS) throw new ArchiveError("is damaged: its keys are missing or too large");
  const { keys } = await workOnArchive({ work: "open", sealed: await Deno.readFile(path), passphrase });
  return keys!;
}

async function writeKeys(
  folder: string,
  keys: { name: string; data: Uint8Array<ArrayBuffer> }[],
): Promise<void> {
  for (const { name, data } of keys) {
    if (!isSafe(name) || !(name === AUTHORITY.key || name.startsWith("tls/"))) {
      throw new ArchiveError(`has a key with the bad name '${name}'`);
    }
    const path = `${folder}/${name}`;
    await Deno.mkdir(path.replace(/[^/]*$/, ""), { recursive: true, mode: 0o700 });
    await Deno.writeFile(path, data, { mode: 0o600 });
    await syncFile(path);
  }
}

/** Reads the first 16 bytes of a stream, and returns a stream of all. */
async function peek(stream: ReadableStream<Uint8Array>): Promise<{
  first: Uint8Array;
  whole: ReadableStream<Uint8Array>;
}> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < SQLITE.length) {
    const { value, done } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  reader.releaseLock();
  const whole = ReadableStream.from((async function* () {
    yield* chunks;
    yield* stream;
  })());
  return { first: new Uint8Array(chunks.flatMap((chunk) => [...chunk.subarray(0, SQLITE.length)])), whole };
}
