// The verifier: it reads both ends by their files or by SQL, without the code that sends and stores them.
import { DatabaseSync } from "node:sqlite";
import type { FleetEngine } from "../../src/fleet/engine.ts";

/** The tables that stay at a site, spelled out here once more, so that the sender's own list is checked too. */
const STAYS = [
  "change",
  "change_state",
  "session",
  "file_token",
  "journal",
  "redo",
  "outbox",
  "writer",
  "writer_alive",
];

/** The difference between a site's file and what its fleet has. */
export interface Difference {
  equal: number;
  missing: string[];
  different: string[];
  extra: string[];
}

/** Compares a site's database with its fleet, key by key. */
export async function compare(database: string, engine: FleetEngine, site_id: string): Promise<Difference> {
  const site = rowsOf(database, site_id);
  const result: Difference = { equal: 0, missing: [], different: [], extra: [] };
  for await (const { key, value } of engine.values(site_id)) {
    const id = key.toHex();
    const own = site.get(id);
    site.delete(id);
    if (own === undefined) result.extra.push(readable(id));
    else if (own !== value.toHex()) result.different.push(readable(id));
    else result.equal++;
  }
  result.missing = [...site.keys()].map(readable);
  return result;
}

/** Returns a site's rows as they are in the file: in hexadecimal, keys without the site's id. */
function rowsOf(database: string, site_id: string): Map<string, string> {
  using file = new DatabaseSync(database, { readOnly: true });
  const prefix = textPart(site_id);
  const rows = file.prepare("select hex(k) as k, hex(v) as v from kv").all() as { k: string; v: string }[];
  const own = rows.map(({ k, v }) => [k.toLowerCase(), v.toLowerCase()] as const)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value] as const);
  return new Map(own.filter(([key]) => !STAYS.some((name) => key.startsWith(textPart(name)))));
}

/** Returns a text as part of a key of Deno KV, in hexadecimal. */
function textPart(text: string): string {
  return `02${new TextEncoder().encode(text).toHex()}00`;
}

function readable(hex: string): string {
  return new TextDecoder().decode(Uint8Array.fromHex(hex)).replaceAll(/[^\x20-\x7e]/g, "/");
}
