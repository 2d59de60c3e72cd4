// SetChargingProfile (OCPP 1.6 §5.16): limits current or power over time.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { isRecord } from "../ocpp/frame.ts";
import { ChargingProfile, ConnectorId, Payload } from "./datatypes.ts";
import type { Transaction } from "../store/store.ts";
import { type Context, Refusal } from "../site/context.ts";
import { checkProfile, installProfile, newProfileId } from "../site/smart_charging/profiles.ts";
import { isLiveProfile } from "../site/smart_charging/own_profiles.ts";
import { wireId } from "../site/sessions/recovered_session.ts";

export const request = Payload({ connectorId: ConnectorId, csChargingProfiles: ChargingProfile });
export const response = Payload({ status: Type.Enum(["Accepted", "Rejected", "NotSupported"]) });
type Request = Static<typeof request>;
type Response = Static<typeof response>;

const STALE_MS = 300_000;
const CHARGING = ["Charging", "SuspendedEV", "SuspendedEVSE"];

/** Fills in an id, and for a TxProfile the connector's running transaction. */
export function fillDefaults(
  payload: Record<string, unknown>,
  { store, charger_id }: Context,
): Record<string, unknown> {
  const profile = payload.csChargingProfiles;
  if (!isRecord(profile)) return payload;
  const running = store.transactions.activeOn(charger_id, Number(payload.connectorId));
  const rides = profile.chargingProfilePurpose === "TxProfile" && running;
  return {
    ...payload,
    csChargingProfiles: {
      chargingProfileId: newProfileId(store, charger_id),
      ...(rides ? { transactionId: wireId(running) } : {}),
      ...profile,
    },
  };
}

/** Throws Refusal if purpose, connector and transaction do not match (OCPP 1.6 §3.13.1, §5.16). */
export function validate({ connectorId, csChargingProfiles: profile }: Request, context: Context): void {
  checkProfile(profile, "csChargingProfiles");
  const { chargingProfilePurpose: purpose, transactionId } = profile;
  if (purpose === "ChargePointMaxProfile" && connectorId !== 0) {
    throw new Refusal("input", "connectorId must be 0 for ChargePointMaxProfile");
  }
  if (purpose === "TxProfile") checkTransaction(connectorId, transactionId, context);
  else if (transactionId !== undefined) {
    throw new Refusal("input", "csChargingProfiles.transactionId is allowed for TxProfile only");
  }
}

/** Throws Refusal unless the TxProfile is for the transaction that is running on the connector. */
function checkTransaction(connectorId: number, transactionId: number | undefined, context: Context): void {
  if (connectorId === 0) throw new Refusal("input", "connectorId must not be 0 for TxProfile");
  const running = context.store.transactions.activeOn(context.charger_id, connectorId);
  if (!running) {
    throw new Refusal(
      "state",
      `Cannot set the profile: no transaction is active on connector ${connectorId}`,
    );
  }
  if (wireId(running) !== transactionId) {
    throw new Refusal(
      "state",
      `Cannot set the profile: transaction ${transactionId} is not active on connector ${connectorId}`,
    );
  }
  if (isStale(running, context)) {
    throw new Refusal(
      "state",
      `Cannot set the profile: transaction ${transactionId} began while the charger was offline`,
    );
  }
}

/** Returns true if the StartTransaction was queued offline, so that a queued StopTransaction may follow (OCPP 1.6 §5.16.1). */
function isStale(
  { connector_id, start_time, start_received }: Transaction,
  { store, charger_id }: Context,
): boolean {
  if (Date.parse(start_received) - Date.parse(start_time) <= STALE_MS) return false;
  const connectors = store.chargers.get(charger_id)?.connectors ?? [];
  const status = connectors.find((connector) => connector.connector_id === connector_id)?.status;
  return !CHARGING.includes(status ?? "");
}

/** Stores the profile in the mirror if the charger has accepted it. */
export async function onResponse(request: Request, { status }: Response, context: Context): Promise<void> {
  if (status !== "Accepted") return;
  const { connectorId, csChargingProfiles: profile } = request;
  const running = profile.chargingProfilePurpose === "TxProfile"
    ? context.store.transactions.activeOn(context.charger_id, connectorId)
    : undefined;
  const transaction_id = running?.transaction_id ?? null;
  const in_memory = isLiveProfile(profile.chargingProfileId);
  await installProfile(connectorId, profile, { transaction_id, in_memory }, context);
}
