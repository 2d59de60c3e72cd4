// Translation of the domain's commands into messages of OCPP 1.6.
import { OcppError } from "../ocpp/error.ts";
import type { Send } from "../ocpp/protocol.ts";
import type { ChargerPort, PortAnswer, SessionLimit, Trigger } from "../site/charger_port.ts";
import { configurationOf, valueOf } from "../site/configuration/configuration.ts";
import type { Context } from "../site/context.ts";
import { authorizationKeyOf } from "../site/security/key_change.ts";
import { loadPort } from "./load_limits.ts";
import { requestOf } from "./send_local_list.ts";

const TRIGGERS: Record<Trigger, string> = {
  boot: "BootNotification",
  diagnostics_status: "DiagnosticsStatusNotification",
  firmware_status: "FirmwareStatusNotification",
  heartbeat: "Heartbeat",
  meter_values: "MeterValues",
  status: "StatusNotification",
};

/** Statuses that mean success; Unknown: the charger has no such profile, as if it was cleared. */
const ACCEPTED = /^(Accepted|RebootRequired|Scheduled|Unknown|Unlocked)$/;
const UNSUPPORTED = /^Not(Implemented|Supported)$/;
const WATTS_PER_AMPERE = 690; // three phases at 230 V

/** Returns the commands of the charger that `send` reaches. */
export function chargerPort(send: Send, context: Context): ChargerPort {
  const ask = async (command: string, payload: Record<string, unknown>) =>
    answerOf(await send(command, payload));
  const write = async (key: string, value: string) => {
    const answer = await ask("ChangeConfiguration", { key, value });
    return { ...answer, needs_reboot: answer.status === "RebootRequired" };
  };
  const configurationValue = async (key: string) => {
    const known = await knownValue(key, context);
    if (known !== undefined) return known;
    await send("GetConfiguration", { key: [key] });
    return await knownValue(key, context) ?? null;
  };
  const port: ChargerPort = {
    ...loadPort({ send, ask, configurationValue, now: context.now }),
    startSession: ({ connector_id, id_tag }) =>
      ask("RemoteStartTransaction", { connectorId: connector_id, idTag: id_tag }),
    stopSession: (transaction_id) => ask("RemoteStopTransaction", { transactionId: transaction_id }),
    setLimit: async (limit) => await ask("SetChargingProfile", await profileOf(limit, port)),
    clearLimits: (id) => ask("ClearChargingProfile", id === undefined ? {} : { id }),
    unlock: (connector_id) => ask("UnlockConnector", { connectorId: connector_id }),
    reset: (type) => ask("Reset", { type }),
    setAvailability: (connector_id, operative) =>
      ask("ChangeAvailability", { connectorId: connector_id, type: operative ? "Operative" : "Inoperative" }),
    readConfiguration: async (key) => void await send("GetConfiguration", key ? { key } : {}),
    configurationValue,
    writeConfiguration: write,
    setPassword: async (password) => await write("AuthorizationKey", authorizationKeyOf(password)),
    trigger: (report, connector_id) => trigger(ask, TRIGGERS[report], connector_id),
    readLocalListVersion: async () => void await send("GetLocalListVersion", {}),
    sendLocalList: (update) => ask("SendLocalList", { ...requestOf(update) }),
    syncLocalList: () => ask("SendLocalList", {}),
    reserve: ({ connector_id, id_tag, expires_at }) =>
      ask("ReserveNow", { connectorId: connector_id, idTag: id_tag, expiryDate: expires_at }),
    cancelReservation: (reservation_id) => ask("CancelReservation", { reservationId: reservation_id }),
    getDiagnostics: async () => void await send("GetDiagnostics", {}),
    sendCertificate: (chain) => ask("CertificateSigned", { certificateChain: chain }),
  };
  return port;
}

function answerOf({ status }: Record<string, unknown>): PortAnswer {
  const word = String(status ?? "Accepted");
  const outcome = ACCEPTED.test(word) ? "accepted" : UNSUPPORTED.test(word) ? "unsupported" : "refused";
  return { outcome, status: word };
}

/** Converts an error that means that the charger does not know the message into an answer. */
async function trigger(
  ask: (command: string, payload: Record<string, unknown>) => Promise<PortAnswer>,
  requestedMessage: string,
  connector_id: number | undefined,
): Promise<PortAnswer> {
  const place = connector_id === undefined ? {} : { connectorId: connector_id };
  try {
    return await ask("TriggerMessage", { requestedMessage, ...place });
  } catch (error) {
    if (!(error instanceof OcppError) || !UNSUPPORTED.test(error.code)) throw error;
    return { outcome: "unsupported", status: error.code };
  }
}

/** Returns the last known value of a key; null if the charger does not have the key, undefined if that is not known. */
async function knownValue(key: string, { store, charger_id }: Context): Promise<string | null | undefined> {
  const configuration = await configurationOf(store, charger_id);
  const missing = configuration.unknown.some((name) => name.toLowerCase() === key.toLowerCase());
  return valueOf(configuration, key) ??
    (missing || configuration.complete_at !== null ? null : undefined);
}

/** Makes a TxProfile of the highest stack level, in a unit that the charger supports. */
async function profileOf(
  { connector_id, profile_id, limit_a }: SessionLimit,
  port: ChargerPort,
): Promise<Record<string, unknown>> {
  const units = await port.configurationValue("ChargingScheduleAllowedChargingRateUnit");
  const in_watts = units !== null && !/current|^a$/i.test(units);
  const highest = Number(await port.configurationValue("ChargeProfileMaxStackLevel") ?? 0);
  const limit = in_watts ? limit_a * WATTS_PER_AMPERE : limit_a;
  return {
    connectorId: connector_id,
    csChargingProfiles: {
      chargingProfileId: profile_id,
      stackLevel: Number.isInteger(highest) ? highest : 0,
      chargingProfilePurpose: "TxProfile",
      chargingProfileKind: "Relative",
      chargingSchedule: {
        chargingRateUnit: in_watts ? "W" : "A",
        chargingSchedulePeriod: [{ startPeriod: 0, limit }],
      },
    },
  };
}
