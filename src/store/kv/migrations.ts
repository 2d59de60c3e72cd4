// Migrations of the records of an older program, run once at start, after a backup.
import type { Commits } from "./commits.ts";
import { indexTransactions } from "../index_migration.ts";
import { markSimulated } from "../simulated_migration.ts";
import type { OpenedSite, Site } from "../site.ts";

/** A migration to schema `to` from the one before. It must be repeatable: after a power cut it runs again. */
export interface Migration {
  to: number;
  run(kv: Deno.Kv, site_id: string, commits: Commits): Promise<void>;
}

/** All migrations, oldest first. One is added with each change of a record that makes stored ones unreadable. */
export const MIGRATIONS: readonly Migration[] = [
  { to: 2, run: indexTransactions },
  { to: 3, run: markSimulated },
  // the site's record is below the site's id, as are all others, and commits may be in the redo log
  { to: 4, run: () => Promise.resolve() },
];

/** The dependencies of `migrate`. */
export interface MigrationDeps {
  kv: Deno.Kv;
  commits: Commits;
  /** Makes a backup; runs once, before the first migration. */
  backUp: () => Promise<void>;
  migrations?: readonly Migration[];
}

/**
 * Runs the missing migrations in order, recording each. Returns the migrated site. Throws Error when one is missing.
 */
export async function migrate(
  { site, mutationsOf }: OpenedSite,
  schema: number,
  parts: MigrationDeps,
): Promise<Site> {
  if (site.schema >= schema) return site;
  await parts.backUp();
  let current = site;
  for (const migration of parts.migrations ?? MIGRATIONS) {
    if (migration.to !== current.schema + 1 || migration.to > schema) continue;
    await migration.run(parts.kv, site.site_id, parts.commits);
    current = { ...current, schema: migration.to };
    await parts.commits.put(mutationsOf(current));
  }
  if (current.schema !== schema) {
    throw new Error(
      `Cannot open the store: there is no migration from its schema ${current.schema} to ${schema}`,
    );
  }
  return current;
}
