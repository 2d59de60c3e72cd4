// The site's key at its fleet, in a file outside the database: no backup holds it, so that a restored one is no second site.
import { writePrivateFile } from "../../store/file/durable_file.ts";

/** The enrolment of a site. */
export interface Enrolment {
  url: string;
  key: string;
  /** SHA-256 of the one-time code that it was made with. */
  code_hash: string;
}

/** Reads the enrolment; null: there is none. */
export async function readEnrolment(data_dir: string): Promise<Enrolment | null> {
  try {
    const { url, key, code_hash } = JSON.parse(await Deno.readTextFile(pathIn(data_dir))) as Enrolment;
    return [url, key, code_hash].every((one) => typeof one === "string") ? { url, key, code_hash } : null;
  } catch {
    return null;
  }
}

/** Writes the enrolment so that it survives a power cut. */
export async function writeEnrolment(data_dir: string, enrolment: Enrolment): Promise<void> {
  await writePrivateFile(pathIn(data_dir), JSON.stringify(enrolment) + "\n");
}

/** Returns the folder of an enrolment whose end is unknown. */
export function pendingFolder(data_dir: string): string {
  return `${data_dir}/fleet-new`;
}

function pathIn(data_dir: string): string {
  return `${data_dir.replace(/\/+$/, "")}/fleet.json`;
}
