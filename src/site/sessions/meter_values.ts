// Meter values that a charger reports, in a session or outside one (OCPP 1.6 §4.7).
import { OcppError } from "../../ocpp/error.ts";
import type { MeterMessage } from "../../store/readings/readings.ts";
import type { RawMeterValue } from "../../store/readings/sample.ts";
import type { Transaction } from "../../store/store.ts";
import { liveFigures } from "../charger_state.ts";
import { checkConnector, isKnownConnector } from "../connector_bound.ts";
import type { Context } from "../context.ts";
import { isUnstored, storeRecord } from "../registration.ts";
import { reportedTime } from "../reported_time.ts";
import { isStorable } from "../storable.ts";
import { readingRefusal } from "./reading_refusal.ts";
import { recoveredSession, recoverSession } from "./recovered_session.ts";
import { addSamples } from "./session_energy.ts";
import { foreign, isTransactionId, trust } from "./session_owner.ts";

/** A report of meter values, as the charger sent it. */
export interface MeterReport {
  /** 0: the charger itself. */
  connector_id: number;
  transaction_id: number | undefined;
  values: RawMeterValue[];
  /** The name of the message, for the security log. */
  message: string;
}

/**
 * Stores every sampled value, and updates session and connector. Resolves when the values are committed. Throws
 * OcppError for a value that is too long to store; other invalid values are stored as they are. Hot.
 */
export function takeMeterValues(report: MeterReport, context: Context): Promise<void> {
  if (!report.values.every(isStorable)) {
    throw new OcppError("PropertyConstraintViolation", "A sampled value is too long");
  }
  if (!isKnownConnector(report.connector_id, context)) {
    return checkConnector(report.connector_id, context).then(() => takeMeterValues(report, context));
  }
  if (isUnstored(context)) return storeRecord(context).then(() => takeMeterValues(report, context));
  const found = sessionOf(report, context);
  if (found instanceof Promise) return found.then((transaction) => take(report, transaction, context));
  return take(report, found, context);
}

function take(report: MeterReport, transaction: Transaction | undefined, context: Context): Promise<void> {
  const { connector_id, transaction_id: reported_id, values } = report;
  const at = values.map(({ timestamp }) => reportedTime(timestamp, context).at);
  const refusal = readingRefusal(context);
  if (refusal !== null) return refuse(refusal, { report, transaction, at }, context);
  const transaction_id = transaction?.transaction_id ?? null;
  const message: MeterMessage = {
    charger_id: context.charger_id,
    connector_id,
    transaction_id,
    received: context.now(),
    at,
    meter_value: values,
    last: true,
  };
  if (reported_id !== transaction_id) message.request_transaction_id = reported_id ?? null;
  const written = context.store.readings.add(message);
  if (transaction?.state === "active" && isTransactionId(reported_id)) trust(transaction);
  if (transaction?.state === "active") addSamples(transaction, values, at, context);
  if (transaction?.state !== "completed") noteLive(message, context);
  return written;
}

/** Refuses readings; the energy of the session still follows them. */
function refuse(
  reason: string,
  { report, transaction, at }: { report: MeterReport; transaction: Transaction | undefined; at: number[] },
  context: Context,
): Promise<never> {
  if (transaction?.state === "active") addSamples(transaction, report.values, at, context);
  return Promise.reject(new OcppError("GenericError", reason));
}

/** Returns the session to which samples belong, by id, else by connector (OCPP 1.6 §4.7; citrineos-core#1025). */
function sessionOf(report: MeterReport, context: Context) {
  const { connector_id, transaction_id } = report;
  const { store, charger_id } = context;
  if (!isTransactionId(transaction_id)) {
    return connector_id > 0 ? store.transactions.activeOn(charger_id, connector_id) : undefined;
  }
  const active = store.transactions.activeById(transaction_id);
  if (active?.charger_id === charger_id) return active;
  return recoveredSession(transaction_id, context) ?? endedSession(transaction_id, report, context);
}

/** Finds a completed session of this charger, since its last samples may arrive after its end (steve#1296). */
async function endedSession(
  transaction_id: number,
  report: MeterReport,
  context: Context,
): Promise<Transaction | undefined> {
  const transaction = await context.store.transactions.get(transaction_id);
  if (transaction?.charger_id === context.charger_id) return transaction;
  if (transaction) foreign(transaction_id, report.message, context);
  else if (report.connector_id > 0) return await recover(transaction_id, report, context);
}

/** Finds or adopts a session that only the charger knows; the times of its readings may be out of order. */
function recover(transaction_id: number, { connector_id, values }: MeterReport, context: Context) {
  const times = values.map(({ timestamp }) => reportedTime(timestamp, context).at);
  const [from, to] = [Math.min(context.now(), ...times), Math.max(...times)];
  return recoverSession(transaction_id, { connector_id, from, to }, context);
}

/** Updates the live figures of the connector from the newest sample. */
function noteLive(message: MeterMessage, context: Context): void {
  const { connector_id, transaction_id, received, at, meter_value: values } = message;
  context.state.meters.take(connector_id, { values, at, received, transaction_id });
  emitMeter(connector_id, context);
}

/** Emits the live figures of a connector. */
export function emitMeter(
  connector_id: number,
  { state, store, events, charger_id }: Pick<Context, "state" | "store" | "events" | "charger_id">,
): void {
  events.emit("meter", charger_id, () => {
    const connectors = store.chargers.get(charger_id)?.connectors ?? [];
    const reported = connectors.find((connector) => connector.connector_id === connector_id);
    return { connector_id, ...reported, ...liveFigures(connector_id, state, store) };
  });
}
