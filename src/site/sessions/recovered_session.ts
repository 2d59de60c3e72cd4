// Sessions that the charger knows and the gateway does not, after a loss of data (as evcc's connector_core.go adopts them).
import { toIso } from "../../ocpp/time.ts";
import type { Transaction } from "../../store/store.ts";
import type { Context } from "../context.ts";
import { transactionView } from "../charger_state.ts";
import { beginEnergy } from "../energy/energy.ts";

const CHARGING = ["Charging", "SuspendedEV", "SuspendedEVSE"];
const RECENT = 8;

/** Returns the id by which the charger knows a session. */
export function wireId({ transaction_id, flags, reported_transaction_id }: Transaction): number {
  return flags.includes("recovered") ? reported_transaction_id ?? transaction_id : transaction_id;
}

/** Returns the running recovered session with the charger's `id`. */
export function recoveredSession(id: number, { store, charger_id }: Context): Transaction | undefined {
  return store.transactions.active(charger_id).find((transaction) => isCalled(transaction, id));
}

/** Returns the recently ended recovered session with the charger's `id`. */
export async function endedRecovery(
  id: number,
  { store, charger_id }: Context,
): Promise<Transaction | undefined> {
  const transactions = await store.transactions.recent(charger_id, RECENT);
  return transactions.find((transaction) => isCalled(transaction, id));
}

function isCalled(transaction: Transaction, id: number): boolean {
  return transaction.flags.includes("recovered") && transaction.reported_transaction_id === id;
}

/**
 * Adopts an unknown session by its meter values: its connector must be charging and without another session. Its tag is
 * unknown, and its energy counts from the first sample.
 */
export async function recoverSession(
  id: number,
  connector_id: number,
  at: number,
  context: Context,
): Promise<Transaction | undefined> {
  const { store, charger_id, events } = context;
  const connectors = store.chargers.get(charger_id)?.connectors ?? [];
  const status = connectors.find((connector) => connector.connector_id === connector_id)?.status ?? "";
  if (!CHARGING.includes(status) || store.transactions.activeOn(charger_id, connector_id)) return;
  const transaction = recoveredFrom(id, connector_id, at, context);
  await store.transactions.add(transaction);
  events.emit("transaction", charger_id, () => transactionView(transaction));
  return transaction;
}

function recoveredFrom(
  id: number,
  connector_id: number,
  at: number,
  { store, charger_id, state, now }: Context,
): Transaction {
  return {
    transaction_id: store.transactions.nextId(),
    charger_id,
    connector_id,
    id_tag: "",
    start_time: toIso(at),
    meter_start: null,
    stop_time: null,
    meter_stop: null,
    stop_reason: null,
    energy_wh: null,
    state: "active",
    simulated: state.simulated,
    flags: ["recovered"],
    start_received: toIso(now()),
    stop_received: null,
    id_tag_status: "Invalid",
    reservation_id: null,
    reported_transaction_id: id,
    start_timestamp: `recovered ${id}`,
    energy: beginEnergy(null, at),
    energy_seq: store.readings.sequence,
  };
}
