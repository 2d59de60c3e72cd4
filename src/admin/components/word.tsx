// OCPP's and the gateway's codes in words: outside a charger's Expert tab nobody reads `SuspendedEV` or `no-stop`.
import {
  LOG_ACTIONS,
  LOG_ALARMS,
  LOG_CLOSES,
  LOG_COMMANDS,
  LOG_FAULTS,
  LOG_OUTCOMES,
  LOG_REASONS,
  LOG_RECORDS,
  LOG_SECURITY,
} from "../../i18n/admin/log_words.ts";
import { JOBS } from "../../i18n/admin/jobs.ts";
import { FLAGS } from "../../i18n/admin/sessions.ts";
import { STATES } from "../../i18n/admin/states.ts";
import type { Messages } from "../../i18n/messages.ts";
import { hasMessage, messages } from "../i18n.ts";

const WORDS = {
  action: LOG_ACTIONS,
  alarm: LOG_ALARMS,
  close: LOG_CLOSES,
  command: LOG_COMMANDS,
  fault: LOG_FAULTS,
  flag: FLAGS,
  job: JOBS,
  object: LOG_RECORDS,
  outcome: LOG_OUTCOMES,
  reason: LOG_REASONS,
  security: LOG_SECURITY,
  state: STATES,
};

/** A kind of codes. */
export type WordKind = keyof typeof WORDS;

/** Returns the words of a code; of one that nobody knows, its own words apart: `TamperDetected` is "tamper detected". */
export function wordOf(kind: WordKind, code: unknown): string {
  const key: string = String(code ?? "");
  const table: Messages = WORDS[kind];
  return hasMessage(table, key) ? messages(table)(key) : apart(key);
}

function apart(code: string): string {
  return /^([A-Z]+[a-z]+){2,}$/.test(code) ? code.replace(/([a-z])(?=[A-Z])/g, "$1 ").toLowerCase() : code;
}

/** The words of a code. */
export function Word({ kind, of }: { kind: WordKind; of: unknown }) {
  return <>{wordOf(kind, of)}</>;
}
