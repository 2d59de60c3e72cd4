// The everyday commands: the questions of each form, and the action and payload that it sends.
import { roleForCommand } from "../http/auth/roles.ts";
import { at, call, can, get } from "./api.ts";
import type { IconName } from "./icons.tsx";
import type { CommandAnswer } from "./types.ts";
import { isoOf } from "./typed_time.ts";

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

/** Fields for times; true: required. */
export const TIMES = { until: true, ends: false, at: false, from: false };

/** An everyday command. */
export interface Command {
  icon: IconName;
  danger: boolean;
  /** Its action in REST, whose role it needs. */
  action: string;
  asks: Asked[];
  /** Returns the payload for what was filled in; `action`: another one than the command's own. */
  send(fields: Record<string, string>): { action?: string; payload: Record<string, unknown> };
}

/** The everyday commands, in the order of their buttons. */
export const COMMANDS: Record<CommandName, Command> = {
  start: {
    icon: "play",
    danger: false,
    asks: ["card", "any_connector"],
    action: "remote_start",
    send: ({ card, connector }) => ({ payload: { idTag: card, ...optionalConnector(connector) } }),
  },
  stop: {
    icon: "stop",
    danger: true,
    asks: ["session"],
    action: "remote_stop",
    send: ({ session }) => ({ payload: { transactionId: Number(session) } }),
  },
  unlock: {
    icon: "unlock",
    danger: true,
    asks: ["connector"],
    action: "unlock_connector",
    send: ({ connector }) => ({ payload: { connectorId: Number(connector) } }),
  },
  availability: {
    icon: "off",
    danger: true,
    asks: ["any_connector", "state"],
    action: "change_availability",
    send: ({ connector, state }) => ({ payload: { connectorId: Number(connector), type: state } }),
  },
  limit: {
    icon: "flag",
    danger: false,
    action: "set_charging_profile",
    asks: ["any_connector", "limit", "unit", "ends"],
    send: limitOf,
  },
  composite: {
    icon: "report",
    danger: false,
    asks: ["any_connector"],
    action: "get_composite_schedule",
    send: ({ connector }) => ({ payload: { connectorId: Number(connector), duration: DAY } }),
  },
  reserve: {
    icon: "waiting",
    danger: false,
    asks: ["card", "any_connector", "until"],
    action: "reserve_now",
    send: ({ card, connector, until }) => ({
      payload: { idTag: card, connectorId: Number(connector), ...timeOf("expiryDate", until) },
    }),
  },
  trigger: {
    icon: "events",
    danger: false,
    asks: ["message", "any_connector"],
    action: "trigger_message",
    send: ({ message, connector }) => ({
      payload: { requestedMessage: message, ...optionalConnector(connector) },
    }),
  },
  reset: {
    icon: "reset",
    danger: true,
    asks: ["kind"],
    action: "reset",
    send: ({ kind }) => ({ payload: { type: kind } }),
  },
  firmware: {
    icon: "upload",
    danger: true,
    asks: ["file", "at"],
    action: "update_firmware",
    send: ({ file, at }) => ({ payload: { file, ...timeOf("retrieveDate", at) } }),
  },
  diagnostics: {
    icon: "download",
    danger: false,
    asks: ["from"],
    action: "get_diagnostics",
    send: ({ from }) => ({ payload: timeOf("startTime", from) }),
  },
  clear_cache: {
    icon: "trash",
    danger: true,
    action: "clear_cache",
    asks: [],
    send: () => ({ payload: {} }),
  },
};

/** Tells whether the user may send a command: the gateway's own rule. */
export function maySend(name: CommandName): boolean {
  return can(roleForCommand(COMMANDS[name].action));
}

/** The messages that a charger can be asked to send. */
export const TRIGGERS = [
  "StatusNotification",
  "MeterValues",
  "Heartbeat",
  "BootNotification",
  "DiagnosticsStatusNotification",
  "FirmwareStatusNotification",
] as const;

/** A charger's answer with its response time in ms. */
export interface TimedAnswer extends CommandAnswer {
  ms: number;
}

/** Sends a command and waits for the charger's answer. Throws ApiError. */
export async function sendCommand(
  charger_id: string,
  action: string,
  payload: Record<string, unknown>,
): Promise<TimedAnswer> {
  const started = performance.now();
  const answer = await call("POST", at("/ocpp/chargers/{charger_id}/action/", { charger_id }), {
    action,
    payload,
  });
  return { ...answer, ms: Math.round(performance.now() - started) };
}

function optionalConnector(connector: string | undefined): { connectorId?: number } {
  return connector && connector !== "0" ? { connectorId: Number(connector) } : {};
}

/** Returns a payload field with the time, or none if no time was given. */
function timeOf(name: string, local: string | undefined): Record<string, string> {
  const time = isoOf(local);
  return time === null ? {} : { [name]: time };
}

/** Returns a TxDefaultProfile of one period. 0 clears the profile instead, since a stored limit of 0 locks chargers. */
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
  return { payload: { connectorId, csChargingProfiles } };
}

/** Returns the command that brings back the limit that holds now, which an operator has set, or that there is none. */
export async function limitBefore(charger_id: string, connectorId: number) {
  const path = at("/ocpp/chargers/{charger_id}/profiles/", { charger_id }, { limit: 1000 });
  const { profiles } = await get(path);
  const id = PROFILE_ID + connectorId;
  const known = profiles.find(({ profile }) => profile.chargingProfileId === id);
  return known
    ? { action: "set_charging_profile", payload: { connectorId, csChargingProfiles: known.profile } }
    : { action: "clear_charging_profile", payload: { id } };
}

const PROFILE_ID = 100;
const DAY = 86_400; // s
