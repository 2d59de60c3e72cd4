// Commands by MQTT: each becomes a request to REST with the token of the settings, so that its role, its checks and the
// audit are those of REST.
import { isRecord } from "../../../ocpp/frame.ts";
import type { Store } from "../../../store/store.ts";
import type { ChargerTopic, CommandTopic } from "./topics.ts";

/** A command as REST takes it. */
export interface RestCommand {
  method: "POST" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
  /** Comes back with the answer. */
  request_id?: unknown;
}

/** A command to a charger. */
interface Action {
  action: string;
  payload?: unknown;
  request_id?: unknown;
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
  deps: { store: Store; id_tag: string },
): RestCommand | string {
  if (bytes.length > MAX_BYTES) return `The message is larger than ${MAX_BYTES} bytes`;
  const text = new TextDecoder().decode(bytes).trim();
  if (topic.kind === "circuit_limit") return circuitLimitOf(topic.circuit, text);
  const command = actionOf(topic, text, deps);
  if (typeof command === "string") return command;
  const { action, payload, request_id } = command;
  const path = `/ocpp/chargers/${encodeURIComponent(topic.charger_id)}/action/`;
  return { method: "POST", path, body: { action, ...payload === undefined ? {} : { payload } }, request_id };
}

/** Reads a limit of a circuit: its fields as REST has them, or OFF, which ends the one of this login. */
function circuitLimitOf(circuit: string, text: string): RestCommand | string {
  const path = `/ocpp/circuits/${encodeURIComponent(circuit)}/limit/`;
  if (text === "OFF") return { method: "DELETE", path };
  const fields = objectIn(text);
  if (typeof fields === "string") return `${fields}, or OFF`;
  const { request_id, ...body } = fields;
  return { method: "PUT", path, body, request_id };
}

function actionOf(
  { kind, connector_id, charger_id }: ChargerTopic,
  text: string,
  { store, id_tag }: { store: Store; id_tag: string },
): Action | string {
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

function readAction(text: string): Action | string {
  const fields = objectIn(text);
  if (typeof fields === "string") return fields;
  const { action, payload, request_id } = fields;
  return typeof action === "string" ? { action, payload, request_id } : "action must be a string";
}

function objectIn(text: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // as for other values
  }
  return "The message must be a JSON object";
}

function stopOf(charger_id: string, connector_id: number, store: Store): Action | string {
  const session = store.transactions.activeOn(charger_id, connector_id);
  if (!session) return `Connector ${connector_id} has no session`;
  return { action: "remote_stop", payload: { transactionId: session.transaction_id } };
}

function limitOf(text: string, connectorId: number): Action | string {
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
  { method, path, body }: RestCommand,
  { token, rest }: { token: string; rest: (request: Request) => Promise<Response> },
): Promise<Omit<CommandAnswer, "request_id">> {
  const answer = await rest(
    new Request(`http://localhost${path}`, {
      method,
      headers: { host: "localhost", "content-type": "application/json", authorization: `Bearer ${token}` },
      ...body === undefined ? {} : { body: JSON.stringify(body) },
    }),
  );
  return { status: answer.status, body: await answer.json().catch(() => null) };
}
