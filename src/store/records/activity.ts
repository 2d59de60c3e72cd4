// The site's event log: what happened, as codes and values; the clients word it.

/** The kinds of entries. A kind keeps its meaning for ever, since stored entries name it. */
export const ACTIVITY_KINDS = [
  "connected",
  "disconnected",
  "boot",
  "identity",
  "fault",
  "fault_ended",
  "card_refused",
  "charger_refused",
  "session_started",
  "session_ended",
  "command",
  "firmware",
  "security",
  "alarm",
  "alarm_ended",
  "gateway_started",
  "gateway_stopped",
  "clock_stepped",
  "backup",
  "change",
  "login",
  "login_refused",
] as const;

/** The kinds by what they are about; each is in one group. */
export const ACTIVITY_GROUPS = {
  sessions: ["session_started", "session_ended", "card_refused"],
  chargers: ["connected", "disconnected", "boot", "identity", "fault", "fault_ended"],
  commands: ["command", "firmware"],
  security: ["security", "charger_refused", "login", "login_refused"],
  changes: ["change"],
  gateway: ["alarm", "alarm_ended", "gateway_started", "gateway_stopped", "clock_stepped", "backup"],
} as const satisfies Record<string, readonly typeof ACTIVITY_KINDS[number][]>;

/** The name of a group of kinds. */
export type ActivityGroup = keyof typeof ACTIVITY_GROUPS;

/** The severities, the lowest first. */
export const ACTIVITY_SEVERITIES = ["info", "warning", "error"] as const;

/** The kind of an entry. */
export type ActivityKind = typeof ACTIVITY_KINDS[number];

/** The severity of an entry. */
export type ActivitySeverity = typeof ACTIVITY_SEVERITIES[number];

/** The figures and codes of an entry; texts have at most 100 characters. */
export type ActivityValues = Record<string, string | number | boolean | null>;

/** An entry of the event log. */
export interface ActivityEntry {
  sequence: number;
  /** The time of the event; of several in one entry, that of the first. */
  at: string;
  kind: ActivityKind;
  severity: ActivitySeverity;
  charger_id: string | null;
  connector_id: number | null;
  /** The user or the token that did it; null: nobody did, or nobody was logged in. */
  user: string | null;
  /** Those of the newest event of the entry. */
  values: ActivityValues;
  /** The number of events: what repeats itself often shares one entry. */
  count: number;
  /** The time of the newest event of the entry; null: it has one. */
  until: string | null;
}
