// Bringing an older program's records to today's shape, once, at start, after a backup.
import type { Commits } from "./commits.ts";
import { putMutation, type Site, SITE_KEY } from "../store.ts";

/** A step from the schema before `to`. It may run again after a power cut: it must not mind its own work. */
export interface Migration {
  to: number;
  run(kv: Deno.Kv, site_id: string, commits: Commits): Promise<void>;
}

/** All steps, oldest first. One is added whenever a record's shape changes so that old ones can't be read. */
export const MIGRATIONS: readonly Migration[] = [];

/** What a migration works with. */
export interface MigrationDeps {
  kv: Deno.Kv;
  commits: Commits;
  /** Makes a backup; runs once, before the first step. */
  backUp: () => Promise<void>;
  migrations?: readonly Migration[];
}

/** Takes the steps that are missing, in order, and notes each; returns the site as it is then. */
export async function migrate(site: Site, schema: number, parts: MigrationDeps): Promise<Site> {
  if (site.schema >= schema) return site;
  await parts.backUp();
  let current = site;
  for (const migration of parts.migrations ?? MIGRATIONS) {
    if (migration.to <= current.schema || migration.to > schema) continue;
    await migration.run(parts.kv, site.site_id, parts.commits);
    current = { ...current, schema: migration.to };
    await parts.commits.put([putMutation(SITE_KEY, current)]);
  }
  if (current.schema !== schema) {
    throw new Error(`Cannot open the store: nothing leads from its schema ${current.schema} to ${schema}`);
  }
  return current;
}
