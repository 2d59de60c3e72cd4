// The registration of chargers: their boot, and the commands that one may not be sent before it is accepted.
import { OcppError } from "../ocpp/error.ts";
import type { Charger, Registration } from "../store/store.ts";
import { chargerOf } from "./charger_record.ts";
import { chargerView } from "./charger_view.ts";
import { type Context, Refusal } from "./context.ts";
import type { ReportedIdentity } from "./events.ts";
import { isReplacedDevice } from "./device_identity.ts";
import { noteSecurity } from "./security/security_log.ts";
import { suspect } from "./sessions/session_owner.ts";

/** The identity that a charger reports of itself. */
export type ChargerIdentity = ReportedIdentity;

/** The answer to a boot. `interval_s`: between heartbeats; until the next attempt where the charger is not accepted. */
export interface BootAnswer {
  status: Registration;
  interval_s: number;
}

const RETRY_AFTER_S = 60;
/** A replaced device asks again once an hour. */
const REPLACED_RETRY_S = 3600;

/**
 * Registers a charger that has booted. Running sessions are not changed, but marked as doubtful. `boot`: the report as
 * received, without unknown fields, which may be of any size. Nobody is accepted while the gateway's clock is not trusted.
 */
export async function registerBoot(
  identity: ChargerIdentity,
  boot: Record<string, unknown>,
  context: Context,
): Promise<BootAnswer> {
  const { store, state, events, now, trusted = () => true, charger_id } = context;
  const known = chargerOf(context);
  state.is_replaced = isReplacedDevice(known, identity);
  if (state.is_replaced) return refuseReplaced(identity, context);
  if (!await mayBeStored(known, context)) {
    if (isUnstored(context)) store.chargers.keepInMemory({ ...chargerOf(context), ...identity });
    return { status: "Pending", interval_s: RETRY_AFTER_S };
  }
  const charger = store.chargers.get(charger_id) ?? known;
  const accepted = charger.registration === "Accepted" && trusted();
  const booted_at = accepted ? new Date(now()).toISOString() : charger.booted_at;
  const booted = { ...charger, ...identity, boot, booted_at };
  await store.chargers.put(booted);
  events.emit("charger", charger_id, () => chargerView(booted, state, store));
  events.emit("booted", charger_id, () => ({ before: identityOf(charger), after: identity }));
  await suspect(store.transactions.active(charger_id), context);
  return {
    status: !accepted && charger.registration === "Accepted" ? "Pending" : charger.registration,
    interval_s: accepted ? store.settings.heartbeat_interval : RETRY_AFTER_S,
  };
}

/** Answers a device that another one has replaced: it is told to stay away, and leaves no trace in the record. */
function refuseReplaced({ serial_number }: ChargerIdentity, context: Context): BootAnswer {
  noteSecurity("ReplacedDevice", `The device ${serial_number} was replaced by another one`, context);
  return { status: "Rejected", interval_s: REPLACED_RETRY_S };
}

function identityOf({ vendor, model, serial_number, firmware_version }: Charger): ReportedIdentity {
  return { vendor, model, serial_number, firmware_version };
}

/** Resolves with false for a charger without a stored record, where the limits allow no more of them. */
async function mayBeStored(charger: Charger, { store, newcomers }: Context): Promise<boolean> {
  if (!newcomers || store.chargers.isStored(charger.charger_id)) return true;
  return await newcomers.admits(charger);
}

/** Returns true if a charger's record is in memory only; it then has to be stored before its sessions and readings. */
export function isUnstored({ store, charger_id }: Context): boolean {
  return store.chargers.isUnstored(charger_id);
}

/** Stores the record of a charger that charges without having booted. Throws OcppError where the limits forbid it. */
export async function storeRecord(context: Context): Promise<void> {
  const charger = chargerOf(context);
  if (!await mayBeStored(charger, context)) {
    throw new OcppError("SecurityError", "Too many new chargers: this one is not registered yet");
  }
  const { chargers } = context.store;
  await chargers.put(chargers.get(charger.charger_id) ?? charger);
}

/** Throws Refusal for a charger that is not Accepted: it may get no RemoteStart and no RemoteStop (OCPP 1.6 §4.2). */
export function refuseUnlessAccepted({ store, charger_id }: Context): void {
  const registration = store.chargers.get(charger_id)?.registration;
  if (registration !== "Accepted") {
    throw new Refusal("state", `Cannot send: the charger is ${registration ?? "unknown"}`);
  }
}

/** Throws Refusal for a Rejected charger, which may be sent nothing (OCPP 1.6 §4.2). */
export function refuseIfRejected({ store, charger_id }: Context): void {
  if (store.chargers.get(charger_id)?.registration === "Rejected") {
    throw new Refusal("state", "Cannot send: the charger is Rejected");
  }
}

/** Throws Refusal for a disconnected charger; for commands that store data before they are sent. */
export function refuseUnlessConnected({ state, charger_id }: Context): void {
  if (state.connected_since === null) {
    throw new Refusal("state", `Cannot send: charger ${charger_id} is not connected`);
  }
}

/** Throws Refusal if the charger was already accepted on this connection, so that it need not boot again (errata 3.40). */
export function refuseSecondBoot({ store, charger_id, state }: Context): void {
  const charger = store.chargers.get(charger_id);
  const booted = Date.parse(charger?.booted_at ?? "") >= state.connectedAt();
  if (charger?.registration === "Accepted" && booted) {
    throw new Refusal(
      "state",
      "Cannot trigger BootNotification: the charger's last one was already accepted",
    );
  }
}
