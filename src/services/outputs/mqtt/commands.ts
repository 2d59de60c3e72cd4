// Commands by MQTT: each becomes a request to REST with the token of the settings, so that its role, its checks and the
// audit are those of REST.
import type { Store } from "../../../store/store.ts";
import type { CommandTopic } from "./topics.ts";

/** A command as REST takes it. */
export interface RestCommand {
  action: string;
  payload?: Record<string, unknown>;
}

/** An answer as it is published. */
export interface CommandAnswer {
  /** The `request_id` of the command; null: it had none. */
  request_id: unknown;
  /** The HTTP status. */
  status: number;
  body: unknown;
}

const MAX_BYTES = 65_536;
const MAX_A = 1000;
const LIMIT_ID = 100; // the profile of the admin's limit: the newer of both replaces the other

/** Reads a command; a text says what is wrong with it. */
export function readCommand(
  topic: CommandTopic,
  bytes: Uint8Array,
  { store, id_tag }: { store: Store; id_tag: string },
): (RestCommand & { request_id?: unknown }) | string {
  if (bytes.length > MAX_BYTES) return `The message is larger than ${MAX_BYTES} bytes`;
  const text = new TextDecoder().decode(bytes).trim();
  const { kind, connector_id, charger_id } = topic;
  switch (kind) {
    case "action":
      return readAction(text);
    case "charging":
      if (text === "ON") {
        return { action: "remote_start", payload: { idTag: id_tag, connectorId: connector_id } };
      }
      return text === "OFF" ? stopOf(charger_id, connector_id, store) : "The message must be ON or OFF";
    case "available":
      if (text !== "ON" && text !== "OFF") return "The message must be ON or OFF";
      return {
        action: "change_availability",
        payload: { connectorId: connector_id, type: text === "ON" ? "Operative" : "Inoperative" },
      };
    case "limit":
      return limitOf(text, connector_id);
  }
}

function readAction(text: string): (RestCommand & { request_id?: unknown }) | string {
  try {
    const { action, payload, request_id } = JSON.parse(text) as Record<string, unknown>;
    if (typeof action !== "string") return "action must be a string";
    return {
      action,
      ...(payload === undefined ? {} : { payload: payload as Record<string, unknown> }),
      request_id,
    };
  } catch {
    return "The message must be a JSON object";
  }
}

function stopOf(charger_id: string, connector_id: number, store: Store): RestCommand | string {
  const session = store.transactions.activeOn(charger_id, connector_id);
  if (!session) return `Connector ${connector_id} has no session`;
  return { action: "remote_stop", payload: { transactionId: session.transaction_id } };
}

function limitOf(text: string, connectorId: number): RestCommand | string {
  const limit = Number(text);
  if (text === "" || !(limit >= 0 && limit <= MAX_A)) {
    return `The message must be a number from 0 to ${MAX_A}, A`;
  }
  const csChargingProfiles = {
    chargingProfileId: LIMIT_ID + connectorId,
    stackLevel: 0,
    chargingProfilePurpose: "TxDefaultProfile",
    chargingProfileKind: "Relative",
    chargingSchedule: {
      chargingRateUnit: "A",
      chargingSchedulePeriod: [{ startPeriod: 0, limit: Math.round(limit * 10) / 10 }],
    },
  };
  return { action: "set_charging_profile", payload: { connectorId, csChargingProfiles } };
}

/** Asks REST as the bearer of a token. */
export async function askRest(
  charger_id: string,
  command: RestCommand,
  { token, rest }: { token: string; rest: (request: Request) => Promise<Response> },
): Promise<Omit<CommandAnswer, "request_id">> {
  const path = `/ocpp/chargers/${encodeURIComponent(charger_id)}/action/`;
  const { action, payload } = command;
  const answer = await rest(
    new Request(`http://localhost${path}`, {
      method: "POST",
      headers: { host: "localhost", "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ action, ...(payload === undefined ? {} : { payload }) }),
    }),
  );
  return { status: answer.status, body: await answer.json().catch(() => null) };
}
