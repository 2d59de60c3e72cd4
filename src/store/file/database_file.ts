// A KV file looked at from outside: through SQLite only, since reading the bytes of an open file would drop its locks.
import { DatabaseSync } from "node:sqlite";
import { fromBytes } from "../kv/codec.ts";
import { SCHEMA, type Site } from "../site.ts";

/** A file that is no database of the gateway's; the message says what it is in place of that. */
export class NotOurs extends Error {
  override readonly name = "NotOurs";
}

const SITE_KEY_HEX = "027369746500"; // Deno KV's encoding of ["site"]
const BUSY_MS = 5_000;

/** Which site a database belongs to; null: a KV file that nothing has been written to. Throws NotOurs. */
export function readSite(path: string): Site | null {
  return inspect(path, siteIn);
}

/** Looks at every page of a database and returns its site. Throws NotOurs when it is damaged, foreign or too new. */
export function verifyDatabase(path: string): Site {
  const site = inspect(path, (database) => {
    const result = database.prepare("pragma quick_check(1)").get() as { quick_check: string };
    if (result.quick_check !== "ok") throw new NotOurs(`is damaged (${result.quick_check.split("\n")[0]})`);
    return siteIn(database);
  });
  if (!site) throw new NotOurs("is empty");
  if (site.schema > SCHEMA) {
    throw new NotOurs(`was written by a newer program (schema ${site.schema}, this one knows ${SCHEMA})`);
  }
  return site;
}

/**
 * Makes an empty database whose free pages can be given back later, and whose pages are small: a lone commit changes
 * three of them, and each is written whole. Only possible before its first table.
 */
export function createDatabase(path: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec(
      "pragma page_size=1024; pragma auto_vacuum=incremental; pragma journal_mode=wal; " +
        "create table t (x); drop table t",
    );
  } finally {
    database.close();
  }
}

/** Brings all that is in the WAL into the file itself. Only while no gateway runs. */
export function settleDatabase(path: string): void {
  inspect(path, (database) => database.prepare("pragma wal_checkpoint(truncate)").all(), false);
}

/** Gives free pages back to the file system, at most `pages`; returns how many are left. The last step cuts the file. */
export function vacuum(path: string, pages: number): number {
  return inspect(path, (database) => {
    database.prepare(`pragma incremental_vacuum(${Math.trunc(pages)})`).all();
    const { freelist_count } = database.prepare("pragma freelist_count").get() as { freelist_count: number };
    if (freelist_count === 0) database.prepare("pragma wal_checkpoint(truncate)").all();
    return freelist_count;
  }, false);
}

function siteIn(database: DatabaseSync): Site | null {
  const tables = database.prepare("select count(*) as n from sqlite_master").get() as { n: number };
  if (tables.n === 0) return null;
  if (!database.prepare("select 1 from sqlite_master where name = 'kv'").get()) {
    throw new NotOurs("is a database of another program");
  }
  const row = database.prepare(`select v from kv where k = x'${SITE_KEY_HEX}'`).get() as
    | { v: Uint8Array }
    | undefined;
  if (row) return fromBytes<Site>(row.v);
  if (database.prepare("select 1 from kv limit 1").get()) {
    throw new NotOurs("is a database of another program");
  }
  return null;
}

function inspect<T>(path: string, look: (database: DatabaseSync) => T, readOnly = true): T {
  try {
    const database = new DatabaseSync(path, { readOnly, timeout: BUSY_MS } as object);
    try {
      return look(database);
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof NotOurs) throw error;
    throw new NotOurs(`cannot be read (${error instanceof Error ? error.message : error})`);
  }
}
