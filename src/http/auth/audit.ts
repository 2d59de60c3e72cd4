// The audit log: every request that changed something, with its secrets masked.
import type { Context } from "hono";
import { mask } from "../../central/redaction.ts";
import type { Activity, Occurrence } from "../../site/activity/activity.ts";
import { describeError, type Log } from "../../log.ts";
import { exceptStorageErrors } from "../../store/kv/commits.ts";
import type { AuditEntry, Store } from "../../store/store.ts";
import { identityOrNull, peerOf } from "./identity.ts";

/** The parts that audit entries are written with. */
export interface AuditDeps {
  store: Store;
  log: Log;
  /** The event log, which has the outline of each entry. */
  activity: Pick<Activity, "note">;
  /** ms since 1970. */
  now: () => number;
}

/** An entry without its author, time and address. */
export type AuditAction =
  & Pick<AuditEntry, "action" | "kind" | "id" | "details">
  & Partial<Pick<AuditEntry, "who" | "via">>
  & {
    /** True for a command to a charger, which the event log has with its answer. */
    is_command?: boolean;
  };

const MAX_DETAILS = 2_000;

/** Writes an entry, in the background: the request does not wait for it. */
export function recordAudit(
  c: Context,
  { is_command = false, ...action }: AuditAction,
  deps: AuditDeps,
): void {
  const { store, log, now } = deps;
  const identity = identityOrNull(c);
  const entry = {
    at: new Date(now()).toISOString(),
    who: identity?.name ?? "",
    via: identity?.via ?? "none",
    address: peerOf(c).address,
    ...action,
    details: shortened(mask(action.details)),
  } satisfies Omit<AuditEntry, "sequence">;
  if (!is_command) deps.activity.note(occurrenceOf(entry));
  store.audit.add(entry, store.settings.audit_entries).catch(
    exceptStorageErrors((error) => log.error("Cannot write the audit log", { error: describeError(error) })),
  );
}

/** The outline of an entry in the event log; a refused login is one that anybody can cause. */
function occurrenceOf(
  { who, action, kind: object, id, address }: Omit<AuditEntry, "sequence" | "at">,
): Occurrence {
  const user = who === "" ? undefined : who;
  if (action === "login") return { kind: "login", user, values: { address } };
  if (action === "login refused") {
    const values = { name: id, address };
    return { kind: "login_refused", severity: "warning", values, by_stranger: true, subject: address };
  }
  return { kind: "change", user, values: { action, object, id } };
}

function shortened(details: unknown): unknown {
  const text = JSON.stringify(details) ?? "null";
  return text.length <= MAX_DETAILS ? details : `${text.slice(0, MAX_DETAILS)}…`;
}
