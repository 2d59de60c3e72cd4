// The manifest of an archive: its first member, which lists all others.
import { SCHEMA, type Site } from "../../site.ts";

/** A file in an archive. */
export interface Member {
  /** Path in the data directory. */
  name: string;
  /** Bytes. */
  size: number;
  /** SHA-256 in hexadecimal digits. */
  sha256: string;
}

/** Private keys in an archive: encrypted, left out since there was no passphrase, or there were none. */
export type KeysIn = "encrypted" | "left out" | "none";

/** The content of `manifest.json`. */
export interface Manifest {
  format: typeof FORMAT;
  version: number;
  /** Version of the program that made it. */
  program: string;
  schema: number;
  site_id: string;
  site_created_at: string;
  made_at: string;
  /** The number of damaged values in the database and some of their names; null: there is none. */
  damage: string | null;
  keys: KeysIn;
  /** Names of files for which there was no room. */
  left_out: string[];
  /** The members that the TLS listener was configured with. */
  tls: TlsMembers;
  members: Member[];
}

/** Names of the members of the TLS listener's files; null: not configured. */
export interface TlsMembers {
  cert: string | null;
  key: string | null;
  client_ca: string | null;
}

/** An archive that cannot be used. The message follows its name: "is cut off". */
export class ArchiveError extends Error {
  override readonly name: string = "ArchiveError";
}

/** Name of the manifest's member. */
export const MANIFEST = "manifest.json";
/** Name of the member with the checksums of all others, which follows the manifest: `sha256sum --check` reads it. */
export const SUMS = "SHA256SUMS";
/** Name of the database's member. */
export const DATABASE = "gateway.db";
/** Name of the member with the private keys, a tar file encrypted by age. */
export const KEYS = "keys.tar.age";
/** Folders of the data directory that belong to a backup. */
export const FOLDERS = ["tls", "plan", "map", "firmware", "files"] as const;
/** Files of the site's certificate authority. */
export const AUTHORITY = { certificate: "site_ca.pem", key: "site_ca_key.pem" } as const;
/** Bytes of the longest manifest. */
export const MAX_MANIFEST = 33_554_432;

const FORMAT = "ocpp-gateway-backup";
const ARCHIVE_VERSION = 1;
const MAX_DEPTH = 5;
const MAX_SEGMENT = 255;

/** Returns the manifest of an archive of `site` with these members. */
export function createManifest(
  site: Site,
  parts: Pick<Manifest, "program" | "made_at" | "damage" | "keys" | "left_out" | "tls" | "members">,
): Manifest {
  return {
    format: FORMAT,
    version: ARCHIVE_VERSION,
    schema: site.schema,
    site_id: site.site_id,
    site_created_at: site.created_at,
    ...parts,
  };
}

/** Returns the bytes of `SHA256SUMS`, which cover the manifest, too. */
export function sumsOf({ members }: Manifest, manifest_sha256: string): Uint8Array<ArrayBuffer> {
  const lines = [{ name: MANIFEST, sha256: manifest_sha256 }, ...members].map(({ name, sha256 }) =>
    `${sha256}  ${name}\n`
  );
  return new TextEncoder().encode(lines.join(""));
}

/** Parses and checks a manifest. Throws ArchiveError. */
export function parseManifest(bytes: Uint8Array): Manifest {
  const manifest = parse(bytes);
  if (manifest?.format !== FORMAT || !isWhole(manifest)) {
    throw new ArchiveError("is no backup of a gateway: its manifest is not understood");
  }
  if (manifest.version > ARCHIVE_VERSION || manifest.schema > SCHEMA) {
    throw new ArchiveError(
      `was written by a newer program (${manifest.program}, schema ${manifest.schema}; this one knows ${SCHEMA}); update the program`,
    );
  }
  const names = new Set<string>();
  for (const { name } of manifest.members) {
    if (!isSafe(name) || names.has(name)) throw new ArchiveError(`has a member with the bad name '${name}'`);
    names.add(name);
  }
  if (!names.has(DATABASE)) throw new ArchiveError("holds no database");
  return manifest;
}

/** Returns true for the name of a file that a backup may hold: the database, the authority's, or one in a folder of its. */
export function isSafe(name: string): boolean {
  if ([DATABASE, KEYS, ...Object.values(AUTHORITY) as string[]].includes(name)) return true;
  const [folder, ...rest] = name.split("/");
  const known = (FOLDERS as readonly string[]).includes(folder!);
  return known && rest.length > 0 && rest.length <= MAX_DEPTH && rest.every(isSegment);
}

function isSegment(text: string): boolean {
  return text !== "" && text !== "." && text !== ".." && text.length <= MAX_SEGMENT &&
    !/[\p{Cc}\\]/u.test(text);
}

function parse(bytes: Uint8Array): Partial<Manifest> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" ? value as Partial<Manifest> | null : null;
  } catch {
    return null;
  }
}

function isWhole(manifest: Partial<Manifest>): manifest is Manifest {
  const { version, schema, site_id, site_created_at, keys, tls, members, left_out } = manifest;
  return Number.isSafeInteger(version) && Number.isSafeInteger(schema) && typeof site_id === "string" &&
    typeof site_created_at === "string" && ["encrypted", "left out", "none"].includes(keys!) &&
    typeof tls === "object" && tls !== null && Array.isArray(left_out) && Array.isArray(members) &&
    members.every(isMember);
}

function isMember(member: unknown): boolean {
  if (typeof member !== "object" || member === null) return false;
  const { name, size, sha256 } = member as Partial<Member>;
  return typeof name === "string" && Number.isSafeInteger(size) && size! >= 0 && typeof sha256 === "string" &&
    /^[0-9a-f]{64}$/.test(sha256);
}
