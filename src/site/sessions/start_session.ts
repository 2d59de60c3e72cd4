// The start of a session that a charger reports (OCPP 1.6 §4.8).
import { toIso } from "../../ocpp/time.ts";
import type { Mutation } from "../../store/kv/mutation.ts";
import type { Transaction } from "../../store/store.ts";
import { startOf } from "../../store/repeated_starts.ts";
import { type Authorization, authorizeStart, tagOf } from "../authorization/authorization.ts";
import { endReservation, reservationFor } from "../authorization/reservations.ts";
import { transactionView } from "../charger_state.ts";
import { checkConnector, isKnownConnector } from "../connector_bound.ts";
import type { Context } from "../context.ts";
import { beginEnergy } from "../energy/energy.ts";
import { unaccountedEnergy } from "../energy/energy_end.ts";
import { isUnstored, storeRecord } from "../registration.ts";
import { reportedTime } from "../reported_time.ts";
import { bindProfile } from "../smart_charging/profiles.ts";
import { endSession } from "./end_session.ts";
import { storeTold } from "./store_told.ts";

/** The report of a start, as the charger sent it. */
export interface SessionStart {
  connector_id: number;
  id_tag: string;
  /** Wh. */
  meter_start?: number | undefined;
  reservation_id?: number | undefined;
  /** By the charger's clock. */
  timestamp?: string | undefined;
}

/** A started session. */
export interface StartedSession {
  transaction_id: number;
  authorization: Authorization;
}

/**
 * Starts a session, whatever the status of the tag: the charger decides by the authorization. A repeated report gets the
 * same transaction_id. Resolves when the session is committed.
 */
export async function startSession(start: SessionStart, context: Context): Promise<StartedSession> {
  const { store, events, charger_id } = context;
  if (!isKnownConnector(start.connector_id, context)) await checkConnector(start.connector_id, context);
  if (isUnstored(context)) await storeRecord(context);
  const known = await store.transactions.startedBy(charger_id, startOf(keyOf(start, context)));
  const authorization = authorizeStart(start.id_tag, context, known);
  if (known !== undefined) return { transaction_id: await durable(known, context), authorization };
  const transaction = sessionFrom(start, authorization.status, context);
  const reserved = useReservation(transaction, context);
  await Promise.all([begin(transaction, context), reserved]);
  bindProfile(transaction, context);
  events.emit("transaction", charger_id, () => transactionView(transaction));
  return { transaction_id: transaction.transaction_id, authorization };
}

/** Returns the fields by which a repeated report is recognized. */
function keyOf({ connector_id, id_tag, timestamp, meter_start }: SessionStart, context: Context) {
  return {
    connector_id,
    id_tag: tagOf(id_tag, context),
    start_timestamp: timestamp ?? "",
    meter_start: meter_start ?? null,
  };
}

/** Waits until the first report is committed, which may still be pending. */
async function durable(transaction_id: number, { store }: Context): Promise<number> {
  const active = store.transactions.activeById(transaction_id);
  if (active) await store.transactions.put(active);
  return transaction_id;
}

function sessionFrom(start: SessionStart, id_tag_status: string, context: Context): Transaction {
  const key = keyOf(start, context);
  const { at, doubtful } = reportedTime(start.timestamp, context);
  return {
    transaction_id: context.store.transactions.nextId(),
    charger_id: context.charger_id,
    ...key,
    start_time: toIso(at),
    stop_time: null,
    meter_stop: null,
    stop_reason: null,
    energy_wh: key.meter_start === null ? null : 0,
    state: "active",
    simulated: context.state.simulated,
    flags: doubtful ? ["clock"] : [],
    start_received: toIso(doubtful ? at : context.now()),
    stop_received: null,
    id_tag_status,
    reservation_id: (start.reservation_id ?? 0) > 0 ? start.reservation_id! : null,
    energy: beginEnergy(key.meter_start, doubtful ? NaN : at),
    energy_seq: context.store.readings.sequence,
  };
}

/** Ends, in the same commit, a session that still runs on the connector because the report of its end was lost. */
async function begin(transaction: Transaction, context: Context): Promise<void> {
  const { store } = context;
  const add = (changes: Mutation[]) =>
    storeTold(
      transaction,
      store,
      (messages) => store.transactions.add(transaction, [...changes, ...messages]),
    );
  const forgotten = store.transactions.activeOn(context.charger_id, transaction.connector_id);
  if (!forgotten) return await add([]);
  const unaccounted_wh = unaccountedEnergy(forgotten.energy, transaction.meter_start);
  if (unaccounted_wh) forgotten.unaccounted_wh = unaccounted_wh;
  const flags = unaccounted_wh ? ["no-stop", "unaccounted"] : ["no-stop"];
  const ending = { stop_time: transaction.start_time, closed_by: "next-start", flags };
  await endSession(forgotten, ending, context, add);
}

/** Marks the reservation of the session as used (OCPP 1.6 §4.8). */
async function useReservation(transaction: Transaction, context: Context): Promise<void> {
  const reservation = reservationFor(transaction, context);
  if (!reservation) return;
  const { transaction_id, start_received: ended_at } = transaction;
  transaction.reservation_id = reservation.reservation_id;
  await endReservation(reservation, { state: "used", ended_at, transaction_id }, context);
}
