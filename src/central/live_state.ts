// The live state of chargers at a start: when they were last seen, and the readings that the journal has of them.
import { describeError, type Log } from "../log.ts";
import type { ChargerState } from "../site/charger_state.ts";
import { applySamples } from "../site/sessions/session_energy.ts";
import { exceptStorageErrors } from "../store/kv/commits.ts";
import type { Store } from "../store/store.ts";

type StateOf = (charger_id: string) => ChargerState;
type ReplayedMessage = Parameters<Store["readings"]["add"]>[0];

/** Has running sessions stored with each compaction of the readings, and problems of the readings logged. */
export function followReadings({ readings, transactions }: Store, log: Log): void {
  readings.onDamage = (what, error) =>
    log.error("Cannot read stored readings", { what, error: String(error) });
  readings.onFailure = exceptStorageErrors((error) =>
    log.error("Cannot compact the readings", { error: describeError(error) })
  );
  readings.onCompaction = (charger_id) => {
    const active = transactions.active(charger_id);
    return active.flatMap((transaction) => transactions.mutations(transaction));
  };
}

/** Replays the journal of readings into the live state and the energy of running sessions. */
export function recoverStates(store: Store, stateOf: StateOf): void {
  for (const [charger_id, [last_seen, last_heartbeat]] of store.seen.loaded) {
    Object.assign(stateOf(charger_id), { last_seen, last_heartbeat });
  }
  for (const { n, message } of store.readings.uncompacted()) replay(n, message, { store, stateOf });
}

/** Applies a message of the journal that is newer than the stored energy of its session. */
function replay(
  n: number,
  message: ReplayedMessage,
  { store, stateOf }: { store: Store; stateOf: StateOf },
): void {
  const { charger_id, connector_id, meter_value: values, at, received, transaction_id } = message;
  const transaction = transaction_id === null ? undefined : store.transactions.activeById(transaction_id);
  if (transaction && n > transaction.energy_seq) {
    applySamples(transaction, { values, at }, store.chargers.get(charger_id));
    transaction.energy_seq = n;
  }
  if (transaction_id !== null && !transaction) return;
  stateOf(charger_id).meters.take(connector_id, { values, at, received, transaction_id });
}
