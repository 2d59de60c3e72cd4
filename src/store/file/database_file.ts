// Work on a KV file from outside Deno KV: by SQLite only, since closing a second handle of an open file drops its
// locks.
import { DatabaseSync } from "node:sqlite";
import { fromBytes } from "../kv/codec.ts";
import { FILE_SITE_KEY, recordOf, SCHEMA, type Site, siteKey } from "../site.ts";
import { valueAt } from "./kv_rows.ts";

/** A file that is not a usable database of the gateway; the message completes a sentence: `is damaged`. */
export class DatabaseFileError extends Error {
  override readonly name = "DatabaseFileError";
}

const BUSY_MS = 5_000;

/** Returns the site of a database; null: nothing was written yet. Throws DatabaseFileError. */
export function readSite(path: string): Site | null {
  return inspect(path, siteOf);
}

/**
 * Checks every page of a database and returns its site. Throws DatabaseFileError if it is damaged, foreign or too new.
 */
export function verifyDatabase(path: string): Site {
  const site = inspect(path, (database) => {
    const result = database.prepare("pragma quick_check(1)").get() as { quick_check: string };
    if (result.quick_check !== "ok") {
      throw new DatabaseFileError(`is damaged (${result.quick_check.split("\n")[0]})`);
    }
    return siteOf(database);
  });
  if (!site) throw new DatabaseFileError("is empty");
  if (site.schema > SCHEMA) {
    throw new DatabaseFileError(
      `was written by a newer program (schema ${site.schema}, this one knows ${SCHEMA})`,
    );
  }
  return site;
}

/**
 * Creates an empty database with incremental vacuum, and with small pages: a commit of one record changes three of them
 * and each is written whole. Both can be set only before the first table.
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

/** Moves the content of the write-ahead log into the database file, and truncates the log. */
export function settleDatabase(path: string): void {
  inspect(path, (database) => database.prepare("pragma wal_checkpoint(truncate)").all(), false);
}

/** Returns up to `pages` free pages to the file system; returns the number left. At 0 the file is truncated. */
export function vacuum(path: string, pages: number): number {
  return inspect(path, (database) => {
    database.prepare(`pragma incremental_vacuum(${Math.trunc(pages)})`).all();
    const { freelist_count } = database.prepare("pragma freelist_count").get() as { freelist_count: number };
    if (freelist_count === 0) database.prepare("pragma wal_checkpoint(truncate)").all();
    return freelist_count;
  }, false);
}

/** Returns the site's record of an open KV file; null: there is none. */
export function siteIn(database: DatabaseSync): Site | null {
  const named = recordAt(database, FILE_SITE_KEY);
  return named && recordOf(named, recordAt(database, siteKey(named.site_id)));
}

function recordAt(database: DatabaseSync, key: readonly string[]): Site | null {
  const value = valueAt(database, key);
  return value ? fromBytes<Site>(value) : null;
}

function siteOf(database: DatabaseSync): Site | null {
  const tables = database.prepare("select count(*) as n from sqlite_master").get() as { n: number };
  if (tables.n === 0) return null;
  if (!database.prepare("select 1 from sqlite_master where name = 'kv'").get()) {
    throw new DatabaseFileError("is a database of another program");
  }
  const site = siteIn(database);
  if (site) return site;
  if (database.prepare("select 1 from kv limit 1").get()) {
    throw new DatabaseFileError("is a database of another program");
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
    if (error instanceof DatabaseFileError) throw error;
    throw new DatabaseFileError(`cannot be read (${error instanceof Error ? error.message : error})`);
  }
}
