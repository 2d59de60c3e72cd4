// MeterValues (OCPP 1.6 §4.7): samples of the meter, in a session or outside one.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { OcppError } from "../ocpp/error.ts";
import { ConnectorId, Int, Maybe, MeterValue, Nothing, Payload, type RawMeterValue } from "./datatypes.ts";
import type { MeterMessage } from "../store/readings/readings.ts";
import type { Transaction } from "../store/store.ts";
import type { Context } from "../site/context.ts";
import { liveFigures } from "../site/charger_state.ts";
import { reportedTime } from "../site/reported_time.ts";
import { recoveredSession, recoverSession } from "../site/sessions/recovered_session.ts";
import { foreign, isTransactionId, trust } from "../site/sessions/session_owner.ts";
import { addSamples } from "../site/sessions/session_energy.ts";
import { isStorable } from "../site/storable.ts";

export const request = Payload({
  connectorId: ConnectorId,
  transactionId: Maybe(Int),
  meterValue: Type.Array(MeterValue, { minItems: 1 }),
});
export const response = Nothing;
type Request = Static<typeof request>;

/** Stores every sampled value, and updates session and connector. Invalid values never prevent the answer. */
export function handle(request: Request, context: Context): Promise<Static<typeof response>> {
  if (!(request.meterValue as RawMeterValue[]).every(isStorable)) {
    throw new OcppError("PropertyConstraintViolation", "A sampled value is too long");
  }
  const found = sessionOf(request, context);
  if (found instanceof Promise) return found.then((transaction) => take(request, transaction, context));
  return take(request, found, context);
}

function take(request: Request, transaction: Transaction | undefined, context: Context): Promise<object> {
  const { connectorId: connector_id, transactionId } = request;
  const meterValue = request.meterValue as RawMeterValue[];
  const at = meterValue.map(({ timestamp }) => reportedTime(timestamp, context).at);
  const transaction_id = transaction?.transaction_id ?? null;
  const message: MeterMessage = {
    charger_id: context.charger_id,
    connector_id,
    transaction_id,
    received: context.now(),
    at,
    meter_value: meterValue,
    last: true,
  };
  if (transactionId !== transaction_id) message.request_transaction_id = transactionId ?? null;
  const written = context.store.readings.add(message);
  if (transaction?.state === "active" && isTransactionId(transactionId)) trust(transaction);
  if (transaction?.state === "active") addSamples(transaction, meterValue, at, context);
  noteLive(connector_id, meterValue, at, context);
  return written.then(nothing);
}

const nothing = () => ({});

/** Returns the session to which samples belong, by id, else by connector (OCPP 1.6 §4.7; citrineos-core#1025). */
function sessionOf(request: Request, context: Context) {
  const { connectorId, transactionId } = request;
  const { store, charger_id } = context;
  if (!isTransactionId(transactionId)) {
    return connectorId > 0 ? store.transactions.activeOn(charger_id, connectorId) : undefined;
  }
  const active = store.transactions.activeById(transactionId);
  if (active?.charger_id === charger_id) return active;
  return recoveredSession(transactionId, context) ?? endedSession(request, context);
}

/** Finds a completed session of this charger, since its last samples may arrive after StopTransaction (steve#1296). */
async function endedSession(request: Request, context: Context): Promise<Transaction | undefined> {
  const transaction_id = request.transactionId!;
  const transaction = await context.store.transactions.get(transaction_id);
  if (transaction?.charger_id === context.charger_id) return transaction;
  if (transaction) foreign(transaction_id, "MeterValues", context);
  else if (request.connectorId > 0) return await recover(request, context);
}

/** Adopts a session that the gateway does not know. It starts at the earliest time of the message, whose times may be out of order. */
function recover({ transactionId, connectorId, meterValue }: Request, context: Context) {
  const times = meterValue.map(({ timestamp }) => reportedTime(timestamp, context).at);
  return recoverSession(transactionId!, connectorId, Math.min(context.now(), ...times), context);
}

/** Updates the live figures of the connector from the newest sample. */
function noteLive(connector_id: number, values: RawMeterValue[], at: number[], context: Context): void {
  const { state, store, events, charger_id } = context;
  state.takeMeter(connector_id, values, at);
  events.emit("meter", charger_id, () => {
    const connectors = store.chargers.get(charger_id)?.connectors ?? [];
    const reported = connectors.find((connector) => connector.connector_id === connector_id);
    return { connector_id, ...reported, ...liveFigures(connector_id, state, store) };
  });
}
