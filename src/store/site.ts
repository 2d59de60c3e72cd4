// The site's own record: it names the store, and the schema of the records in it.
import { fromBytes, toBytes } from "./kv/codec.ts";

/** Kinds of ids that chargers keep; none may be given out twice. */
export type IdKind = "transaction" | "reservation" | "job" | "profile";

/** The record that identifies a store. */
export interface Site {
  site_id: string;
  /** The schema version of the records. */
  schema: number;
  created_at: string;
  /** New ids are higher than these. A restore sets them: ids given out after the backup are known to chargers only. */
  id_floors?: Partial<Record<IdKind, number>>;
}

/** The schema version of the records written by this program. A store with a newer one is refused. */
export const SCHEMA = 3;

/** The key of the site's record. */
export const SITE_KEY = ["site"];

/** Returns the store's site, created at `now` (ms since 1970) in an empty store. Throws Error for a newer schema. */
export async function openSite(kv: Deno.Kv, now: number): Promise<Site> {
  const entry = await kv.get<Uint8Array>(SITE_KEY);
  if (!entry.value) {
    const site = { site_id: randomId(), schema: SCHEMA, created_at: new Date(now).toISOString() };
    await kv.set(SITE_KEY, toBytes(site));
    return site;
  }
  const site = fromBytes<Site>(entry.value);
  if (site.schema > SCHEMA) {
    throw new Error(
      `Cannot open the store: its schema ${site.schema} is newer than this program's ${SCHEMA}`,
    );
  }
  return site;
}

function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
