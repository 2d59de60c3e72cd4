// Simulator options and scenarios made from a real charger: its BootNotification, configuration and recorded messages.
import { isRecord } from "../../ocpp/frame.ts";
import { readTime } from "../../ocpp/time.ts";
import type { SimulatorConfig } from "../config.ts";
import type { ShownKey } from "../charger/configuration.ts";
import type { Scenario } from "./scenario.ts";
import type { Step, StepOf } from "./verbs.ts";

/** The data of a real charger. */
export interface Original {
  charger_id: string;
  /** Payload of its BootNotification. */
  boot: Record<string, unknown>;
  /** Ids of its connectors, without 0. */
  connectors: readonly number[];
  /** Its answer to GetConfiguration. */
  configuration: readonly ShownKey[];
}

/** A recorded message: `in` came from the charger. */
export interface Recorded {
  at: string;
  direction: "in" | "out";
  message: unknown;
}

/** Configuration keys that are not copied: secrets, and the connection's. */
const OWN =
  /^(AuthorizationKey|SecurityProfile|NumberOfConnectors|WebSocketPingInterval)$|password|secret|host|url|apn/i;
const IDENTITY = ["chargePointVendor", "chargePointModel", "chargePointSerialNumber", "firmwareVersion"];

/** Returns the options of a simulator that looks like a charger to its central system. */
export function cloneOf({ charger_id, boot, connectors, configuration }: Original): SimulatorConfig {
  const text = (name: string, most: number) =>
    typeof boot[name] === "string" ? boot[name].slice(0, most) : "";
  const values = configuration.filter(({ key, value }) => value !== undefined && !OWN.test(key));
  const interval = Number(values.find(({ key }) => key === "MeterValueSampleInterval")?.value);
  const rest = Object.entries(boot).filter(([name, value]) =>
    typeof value === "string" && !IDENTITY.includes(name)
  );
  return {
    cp_path: `${encodeURIComponent(charger_id)}/`,
    vendor: text("chargePointVendor", 20),
    model: text("chargePointModel", 20),
    serial_number: text("chargePointSerialNumber", 25),
    firmware_version: text("firmwareVersion", 50),
    boot_fields: Object.fromEntries(rest) as Record<string, string>,
    connectors: Math.max(1, ...connectors),
    ...(interval > 0 ? { interval } : {}),
    configuration: Object.fromEntries(values.map(({ key, value }) => [key, String(value)])),
  };
}

/** Makes a scenario of a charger's recorded CALLs, with the pauses between them. */
export function replayOf(
  name: string,
  recorded: readonly Recorded[],
  options: SimulatorConfig = {},
): Scenario {
  const answers = answersIn(recorded);
  const steps: Step[] = [];
  let last = NaN;
  for (const { at, direction, message } of recorded) {
    const call = direction === "in" ? callIn(message, answers) : null;
    if (!call) continue;
    const seconds = Math.round((readTime(at) - last) / 100) / 10;
    if (seconds > 0) steps.push({ wait: seconds });
    last = readTime(at);
    steps.push(call);
  }
  return { name, about: `Recorded messages of ${name}`, options, steps };
}

/** Messages that a simulator sends without a scenario. */
const AUTOMATIC = ["BootNotification", "Heartbeat"];

function callIn(message: unknown, answers: Map<unknown, Record<string, unknown>>): StepOf<"call"> | null {
  if (!Array.isArray(message) || message[0] !== 2 || typeof message[2] !== "string") return null;
  const [, id, call, payload] = message as [2, unknown, string, unknown];
  if (AUTOMATIC.includes(call)) return null;
  const transaction_id = call === "StartTransaction" ? answers.get(id)?.transactionId : undefined;
  return {
    call,
    payload: isRecord(payload) ? payload : {},
    ...(typeof transaction_id === "number" ? { transaction_id } : {}),
  };
}

function answersIn(recorded: readonly Recorded[]): Map<unknown, Record<string, unknown>> {
  const answers = new Map<unknown, Record<string, unknown>>();
  for (const { direction, message } of recorded) {
    if (direction !== "out" || !Array.isArray(message) || message[0] !== 3) continue;
    if (isRecord(message[2])) answers.set(message[1], message[2]);
  }
  return answers;
}
