// The site's own record: it names the site, and the schema of the records below its id.
import { fromBytes } from "./kv/codec.ts";
import { deleteMutation, type Mutation, putMutation } from "./kv/mutation.ts";

/** Kinds of ids that chargers keep; none may be given out twice. */
export type IdKind = "transaction" | "reservation" | "job" | "profile";

/** The record that identifies a site. */
export interface Site {
  site_id: string;
  /** The schema version of the records. */
  schema: number;
  created_at: string;
  /** New ids are higher than these. A restore sets them: ids given out after the backup are known to chargers only. */
  id_floors?: Partial<Record<IdKind, number>>;
}

/** The choice of the site in a database. */
export interface SiteChoice {
  /** ms since 1970; the creation time of a new site. */
  now: number;
  /** The site's id; left out: the one in the database, else a new one. */
  site_id?: string | undefined;
  /** True: the database is a server, which may hold other sites too. */
  shared?: boolean;
  /** False: the site must be in the database. */
  create?: boolean;
}

/** An opened site. */
export interface OpenedSite {
  site: Site;
  /** Returns the mutations that store the site's record. */
  mutationsOf(site: Site): Mutation[];
}

/** The schema version of the records written by this program. A store with a newer one is refused. */
export const SCHEMA = 4;

/**
 * The key by which a file names its site: a copy of the site's record, which older programs read as well. Before schema
 * 4 it was the record, in servers too.
 */
export const FILE_SITE_KEY = ["site"];

/** The id of a server's first site that has no other name. */
export const DEFAULT_SITE = "main";

/** A site that is not in the database, or not to be taken from another gateway; the message completes a sentence. */
export class SiteError extends Error {
  override readonly name = "SiteError";
}

/** Returns the key of a site's record. */
export function siteKey(site_id: string): [string, string] {
  return [site_id, "site"];
}

/**
 * Returns the site of a database, created where it may be. Throws Error for a newer schema, SiteError if the site is
 * another than the one asked for.
 */
export async function openSite(kv: Deno.Kv, choice: SiteChoice): Promise<OpenedSite> {
  const named = await read(kv, FILE_SITE_KEY);
  const opened = choice.shared ? await siteOfServer(kv, named, choice) : await siteOfFile(kv, named, choice);
  if (opened.site.schema > SCHEMA) {
    throw new Error(
      `Cannot open the store: its schema ${opened.site.schema} is newer than this program's ${SCHEMA}`,
    );
  }
  return opened;
}

/** Returns the record that holds of a file's two. They are written together: where they differ, `named` is of another program. */
export function recordOf(named: Site, own: Site | null): Site {
  return own?.schema === named.schema ? own : named;
}

async function siteOfFile(kv: Deno.Kv, named: Site | null, choice: SiteChoice): Promise<OpenedSite> {
  const mutationsOf = (site: Site) => [
    putMutation(siteKey(site.site_id), site),
    putMutation(FILE_SITE_KEY, site),
  ];
  if (!named) return await create(kv, choice.site_id ?? randomId(), { choice, mutationsOf });
  if (choice.site_id !== undefined && named.site_id !== choice.site_id) {
    throw new SiteError(`belongs to site ${named.site_id}, not to ${choice.site_id}`);
  }
  return { site: recordOf(named, await read(kv, siteKey(named.site_id))), mutationsOf };
}

async function siteOfServer(kv: Deno.Kv, named: Site | null, choice: SiteChoice): Promise<OpenedSite> {
  const { site_id = named?.site_id ?? DEFAULT_SITE } = choice;
  const own = await read(kv, siteKey(site_id));
  const mutationsOf = (site: Site) => [putMutation(siteKey(site.site_id), site)];
  if (own && choice.site_id === undefined) {
    throw new SiteError(
      `holds the site ${site_id} of another gateway; --site NAME names this one, or takes it over`,
    );
  }
  if (own) return { site: own, mutationsOf };
  if (named?.site_id === site_id) return { site: named, mutationsOf: (site) => moved(mutationsOf(site)) };
  if (choice.create === false) {
    throw new SiteError(`does not hold site ${site_id}: it was emptied, or is another server`);
  }
  return await create(kv, site_id, { choice, mutationsOf });
}

/** Returns the mutations that store the record of a site of an older program below its id. */
function moved(mutations: Mutation[]): Mutation[] {
  return [...mutations, deleteMutation(FILE_SITE_KEY)];
}

async function create(
  kv: Deno.Kv,
  site_id: string,
  { choice, mutationsOf }: { choice: SiteChoice; mutationsOf: OpenedSite["mutationsOf"] },
): Promise<OpenedSite> {
  const site = { site_id, schema: SCHEMA, created_at: new Date(choice.now).toISOString() };
  const atomic = kv.atomic();
  if (choice.shared) atomic.check({ key: siteKey(site_id), versionstamp: null }); // in a file, a read before the write may end as "locked"
  for (const { key, value } of mutationsOf(site)) atomic.set(key, value);
  const { ok } = await atomic.commit();
  if (!ok) throw new SiteError(`got a site ${site_id} of another gateway at the same moment`);
  return { site, mutationsOf };
}

async function read(kv: Deno.Kv, key: Deno.KvKey): Promise<Site | null> {
  const { value } = await kv.get<Uint8Array>(key);
  return value && fromBytes<Site>(value);
}

function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
