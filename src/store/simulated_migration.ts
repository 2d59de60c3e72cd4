// Migration to schema 3: chargers and sessions say that they are simulated. Until then it was told by the ids of simulators.
import { fromBytes } from "./kv/codec.ts";
import type { Commits } from "./kv/commits.ts";
import { type Keys, keysFor } from "./kv/keys.ts";
import { putMutation } from "./kv/mutation.ts";
import type { Charger } from "./records/charger.ts";
import type { Simulator } from "./records/simulator.ts";
import type { Transaction } from "./records/transaction.ts";

const NAMES = ["charger", "simulator", "transaction", "transaction_of"] as const;
const AT_ONCE = 50;

interface Deps {
  kv: Deno.Kv;
  keys: Keys<typeof NAMES[number]>;
  commits: Commits;
}

/**
 * Marks the chargers, and all their sessions, that a simulator of this machine connects as, and those with
 * `config.simulated`. A charger of another vendor or model than the simulator of its id is a real one.
 */
export async function markSimulated(kv: Deno.Kv, site_id: string, commits: Commits): Promise<void> {
  const deps = { kv, commits, keys: keysFor(site_id, NAMES) };
  const simulators = await recordsOf<Simulator>(deps.keys.simulator, deps);
  const here = simulators.filter(({ options }) => options && isHere(options.host));
  const ids = new Set(here.map(({ options }) => idOf(options)));
  for (const charger of await recordsOf<Charger>(deps.keys.charger, deps)) {
    const { charger_id, config } = charger;
    const same = here.filter(({ options }) => idOf(options) === charger_id);
    if (config?.simulated === true) {
      ids.add(charger_id);
      await put({ ...charger, simulated: true, marked_simulated: true }, deps);
    } else if (same.some(({ options }) => looksLike(charger, options))) {
      await put({ ...charger, simulated: true }, deps);
    } else ids.delete(charger_id);
  }
  for (const charger_id of ids) await markSessions(charger_id, deps);
}

async function recordsOf<T>(prefix: readonly string[], { kv }: Deps): Promise<T[]> {
  const records: T[] = [];
  for await (const { value } of kv.list<Uint8Array>({ prefix: [...prefix] })) {
    const record = read<T>(value);
    if (record) records.push(record);
  }
  return records;
}

async function put(charger: Charger, { keys, commits }: Deps): Promise<void> {
  await commits.put([putMutation([...keys.charger, charger.charger_id], charger)]);
}

async function markSessions(charger_id: string, { kv, keys, commits }: Deps): Promise<void> {
  let mutations = [];
  for await (const { key } of kv.list({ prefix: [...keys.transaction_of, charger_id] })) {
    const at = [...keys.transaction, key.at(-1)!];
    const { value } = await kv.get<Uint8Array>(at);
    const transaction = value && read<Transaction>(value);
    if (transaction) mutations.push(putMutation(at, { ...transaction, simulated: true }));
    if (mutations.length < AT_ONCE) continue;
    await commits.put(mutations);
    mutations = [];
  }
  if (mutations.length > 0) await commits.put(mutations);
}

/** Returns true for a charger that has not booted, or has booted as a simulator with these options. */
function looksLike({ vendor, model }: Charger, options: Record<string, unknown>): boolean {
  if (!vendor && !model) return true;
  return vendor === (options.vendor ?? "OCPP Gateway") && model === (options.model ?? "Simulator");
}

/** Returns the charger id that a simulator connects as: the last segment of its path. */
function idOf({ cp_path = "CPX/" }: Record<string, unknown>): string {
  const last = String(cp_path).split("/").findLast((segment) => segment !== "") ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** Returns true if a simulator's host is this machine, as far as it can be told. */
function isHere(host: unknown): boolean {
  if (host === undefined || /^(localhost|127\.|::1$|\[::1\])/.test(String(host))) return true;
  try {
    return Deno.networkInterfaces().some(({ address }) => address === host);
  } catch {
    return false; // no permission to list the interfaces
  }
}

/** Returns a record; undefined for a bad row, which must not end the migration. */
function read<T>(bytes: Uint8Array): T | undefined {
  try {
    return fromBytes<T>(bytes);
  } catch {
    return undefined;
  }
}
