// Sessions that the charger knows and the gateway does not, after a loss of data (as evcc's connector_core.go adopts them).
import { toIso } from "../../ocpp/time.ts";
import type { Mutation } from "../../store/kv/mutation.ts";
import type { Transaction } from "../../store/store.ts";
import type { Context } from "../context.ts";
import { transactionView } from "../charger_state.ts";
import { beginEnergy } from "../energy/energy.ts";
import { endSession } from "./end_session.ts";
import { storeTold } from "./store_told.ts";

const CHARGING = ["Charging", "SuspendedEV", "SuspendedEVSE"];
const RECENT = 8;
const CLOSED_TOLERANCE = 600_000; // ms

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

/** The readings that name an unknown session: their connector, and the earliest and the latest time, ms. */
export interface UnknownReadings {
  connector_id: number;
  from: number;
  to: number;
}

/**
 * Returns the session of readings that name an id which the gateway never gave out: the recovered one that has ended, where
 * they are late; else a new one, whose tag is unknown and whose energy counts from the first reading. None is made where the
 * connector reports that nothing charges, or where the readings are older than another session of the connector.
 */
export async function recoverSession(
  id: number,
  readings: UnknownReadings,
  context: Context,
): Promise<Transaction | undefined> {
  const { store, charger_id, events } = context;
  const recent = await store.transactions.recent(charger_id, RECENT);
  const ended = recent.find((transaction) => isNamed(transaction, id) && isLate(readings, transaction));
  if (ended) return ended;
  const running = store.transactions.activeOn(charger_id, readings.connector_id);
  if (running && isCalled(running, id)) return running;
  if (!mayCharge(readings, context) || recent.some((other) => isOlder(readings, other, context))) return;
  if (running && !running.flags.includes("recovered")) return;
  const transaction = recoveredFrom(id, readings, context);
  await begin(transaction, running, context);
  events.emit("transaction", charger_id, () => transactionView(transaction));
  return transaction;
}

/** Returns true if the connector is charging, as it reports, or never reports a status. */
function mayCharge({ connector_id }: UnknownReadings, { store, charger_id }: Context): boolean {
  const connectors = store.chargers.get(charger_id)?.connectors ?? [];
  const reported = connectors.find((connector) => connector.connector_id === connector_id);
  return reported === undefined || CHARGING.includes(reported.status);
}

/** Returns true for a session of which only the charger knew: a recovered one, or an orphan. */
function isNamed({ flags, reported_transaction_id }: Transaction, id: number): boolean {
  return reported_transaction_id === id && (flags.includes("recovered") || flags.includes("orphan"));
}

/** Returns true for readings from before the session's end; where the gateway has ended it, the end is not exact. */
function isLate({ to }: UnknownReadings, { stop_time, stop_received }: Transaction): boolean {
  const inexact = stop_received === null ? CLOSED_TOLERANCE : 0;
  return stop_time !== null && to <= Date.parse(stop_time) + inexact;
}

/** Returns true for readings from before the end, or the start if it runs, of another session of their connector. */
function isOlder({ connector_id, from }: UnknownReadings, other: Transaction, { now }: Context): boolean {
  const since = Date.parse(other.stop_time ?? other.start_time);
  return other.connector_id === connector_id && from < since && since <= now();
}

/** Stores the session; a recovered one that runs on the connector has ended unnoticed, and is ended in the same commit. */
async function begin(
  transaction: Transaction,
  running: Transaction | undefined,
  context: Context,
): Promise<void> {
  const { store } = context;
  const add = (changes: Mutation[]) =>
    storeTold(
      transaction,
      store,
      (messages) => store.transactions.add(transaction, [...changes, ...messages]),
    );
  if (!running) return await add([]);
  const ending = { stop_time: transaction.start_time, closed_by: "next-start", flags: ["no-stop"] };
  await endSession(running, ending, context, add);
}

function recoveredFrom(
  id: number,
  { connector_id, from: at }: UnknownReadings,
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
