// Acceptance tests of chargers.
import type { Text } from "../../i18n/messages.ts";
import type { RecordedMessage } from "./simulator.ts";

/** An acceptance test of a charger. */
export interface Commissioning {
  commissioning_id: number;
  charger_id: string;
  /** `broken_off`: can be resumed. */
  state: "running" | "broken_off" | "done";
  started_at: string;
  ended_at: string | null;
  installer: string;
  notes: string;
  gateway_version: string;
  /** Connectors to test. */
  connectors: number[];
  /** Steps to skip. */
  without: string[];
  /** Deadlines and limits, defined in `services/commissioning/options.ts`. */
  options: Record<string, number | string>;
  /** The step under way. */
  current: CurrentStep | null;
  before: Before;
  /** The reason for breaking off. */
  reason: Text | null;
  /** The name of who has accepted the results; it is gone when a step is repeated. */
  signature?: { name: string; at: string } | null;
}

/** The step under way. */
export interface CurrentStep {
  step: string;
  connector_id: number;
  since: string;
  /** The installer's task. */
  prompt: Text | null;
  /** The task's identifier. */
  ask: string | null;
  /** The task's deadline. */
  until: string | null;
}

/** The charger's state before the test, to be restored. */
export interface Before {
  /** Connectors that were out of service. */
  inoperative: number[];
  /** Connectors with a changed availability that is not restored yet. */
  switched?: number[];
  /** Changed configuration keys with their old values. */
  configuration: Record<string, string>;
  /** Charging profiles sent and not cleared yet. */
  profiles: number[];
}

/** The identity of a step's result; connector 0 is the charger itself. */
export interface ResultId {
  commissioning_id: number;
  step: string;
  connector_id: number;
}

/** The result of a step. */
export interface CommissioningResult extends ResultId {
  /** `observation`: it did what was asked, and there is something that people should know. */
  result: "pass" | "observation" | "fail" | "skip";
  reason: Text;
  /** Measurements by name: numbers and short texts. */
  figures: Record<string, number | string>;
  at: string;
  seconds: number;
}

/** The messages exchanged during a step, as evidence of its result. */
export interface CommissioningFrames extends ResultId {
  frames: RecordedMessage[];
}

/** Returns the key of a step's result and of its evidence. */
export function resultKey({ commissioning_id, step, connector_id }: ResultId): string {
  return `${commissioning_id}/${step}/${connector_id}`;
}
