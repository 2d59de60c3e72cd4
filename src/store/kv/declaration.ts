// Declarations of tables: keys, loading and types of the store follow from them.
import type { Codec } from "./codec.ts";
import type { Commits } from "./commits.ts";
import type { CurrentValues } from "./current_values.ts";
import type { DamageReport } from "./damage.ts";
import { Documents } from "./documents.ts";
import type { Keys } from "./keys.ts";
import { Table } from "./table.ts";
import type { IdKind } from "../site.ts";

/** The connections of a table. */
export interface TableDeps {
  commits: Commits;
  read: Deno.Kv;
  /** The values as they are now, of tables that are logged; by default those of the database. */
  current?: CurrentValues;
  /** Returns the highest id of a kind that a restore has ruled out; 0 by default. */
  idFloor?: (kind: IdKind) => number;
  /** Called for a stored value that cannot be read. */
  damaged?: DamageReport;
  /** ms since 1970; the system's clock by default. */
  now?: () => number;
}

/** An opened table; `load` runs once, before its first use. */
export interface Loadable {
  load(): Promise<unknown>;
}

/** Checks a stored value; returns false for one without a checksum. Throws Error for one that cannot be read. */
export type ValueCheck = (value: Uint8Array) => boolean;

/** The declaration of a table. */
export interface Declaration<Name extends string, Kind extends Loadable> {
  /** The names of its key prefixes: its own, then those of indexes and of parts of its records. */
  readonly names: readonly Name[];
  open(deps: TableDeps, keys: Keys<Name>): Kind;
  /** The checks of values that are not JSON. */
  readonly checks?: { readonly [N in Name]?: ValueCheck };
  /** The names of those whose writes go into the redo log; their values are read by `current`. */
  readonly logged?: readonly Name[];
  /** True: the last part of a key numbers the values that make one record together. */
  readonly in_parts?: boolean;
}

/** Options of a table in memory. */
export interface InMemoryOptions<T> {
  /** JSON by default. */
  codec?: Codec<T>;
  /** Returns the record that holds in place of one that cannot be read, by its key. */
  salvage?: (key: string) => T;
}

/** Declares a table with all its records in memory. */
export function inMemory<Name extends string, T extends object>(
  name: Name,
  key: (record: T) => string,
  options: InMemoryOptions<T> = {},
): Declaration<Name, Table<T>> {
  return custom([name], (deps, keys) => new Table({ ...deps, ...options, prefix: keys[name], key }));
}

/** Declares a table with records of up to 660 kB, read on demand. */
export function onDemand<Name extends string, T extends object>(
  name: Name,
  key: (record: T) => string,
): Declaration<Name, Documents<T>> {
  const open = (deps: TableDeps, keys: Keys<Name>) => new Documents({ ...deps, prefix: keys[name], key });
  return custom([name], open, { in_parts: true });
}

/** Declares a table with a class of its own. */
export function custom<Name extends string, Kind extends Loadable>(
  names: readonly Name[],
  open: (deps: TableDeps, keys: Keys<Name>) => Kind,
  values: Pick<Declaration<Name, Kind>, "checks" | "in_parts" | "logged"> = {},
): Declaration<Name, Kind> {
  return { names, open, ...values };
}
