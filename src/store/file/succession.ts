// The inheritance of a restored database from the one that it replaces: people, and the ids that chargers may still know.
import { DatabaseSync } from "node:sqlite";
import { fromBytes, toBytes } from "../kv/codec.ts";
import { FILE_SITE_KEY, type IdKind, type Site, siteKey } from "../site.ts";
import { siteIn } from "./database_file.ts";
import { decodeKey, deleteRowsBelow, lastKeyBelow, putRow, rowsBelow } from "./kv_rows.ts";

/** The database whose users and API tokens hold after a restore. */
export type PeopleOf = "now" | "backup";

const MAX_ID = 2_147_483_647; // OCPP's integers have 32 bits
/** More ids than a site gives out between a backup and its restore: the ids after the backup are in chargers only. */
const GAPS: Readonly<Record<IdKind, number>> = {
  transaction: 10_000_000,
  reservation: 100_000,
  job: 100_000,
  profile: 100_000,
};
const KINDS = Object.keys(GAPS) as IdKind[];
/** Tables whose records end with a restore: they may have ended since the backup. */
const ENDED = ["session", "file_token"] as const;
const PEOPLE = ["user", "token"] as const;
/** The number in a record that is an id of its kind, by table. */
const IDS: Readonly<
  Record<Exclude<IdKind, "transaction">, Readonly<Record<string, (record: never) => unknown>>>
> = {
  reservation: { reservation: ({ reservation_id }: { reservation_id: number }) => reservation_id },
  job: {
    job: ({ job_id }: { job_id: number }) => job_id,
    file_token: ({ job_id }: { job_id: number }) => job_id,
  },
  profile: {
    profile: ({ profile }: { profile: { chargingProfileId: number } }) => profile.chargingProfileId,
  },
};

/**
 * Prepares the restored database `path`, which no gateway has open: ends its login sessions and file tokens, raises its
 * id floors, and with `people: "now"` takes users, API tokens and revocations from `previous`. Returns the database whose
 * people hold: the backup's if the previous one has none or cannot be read. Throws Error.
 */
export function succeed(path: string, previous: string, people: PeopleOf): PeopleOf {
  const database = new DatabaseSync(path);
  try {
    database.exec("begin immediate");
    const site = siteIn(database)!;
    const before = contentOf(previous);
    const kept = people === "now" && before !== null && before.people.some(({ table }) => table === "user");
    for (const table of ENDED) deleteRowsBelow(database, [site.site_id, table]);
    if (kept) replacePeople(database, site, before);
    for (const { table, key, value } of before?.revocations ?? []) {
      putRow(database, [site.site_id, table, ...key], value);
    }
    const id_floors = floorsOf(highestIds(database, site), before?.ids ?? {});
    putSite(database, { ...site, id_floors });
    database.exec("commit");
    return kept ? "now" : "backup";
  } finally {
    database.close();
  }
}

/** Stores the site's record: where this program keeps it, and where a program before schema 4 does. */
function putSite(database: DatabaseSync, site: Site): void {
  putRow(database, FILE_SITE_KEY, toBytes(site));
  putRow(database, siteKey(site.site_id), toBytes(site));
}

/** Returns the id of the site of a database that is set up: it has users; null: it is not, or cannot be read. */
export function ownedSite(path: string): string | null {
  try {
    using database = new DatabaseSync(path, { readOnly: true });
    const site = siteIn(database);
    return site && takenFrom(database, site, "user").length > 0 ? site.site_id : null;
  } catch {
    return null;
  }
}

/** A record of the previous database; `key`: its key's parts after the table's name. */
interface Taken {
  table: string;
  key: (string | number)[];
  value: Uint8Array;
}

interface Previous {
  people: Taken[];
  revocations: Taken[];
  ids: Partial<Record<IdKind, number>>;
}

/** Reads the previous database; null if there is none, or it cannot be read. */
function contentOf(path: string): Previous | null {
  try {
    using database = new DatabaseSync(path, { readOnly: true });
    const site = siteIn(database);
    if (!site) return null;
    return {
      people: PEOPLE.flatMap((table) => takenFrom(database, site, table)),
      revocations: takenFrom(database, site, "revocation"),
      ids: highestIds(database, site),
    };
  } catch {
    return null;
  }
}

function takenFrom(database: DatabaseSync, { site_id }: Site, table: string): Taken[] {
  return rowsBelow(database, [site_id, table]).filter(({ value }) => recordIn(value) !== null)
    .map(({ key, value }) => ({ table, key: decodeKey(key).slice(2), value }));
}

function replacePeople(database: DatabaseSync, { site_id }: Site, { people }: Previous): void {
  for (const table of PEOPLE) deleteRowsBelow(database, [site_id, table]);
  for (const { table, key, value } of people) putRow(database, [site_id, table, ...key], value);
}

/** Returns the highest id of each kind that a database knows. */
function highestIds(database: DatabaseSync, site: Site): Record<IdKind, number> {
  const known = KINDS.map((kind) => {
    const stored = kind === "transaction" ? lastTransaction(database, site) : highestIn(database, site, kind);
    return [kind, Math.max(stored, site.id_floors?.[kind] ?? 0)];
  });
  return Object.fromEntries(known);
}

function lastTransaction(database: DatabaseSync, { site_id }: Site): number {
  const key = lastKeyBelow(database, [site_id, "transaction"]);
  return key ? Number(decodeKey(key).at(-1)) : 0;
}

function highestIn(database: DatabaseSync, { site_id }: Site, kind: keyof typeof IDS): number {
  const ids = Object.entries(IDS[kind]).flatMap(([table, idOf]) =>
    rowsBelow(database, [site_id, table]).map(({ value }) => {
      const record = recordIn(value);
      return record === null ? 0 : Number(idOf(record as never));
    })
  );
  return ids.reduce((highest, id) => Math.max(highest, id || 0), 0);
}

/** Returns the floors above all ids that either database knows. Where the ids are about to run out, there is no gap. */
function floorsOf(...known: Partial<Record<IdKind, number>>[]): Record<IdKind, number> {
  const floors = KINDS.map((kind) => {
    const highest = Math.max(...known.map((ids) => ids[kind] ?? 0));
    return [kind, highest + GAPS[kind] < MAX_ID ? highest + GAPS[kind] : highest];
  });
  return Object.fromEntries(floors);
}

function recordIn(value: Uint8Array): unknown {
  try {
    return fromBytes(value);
  } catch {
    return null; // a damaged record is left behind
  }
}
