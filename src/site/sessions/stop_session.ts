// The end of a session that a charger reports (OCPP 1.6 §4.10). It cannot be refused.
import { toIso } from "../../ocpp/time.ts";
import type { RawMeterValue } from "../../store/readings/sample.ts";
import type { Transaction } from "../../store/store.ts";
import { startOf } from "../../store/repeated_starts.ts";
import { sameGroup, tagOf } from "../authorization/authorization.ts";
import { transactionView } from "../charger_state.ts";
import type { Context } from "../context.ts";
import { beginEnergy } from "../energy/energy.ts";
import { finishEnergy } from "../energy/energy_end.ts";
import { isUnstored, storeRecord } from "../registration.ts";
import { reportedTime } from "../reported_time.ts";
import { dropTxProfiles } from "../smart_charging/profiles.ts";
import { storable } from "../storable.ts";
import { readingRefusal } from "./reading_refusal.ts";
import { endedRecovery, recoveredSession } from "./recovered_session.ts";
import { addFlags, addSamples, energyOptions, setEnergyFlags } from "./session_energy.ts";
import { storeTold } from "./store_told.ts";
import { foreign, isTransactionId, misfit } from "./session_owner.ts";

/** The report of an end, as the charger sent it. */
export interface SessionStop {
  transaction_id?: number | undefined;
  id_tag?: string | undefined;
  /** Wh. */
  meter_stop?: number | undefined;
  reason?: string | undefined;
  /** By the charger's clock. */
  timestamp?: string | undefined;
  /** Samples of the session. */
  values?: RawMeterValue[] | undefined;
  /** The name of the message, for the security log. */
  message: string;
}

const DEFAULT_REASON = "Local"; // OCPP 1.6 §4.10
const MAX_TAG = 20; // OCPP 1.6 §7.15
const CLOCK_TOLERANCE = 300_000; // ms

/** Ends the session with the charger's figures; for an unknown session an orphan is stored. Resolves when it is committed. */
export async function stopSession(report: SessionStop, context: Context): Promise<void> {
  if (isUnstored(context)) await storeRecord(context);
  const found = await sessionOf(report, context);
  if (found && isRepeated(found)) await repeated(found, report, context);
  else if (found) await stop(found, report, context);
  else await orphan(report, context);
}

/** Returns the session by id and charger; without an id, the only running one (OCPP.Core#29, errata 3.18). */
async function sessionOf(report: SessionStop, context: Context): Promise<Transaction | undefined> {
  const { transaction_id, message } = report;
  const { store, charger_id } = context;
  if (!isTransactionId(transaction_id)) {
    const [only, ...others] = store.transactions.active(charger_id);
    if (!only || others.length) return;
    addFlags(only, ["guessed"]);
    return only;
  }
  const recovered = recoveredSession(transaction_id, context);
  if (recovered) return recovered;
  const transaction = await store.transactions.get(transaction_id);
  if (!transaction) return await endedRecovery(transaction_id, context);
  if (transaction.charger_id !== charger_id) foreign(transaction_id, message, context);
  else if (fits(report, transaction, context)) return transaction;
  else misfit(transaction_id, message, context);
}

/** Returns true unless tag or time show that the report is about another session, to which the id was given before a restore. */
function fits(report: SessionStop, transaction: Transaction, context: Context): boolean {
  return tagFits(report.id_tag, transaction, context) &&
    (timeFits(report, transaction, context) || meterFits(report, transaction));
}

/** Returns true for the tag of the start or one of its group (OCPP 1.6 §4.2), and if either is absent or too long to be one. */
function tagFits(reported: string | undefined, { id_tag }: Transaction, context: Context): boolean {
  const tag = tagOf(reported ?? "", context);
  return tag === "" || id_tag === "" || tag.length > MAX_TAG || sameGroup(tag, id_tag, context.store);
}

/** Returns true for an end that is not before the start, by the charger's clock or the gateway's. */
function timeFits({ timestamp }: SessionStop, transaction: Transaction, context: Context): boolean {
  const { at, doubtful } = reportedTime(timestamp, context);
  const start = Math.min(Date.parse(transaction.start_time), Date.parse(transaction.start_received));
  return doubtful || at >= start - CLOCK_TOLERANCE;
}

/** Returns true if the meter has moved since the start: the charger's clock was set back meanwhile. */
function meterFits({ meter_stop }: SessionStop, { meter_start }: Transaction): boolean {
  return meter_stop !== undefined && meter_start !== null && meter_stop > meter_start;
}

/** Returns true if the charger itself has already ended the session; an end by the gateway is replaced by the charger's. */
function isRepeated(transaction: Transaction): boolean {
  return transaction.state === "completed" && transaction.stop_received !== null;
}

/** Keeps the first report; a different one is flagged as a conflict for the operator. */
async function repeated(
  transaction: Transaction,
  { meter_stop }: SessionStop,
  context: Context,
): Promise<void> {
  const { transactions } = context.store;
  const differs = transaction.meter_stop !== (meter_stop ?? null) && !transaction.flags.includes("conflict");
  if (differs) addFlags(transaction, ["conflict"]);
  const under_way = transactions.activeById(transaction.transaction_id); // the first is not committed yet
  if (differs || under_way) await transactions.put(transaction);
}

async function stop(transaction: Transaction, report: SessionStop, context: Context): Promise<void> {
  const { store, events, charger_id } = context;
  const before = { ...transaction };
  const stored = storeSamples(transaction, report.values, context);
  complete(transaction, report, context);
  try {
    const told = storeTold(transaction, store, (more) => store.transactions.put(transaction, { more }));
    await Promise.all([stored, told]);
  } catch (error) {
    Object.assign(transaction, before); // nothing was stored; the charger will repeat it
    throw error;
  }
  dropTxProfiles(transaction, store);
  events.emit("transaction", charger_id, () => transactionView(transaction));
}

/** Counts the samples, and stores them as readings, which are the only part of a session that the bounds of readings leave out. */
async function storeSamples(
  transaction: Transaction,
  reported: RawMeterValue[] = [],
  context: Context,
): Promise<void> {
  if (reported.length === 0) return;
  const values = storable(reported);
  const at = values.map(({ timestamp }) => reportedTime(timestamp, context).at);
  const stored = readingRefusal(context) === null ? add(transaction, { values, at }, context) : undefined;
  addSamples(transaction, values, at, context);
  await stored;
}

function add(
  { connector_id, transaction_id }: Transaction,
  { values, at }: { values: RawMeterValue[]; at: number[] },
  { store, charger_id, now }: Context,
): Promise<void> {
  return store.readings.add({
    charger_id,
    connector_id,
    transaction_id,
    received: now(),
    at,
    meter_value: values,
    last: false,
  });
}

/** Flags that a reported end disproves. */
const OVERTAKEN = ["no-stop", "suspect", "unaccounted"];

function complete(transaction: Transaction, report: SessionStop, context: Context): void {
  const { at, doubtful } = reportedTime(report.timestamp, context);
  const meter_stop = report.meter_stop ?? null;
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
    stop_reason: report.reason ?? DEFAULT_REASON,
    energy_wh,
    stop_received: toIso(context.now()),
  });
}

/** Stores a session that the gateway does not know, so that its energy is visible (steve#156); a repeated report adds nothing. */
async function orphan(report: SessionStop, context: Context): Promise<void> {
  const { store, events, charger_id } = context;
  const key = orphanKey(report, context);
  if (await store.transactions.startedBy(charger_id, startOf(key)) !== undefined) return;
  const transaction = orphanFrom(report, context);
  const stored = storeSamples(transaction, report.values, context);
  const told = storeTold(transaction, store, (messages) => store.transactions.add(transaction, messages));
  await Promise.all([stored, told]);
  events.emit("transaction", charger_id, () => transactionView(transaction));
}

/** Returns the key by which an orphan is found if its report is repeated. */
function orphanKey({ transaction_id, timestamp, meter_stop, id_tag }: SessionStop, context: Context) {
  const start_timestamp = `stop ${transaction_id} ${timestamp} ${meter_stop}`;
  return { connector_id: 0, id_tag: tagOf(id_tag ?? "", context), start_timestamp, meter_start: null };
}

/** Makes a completed session of which only the end is known; its energy is unknown, not 0. */
function orphanFrom(report: SessionStop, context: Context): Transaction {
  const { at, doubtful } = reportedTime(report.timestamp, context);
  const received = toIso(context.now());
  return {
    transaction_id: context.store.transactions.nextId(),
    charger_id: context.charger_id,
    ...orphanKey(report, context),
    start_time: toIso(at),
    stop_time: toIso(at),
    meter_stop: report.meter_stop ?? null,
    stop_reason: report.reason ?? DEFAULT_REASON,
    energy_wh: null,
    state: "completed",
    simulated: context.state.simulated,
    flags: doubtful ? ["orphan", "clock"] : ["orphan"],
    start_received: received,
    stop_received: received,
    id_tag_status: "Invalid",
    reservation_id: null,
    reported_transaction_id: report.transaction_id ?? null,
    energy: beginEnergy(null, at),
    energy_seq: context.store.readings.sequence,
  };
}
