// The passphrase of the keys in archives: outside the database, so that no backup holds it.
import { finishFile, removeFile } from "../durable_file.ts";

/** Characters of the longest passphrase. */
export const MAX_PASSPHRASE = 200;

/** The origin of the passphrase: the process's configuration, the admin, or nowhere: keys are left out of archives. */
export type PassphraseFrom = "configuration" | "admin" | "none";

/** The places of the passphrase. */
export interface PassphrasePlace {
  data_dir: string;
  /** The one in the process's configuration, which comes first; null: none. */
  configured: string | null;
}

/** Returns the passphrase and its origin. Throws Error if its file cannot be read. */
export async function readPassphrase(
  { data_dir, configured }: PassphrasePlace,
): Promise<{ passphrase: string | null; from: PassphraseFrom }> {
  if (configured !== null) return { passphrase: configured, from: "configuration" };
  const text = await Deno.readTextFile(fileOf(data_dir)).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  return text === "" ? { passphrase: null, from: "none" } : { passphrase: text, from: "admin" };
}

/** Keeps a passphrase in a file that only the gateway may read; null deletes it. */
export async function keepPassphrase(data_dir: string, passphrase: string | null): Promise<void> {
  const path = fileOf(data_dir);
  if (passphrase === null) return await removeFile(path);
  await Deno.mkdir(data_dir, { recursive: true, mode: 0o700 });
  await removeFile(`${path}.new`);
  await Deno.writeTextFile(`${path}.new`, passphrase, { mode: 0o600 });
  await finishFile(`${path}.new`, path);
}

function fileOf(data_dir: string): string {
  return `${data_dir.replace(/\/+$/, "")}/backup_passphrase`;
}
