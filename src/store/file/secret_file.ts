// Secrets of backups, in files outside the database, so that no backup holds them: written, used, never shown.
import { removeFile, writePrivateFile } from "./durable_file.ts";

/** A secret: it encrypts the private keys in backups, or signs the requests to an S3 server. */
export type SecretName = "backup_passphrase" | "backup_s3_secret_key";

/** The origin of a secret: the process's configuration, the admin, or nowhere. */
export type SecretFrom = "configuration" | "admin" | "none";

/** The places of a secret. */
export interface SecretPlace {
  data_dir: string;
  /** The one in the process's configuration, which comes first; null: none. */
  configured: string | null;
}

/** Characters of the longest secret. */
export const MAX_SECRET = 200;

/** Returns a secret and its origin. Throws Error if its file cannot be read. */
export async function readSecret(
  name: SecretName,
  { data_dir, configured }: SecretPlace,
): Promise<{ secret: string | null; from: SecretFrom }> {
  if (configured !== null) return { secret: configured, from: "configuration" };
  const text = await Deno.readTextFile(fileOf(data_dir, name)).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  return text === "" ? { secret: null, from: "none" } : { secret: text, from: "admin" };
}

/** Keeps a secret in a file that only the gateway may read; null deletes it. */
export async function keepSecret(data_dir: string, name: SecretName, secret: string | null): Promise<void> {
  const path = fileOf(data_dir, name);
  if (secret === null) return await removeFile(path);
  await writePrivateFile(path, secret);
}

function fileOf(data_dir: string, name: SecretName): string {
  return `${data_dir.replace(/\/+$/, "")}/${name}`;
}
