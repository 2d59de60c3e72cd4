// The everyday commands: what each asks the operator, and what it sends.
import type { Role } from "../store/store.ts";
import { call, chargerPath } from "./api.ts";
import type { IconName } from "./icons.tsx";
import type { CommandAnswer } from "./types.ts";

/** A command's name. */
export type CommandName =
  | "start"
  | "stop"
  | "unlock"
  | "reset"
  | "availability"
  | "limit"
  | "trigger"
  | "clear_cache"
  | "composite"
  | "reserve"
  | "firmware"
  | "diagnostics";

/** A question of a command's form. */
export type Asked =
  | "card"
  | "connector"
  | "any_connector"
  | "session"
  | "kind"
  | "state"
  | "limit"
  | "unit"
  | "message"
  | "file"
  | keyof typeof TIMES;

/** Times that are asked for, and whether they must be given. */
export const TIMES = { until: true, ends: false, at: false, from: false };

/** An everyday command. */
export interface Command {
  icon: IconName;
  danger: boolean;
  /** Who may send it, where that is not only an admin. */
  role?: Role;
  asks: Asked[];
  /** The REST action and payload for what was filled in. */
  of(fields: Record<string, string>): { action: string; payload: Record<string, unknown> };
}

export const COMMAND: Record<CommandName, Command> = {
  start: {
    icon: "play",
    danger: false,
    role: "operator",
    asks: ["card", "any_connector"],
    of: ({ card, connector }) => ({
      action: "remote_start",
      payload: { idTag: card, ...optionalConnector(connector) },
    }),
  },
  stop: {
    icon: "stop",
    danger: true,
    role: "operator",
    asks: ["session"],
    of: ({ session }) => ({ action: "remote_stop", payload: { transactionId: Number(session) } }),
  },
  unlock: {
    icon: "unlock",
    danger: true,
    role: "operator",
    asks: ["connector"],
    of: ({ connector }) => ({ action: "unlock_connector", payload: { connectorId: Number(connector) } }),
  },
  availability: {
    icon: "off",
    danger: true,
    asks: ["any_connector", "state"],
    of: ({ connector, state }) => ({
      action: "change_availability",
      payload: { connectorId: Number(connector), type: state },
    }),
  },
  limit: { icon: "flag", danger: false, asks: ["any_connector", "limit", "unit", "ends"], of: limitOf },
  composite: {
    icon: "report",
    danger: false,
    asks: ["any_connector"],
    of: ({ connector }) => ({
      action: "get_composite_schedule",
      payload: { connectorId: Number(connector), duration: DAY },
    }),
  },
  reserve: {
    icon: "waiting",
    danger: false,
    asks: ["card", "any_connector", "until"],
    of: ({ card, connector, until }) => ({
      action: "reserve_now",
      payload: { idTag: card, connectorId: Number(connector), ...timeOf("expiryDate", until) },
    }),
  },
  trigger: {
    icon: "events",
    danger: false,
    asks: ["message", "any_connector"],
    of: ({ message, connector }) => ({
      action: "trigger_message",
      payload: { requestedMessage: message, ...optionalConnector(connector) },
    }),
  },
  reset: {
    icon: "reset",
    danger: true,
    asks: ["kind"],
    of: ({ kind }) => ({ action: "reset", payload: { type: kind } }),
  },
  firmware: {
    icon: "upload",
    danger: true,
    asks: ["file", "at"],
    of: ({ file, at }) => ({ action: "update_firmware", payload: { file, ...timeOf("retrieveDate", at) } }),
  },
  diagnostics: {
    icon: "download",
    danger: false,
    asks: ["from"],
    of: ({ from }) => ({ action: "get_diagnostics", payload: timeOf("startTime", from) }),
  },
  clear_cache: { icon: "trash", danger: true, asks: [], of: () => ({ action: "clear_cache", payload: {} }) },
};

/** Messages that a charger can be asked for. */
export const TRIGGERS = [
  "StatusNotification",
  "MeterValues",
  "Heartbeat",
  "BootNotification",
  "DiagnosticsStatusNotification",
  "FirmwareStatusNotification",
];

/** A charger's answer, and how long it took. */
export interface TimedAnswer extends CommandAnswer {
  ms: number;
}

/** Sends a command and waits for the charger. Throws ApiError. */
export async function sendCommand(
  charger_id: string,
  action: string,
  payload: Record<string, unknown>,
): Promise<TimedAnswer> {
  const started = performance.now();
  const answer = await call<CommandAnswer>("POST", `${chargerPath(charger_id)}action/`, { action, payload });
  return { ...answer, ms: Math.round(performance.now() - started) };
}

function optionalConnector(connector: string | undefined): { connectorId?: number } {
  return connector && connector !== "0" ? { connectorId: Number(connector) } : {};
}

/** A field for a time, where one was given. */
function timeOf(name: string, local: string | undefined): Record<string, string> {
  return local ? { [name]: new Date(local).toISOString() } : {};
}

/** A TxDefaultProfile of one period; 0 takes ours away again, since a kept 0 locks chargers. */
function limitOf({ connector, unit, ends, ...given }: Record<string, string>) {
  const connectorId = Number(connector);
  const limit = Number(given.limit);
  if (limit === 0) {
    const payload = { id: PROFILE_ID + connectorId };
    return { action: "clear_charging_profile", payload };
  }
  const csChargingProfiles = {
    chargingProfileId: PROFILE_ID + connectorId,
    stackLevel: 0,
    chargingProfilePurpose: "TxDefaultProfile",
    chargingProfileKind: "Relative",
    ...timeOf("validTo", ends),
    chargingSchedule: { chargingRateUnit: unit, chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
  };
  return { action: "set_charging_profile", payload: { connectorId, csChargingProfiles } };
}

const PROFILE_ID = 100;
const DAY = 86_400; // s
