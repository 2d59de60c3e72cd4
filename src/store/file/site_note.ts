// The note in the data directory of a gateway whose database is on a server: its site, and its own id.
import { writePrivateFile } from "./durable_file.ts";

/** The site of a data directory. */
export interface SiteNote {
  site_id: string;
  /** This gateway's own id, by which the site's lease knows it. */
  instance: string;
  /** The epoch of its last start: a server that knows only an earlier one has lost what came after. */
  epoch: number;
}

/** Returns the path of the note. */
export function siteNotePath(data_dir: string): string {
  return `${data_dir.replace(/\/+$/, "")}/site.json`;
}

/** Reads the note; null: there is none. Throws Error for one that is damaged. */
export async function readSiteNote(data_dir: string): Promise<SiteNote | null> {
  const path = siteNotePath(data_dir);
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  });
  if (text === null) return null;
  const note = parsed(text);
  if (!note) {
    throw new Error(`Cannot start: ${path} is damaged; write the site's id with --site NAME, and remove it`);
  }
  return note;
}

/** Writes the note so that it survives a power cut. */
export async function writeSiteNote(data_dir: string, note: SiteNote): Promise<void> {
  await writePrivateFile(siteNotePath(data_dir), JSON.stringify(note) + "\n");
}

function parsed(text: string): SiteNote | null {
  try {
    const { site_id, instance, epoch } = JSON.parse(text) as SiteNote;
    const whole = typeof site_id === "string" && typeof instance === "string" && Number.isInteger(epoch);
    return whole ? { site_id, instance, epoch } : null;
  } catch {
    return null;
  }
}
