// StartTransaction (OCPP 1.6 §4.8): a session starts.
import type { Static } from "typebox";
import { idTagInfoOf } from "./id_tag_info.ts";
import { toIso } from "../ocpp/time.ts";
import { DateTime, IdTagInfo, IdToken, Int, Maybe, OutletId, Payload } from "./datatypes.ts";
import { startOf } from "../store/transactions.ts";
import type { Transaction } from "../store/store.ts";
import type { Context } from "../site/context.ts";
import { authorizeStart, tagOf } from "../site/authorization/authorization.ts";
import { transactionView } from "../site/charger_state.ts";
import { beginEnergy } from "../site/energy/energy.ts";
import { unaccountedEnergy } from "../site/energy/energy_end.ts";
import { reportedTime } from "../site/reported_time.ts";
import { endSession } from "../site/sessions/end_session.ts";
import { bindProfile } from "../site/smart_charging/profiles.ts";
import { endReservation, reservationFor } from "../site/authorization/reservations.ts";

export const request = Payload({
  connectorId: OutletId,
  idTag: IdToken,
  meterStart: Int,
  reservationId: Maybe(Int),
  timestamp: DateTime,
});
export const response = Payload({ idTagInfo: IdTagInfo, transactionId: Int });
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/**
 * Starts a session, whatever the status of the tag: the charger decides by the status in the answer (OCPP 1.6 §4.8).
 * A repeated request gets the same id.
 */
export async function handle(request: Request, context: Context): Promise<Response> {
  const { store } = context;
  const key = keyOf(request, context);
  const known = await store.transactions.startedBy(context.charger_id, startOf(key));
  const authorization = authorizeStart(request.idTag, context, known);
  const idTagInfo = idTagInfoOf(authorization);
  if (known !== undefined) return { idTagInfo, transactionId: await durable(known, context) };
  const transaction = sessionFrom(request, authorization.status, context);
  const reserved = useReservation(transaction, context);
  await Promise.all([begin(transaction, context), reserved]);
  bindProfile(transaction, context);
  context.events.emit("transaction", context.charger_id, () => transactionView(transaction));
  return { idTagInfo, transactionId: transaction.transaction_id };
}

function keyOf({ connectorId, idTag, timestamp, meterStart }: Request, context: Context) {
  return {
    connector_id: connectorId,
    id_tag: tagOf(idTag, context),
    start_timestamp: timestamp ?? "",
    meter_start: meterStart ?? null,
  };
}

/** Answers a repeated request after the first one is committed, which may still be pending. */
async function durable(transaction_id: number, { store }: Context): Promise<number> {
  const active = store.transactions.activeById(transaction_id);
  if (active) await store.transactions.put(active);
  return transaction_id;
}

function sessionFrom(request: Request, id_tag_status: string, context: Context): Transaction {
  const key = keyOf(request, context);
  const { at, doubtful } = reportedTime(request.timestamp, context);
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
    flags: doubtful ? ["clock"] : [],
    start_received: toIso(doubtful ? at : context.now()),
    stop_received: null,
    id_tag_status,
    reservation_id: (request.reservationId ?? 0) > 0 ? request.reservationId! : null,
    energy: beginEnergy(key.meter_start, doubtful ? NaN : at),
    energy_seq: context.store.readings.sequence,
  };
}

/** Ends, in the same commit, a session that is still running on the connector because its StopTransaction was lost. */
async function begin(transaction: Transaction, context: Context): Promise<void> {
  const { transactions } = context.store;
  const forgotten = transactions.activeOn(context.charger_id, transaction.connector_id);
  if (!forgotten) return await transactions.add(transaction);
  const unaccounted_wh = unaccountedEnergy(forgotten.energy, transaction.meter_start);
  if (unaccounted_wh) forgotten.unaccounted_wh = unaccounted_wh;
  const flags = unaccounted_wh ? ["no-stop", "unaccounted"] : ["no-stop"];
  const ending = { stop_time: transaction.start_time, closed_by: "next-start", flags };
  await endSession(forgotten, ending, context, (changes) => transactions.add(transaction, changes));
}

/** Marks the reservation of the session as used (OCPP 1.6 §4.8). */
async function useReservation(transaction: Transaction, context: Context): Promise<void> {
  const reservation = reservationFor(transaction, context);
  if (!reservation) return;
  const { transaction_id, start_received: ended_at } = transaction;
  transaction.reservation_id = reservation.reservation_id;
  await endReservation(reservation, { state: "used", ended_at, transaction_id }, context);
}
