// StopTransaction (OCPP 1.6 §4.10): a session ends. It cannot be refused.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { toIso } from "../ocpp/time.ts";
import {
  DateTime,
  IdTagInfo,
  IdToken,
  Int,
  Maybe,
  MeterValue,
  Payload,
  type RawMeterValue,
  Reason,
} from "./datatypes.ts";
import type { Transaction } from "../store/store.ts";
import { startOf } from "../store/transactions.ts";
import type { Context } from "../site/context.ts";
import { authorize, tagOf } from "../site/authorization/authorization.ts";
import { idTagInfoOf } from "./id_tag_info.ts";
import { transactionView } from "../site/charger_state.ts";
import { beginEnergy } from "../site/energy/energy.ts";
import { finishEnergy } from "../site/energy/energy_end.ts";
import { reportedTime } from "../site/reported_time.ts";
import { dropTxProfiles } from "../site/smart_charging/profiles.ts";
import { endedRecovery, recoveredSession } from "../site/sessions/recovered_session.ts";
import { foreign, isTransactionId } from "../site/sessions/session_owner.ts";
import { addFlags, addSamples, energyOptions, setEnergyFlags } from "../site/sessions/session_energy.ts";
import { storable } from "../site/storable.ts";

export const request = Payload({
  idTag: Maybe(IdToken),
  meterStop: Int,
  timestamp: DateTime,
  transactionId: Int,
  reason: Maybe(Reason),
  transactionData: Maybe(Type.Array(MeterValue)),
});
export const response = Payload({ idTagInfo: Maybe(IdTagInfo) });
export type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Ends the session with the charger's figures; for an unknown session an orphan is stored. Always answers. */
export async function handle(request: Request, context: Context): Promise<Response> {
  const found = await sessionOf(request, context);
  if (found && isRepeated(found)) await repeated(found, request, context);
  else if (found) await stop(found, request, context);
  else await orphan(request, context);
  return request.idTag ? { idTagInfo: idTagInfoOf(authorize(request.idTag, context)) } : {};
}

/** Returns the session by id and charger; without an id, the only running one (OCPP.Core#29, errata 3.18). */
async function sessionOf({ transactionId }: Request, context: Context): Promise<Transaction | undefined> {
  const { store, charger_id } = context;
  if (!isTransactionId(transactionId)) {
    const [only, ...others] = store.transactions.active(charger_id);
    if (!only || others.length) return;
    addFlags(only, ["guessed"]);
    return only;
  }
  const recovered = recoveredSession(transactionId, context);
  if (recovered) return recovered;
  const transaction = await store.transactions.get(transactionId);
  if (!transaction) return await endedRecovery(transactionId, context);
  if (transaction.charger_id === charger_id) return transaction;
  foreign(transactionId, "StopTransaction", context);
}

/** Returns true if the charger itself has already ended the session; an end by the gateway is replaced by the charger's. */
function isRepeated(transaction: Transaction): boolean {
  return transaction.state === "completed" && transaction.stop_received !== null;
}

/** Keeps the first StopTransaction; a different one is flagged as a conflict for the operator. */
async function repeated(transaction: Transaction, request: Request, context: Context): Promise<void> {
  const { transactions } = context.store;
  const differs = transaction.meter_stop !== (request.meterStop ?? null) &&
    !transaction.flags.includes("conflict");
  if (differs) addFlags(transaction, ["conflict"]);
  const under_way = transactions.activeById(transaction.transaction_id); // the first is not committed yet
  if (differs || under_way) await transactions.put(transaction);
}

async function stop(transaction: Transaction, request: Request, context: Context): Promise<void> {
  const { store, events, charger_id } = context;
  const before = { ...transaction };
  const stored = storeData(transaction, request, context);
  complete(transaction, request, context);
  try {
    await Promise.all([stored, store.transactions.put(transaction)]);
  } catch (error) {
    Object.assign(transaction, before); // nothing was stored; the charger will repeat it
    throw error;
  }
  dropTxProfiles(transaction, store);
  events.emit("transaction", charger_id, () => transactionView(transaction));
}

/** Stores transactionData, which are ordinary samples (OCPP 1.6 §4.10). */
async function storeData(
  transaction: Transaction,
  { transactionData }: Request,
  context: Context,
): Promise<void> {
  if (!transactionData?.length) return;
  const values = storable(transactionData as RawMeterValue[]);
  const at = values.map(({ timestamp }) => reportedTime(timestamp, context).at);
  const { charger_id, connector_id, transaction_id } = transaction;
  const received = context.now();
  const written = context.store.readings.add({
    charger_id,
    connector_id,
    transaction_id,
    received,
    at,
    meter_value: values,
    last: false,
  });
  addSamples(transaction, values, at, context);
  await written;
}

/** Flags that a StopTransaction disproves. */
const OVERTAKEN = ["no-stop", "suspect", "unaccounted"];

function complete(transaction: Transaction, request: Request, context: Context): void {
  const { at, doubtful } = reportedTime(request.timestamp, context);
  const meter_stop = request.meterStop ?? null;
  const options = {
    ...energyOptions(context.store.chargers.get(context.charger_id)),
    ...(doubtful ? {} : { stop_at: at }),
  };
  const { energy_wh, flags } = finishEnergy(transaction.energy, meter_stop, options);
  delete transaction.closed_by;
  delete transaction.unaccounted_wh;
  transaction.flags = transaction.flags.filter((flag) => !OVERTAKEN.includes(flag));
  setEnergyFlags(transaction, flags);
  if (doubtful) addFlags(transaction, ["clock"]);
  Object.assign(transaction, {
    state: "completed",
    stop_time: toIso(at),
    meter_stop,
    stop_reason: request.reason ?? "Local",
    energy_wh,
    stop_received: toIso(context.now()),
  });
}

/** Stores a session that the gateway does not know, so that its energy is visible (steve#156); a repeated message adds nothing. */
async function orphan(request: Request, context: Context): Promise<void> {
  const { store, events, charger_id } = context;
  const key = orphanKey(request, context);
  if (await store.transactions.startedBy(charger_id, startOf(key)) !== undefined) return;
  const transaction = orphanFrom(request, context);
  const stored = storeData(transaction, request, context);
  await Promise.all([stored, store.transactions.add(transaction)]);
  events.emit("transaction", charger_id, () => transactionView(transaction));
}

/** Returns the key by which an orphan is found if its StopTransaction is repeated. */
function orphanKey({ transactionId, timestamp, meterStop, idTag }: Request, context: Context) {
  const start_timestamp = `stop ${transactionId} ${timestamp} ${meterStop}`;
  return { connector_id: 0, id_tag: tagOf(idTag ?? "", context), start_timestamp, meter_start: null };
}

/** Makes a completed session of which only the end is known; its energy is unknown, not 0. */
function orphanFrom(request: Request, context: Context): Transaction {
  const { at, doubtful } = reportedTime(request.timestamp, context);
  const received = toIso(context.now());
  return {
    transaction_id: context.store.transactions.nextId(),
    charger_id: context.charger_id,
    ...orphanKey(request, context),
    start_time: toIso(at),
    stop_time: toIso(at),
    meter_stop: request.meterStop ?? null,
    stop_reason: request.reason ?? "Local",
    energy_wh: null,
    state: "completed",
    flags: doubtful ? ["orphan", "clock"] : ["orphan"],
    start_received: received,
    stop_received: received,
    id_tag_status: "Invalid",
    reservation_id: null,
    reported_transaction_id: request.transactionId ?? null,
    energy: beginEnergy(null, at),
    energy_seq: context.store.readings.sequence,
  };
}
