// The addresses of chargers in their records: the last one, and the one from which a charger usually connects.
import { describeError, type Log } from "../log.ts";
import { simulatedAfter } from "../site/simulated.ts";
import { chargerByDefaults } from "../site/site_defaults.ts";
import { exceptStorageErrors } from "../store/kv/commits.ts";
import type { Charger, Store } from "../store/store.ts";
import type { Handshake } from "./socket.ts";

/** The parts that keep addresses. */
export interface AddressDeps {
  store: Store;
  log: Log;
  now: () => number;
}

/** Time after which the address of a connection is the charger's usual one. */
const LONG_MS = 600_000;

/** Stores the address and path of a charger, and if it is simulated. The record of a new one is in memory only, until it has booted. */
export function keepAddress(
  charger_id: string,
  { path, remote_address, simulator }: Pick<Handshake, "path" | "remote_address" | "simulator">,
  deps: AddressDeps,
): void {
  const { chargers, settings } = deps.store;
  const charger = chargers.get(charger_id);
  if (!charger || chargers.isUnstored(charger_id)) {
    const registration = settings.unknown_chargers === "accept" ? "Accepted" : "Pending";
    const fresh = { ...chargerByDefaults(charger_id, registration, deps), adopted: false };
    const known = charger ?? fresh;
    const simulated = simulatedAfter(simulator, known);
    return chargers.keepInMemory({ ...known, last_path: path, remote_address, simulated });
  }
  const simulated = simulatedAfter(simulator, charger);
  const { last_path, remote_address: last_address, simulated: was } = charger;
  if (last_path === path && last_address === remote_address && simulated === was) return;
  store({ ...charger, last_path: path, remote_address, simulated }, deps);
}

/** Returns true if a connection since `connected_at`, ms since 1970, has lasted so long that its address is the usual one. */
export function hasLasted(connected_at: number, now: number): boolean {
  return now - connected_at >= LONG_MS;
}

/** Stores the address of a connection that has lasted as the charger's usual one. */
export function keepUsualAddress(charger_id: string, usual_address: string, deps: AddressDeps): void {
  const { chargers } = deps.store;
  const charger = chargers.get(charger_id);
  if (!charger || !chargers.isStored(charger_id) || charger.usual_address === usual_address) return;
  store({ ...charger, usual_address }, deps);
}

function store(charger: Charger, { store, log }: AddressDeps): void {
  const { charger_id } = charger;
  store.chargers.put(charger, { deferred: true }).catch(
    exceptStorageErrors((error) =>
      log.error("Cannot store the charger", { charger_id, error: describeError(error) })
    ),
  );
}
