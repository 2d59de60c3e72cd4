// Declarations of tables: keys, loading and types of the store follow from them.
import type { Codec } from "./codec.ts";
import type { Commits } from "./commits.ts";
import { Documents } from "./documents.ts";
import type { Keys } from "./keys.ts";
import { Table } from "./table.ts";
import type { IdKind } from "../site.ts";

/** The connections of a table. */
export interface TableDeps {
  commits: Commits;
  read: Deno.Kv;
  /** Returns the highest id of a kind that a restore has ruled out; 0 by default. */
  idFloor?: (kind: IdKind) => number;
}

/** An opened table; `load` runs once, before its first use. */
export interface Loadable {
  load(): Promise<unknown>;
}

/** The declaration of a table. */
export interface Declaration<Name extends string, Kind extends Loadable> {
  /** The names of its key prefixes: its own, then those of indexes and of parts of its records. */
  readonly names: readonly Name[];
  open(deps: TableDeps, keys: Keys<Name>): Kind;
}

/** Declares a table with all its records in memory, stored as JSON or by `codec`. */
export function inMemory<Name extends string, T extends object>(
  name: Name,
  key: (record: T) => string,
  codec?: Codec<T>,
): Declaration<Name, Table<T>> {
  return custom(
    [name],
    (deps, keys) => new Table({ ...deps, prefix: keys[name], key, ...(codec && { codec }) }),
  );
}

/** Declares a table with records of up to 660 kB, read on demand. */
export function onDemand<Name extends string, T extends object>(
  name: Name,
  key: (record: T) => string,
): Declaration<Name, Documents<T>> {
  return custom([name], (deps, keys) => new Documents({ ...deps, prefix: keys[name], key }));
}

/** Declares a table with a class of its own. */
export function custom<Name extends string, Kind extends Loadable>(
  names: readonly Name[],
  open: (deps: TableDeps, keys: Keys<Name>) => Kind,
): Declaration<Name, Kind> {
  return { names, open };
}
