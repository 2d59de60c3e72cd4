// The audit log: every request that changed something, with its secrets masked.
import type { Context } from "hono";
import { mask } from "../../central/redaction.ts";
import { describeError, type Log } from "../../log.ts";
import { exceptStorageErrors } from "../../store/kv/commits.ts";
import type { AuditEntry, Store } from "../../store/store.ts";
import { identityOrNull, peerOf } from "./identity.ts";

/** The parts that audit entries are written with. */
export interface AuditDeps {
  store: Store;
  log: Log;
  /** ms since 1970. */
  now: () => number;
}

/** An entry without its author, time and address. */
export type AuditAction =
  & Pick<AuditEntry, "action" | "kind" | "id" | "details">
  & Partial<Pick<AuditEntry, "who" | "via">>;

const MAX_DETAILS = 2_000;

/** Writes an entry, in the background: the request does not wait for it. */
export function recordAudit(c: Context, action: AuditAction, { store, log, now }: AuditDeps): void {
  const identity = identityOrNull(c);
  const entry = {
    at: new Date(now()).toISOString(),
    who: identity?.name ?? "",
    via: identity?.via ?? "none",
    address: peerOf(c).address,
    ...action,
    details: shortened(mask(action.details)),
  } satisfies Omit<AuditEntry, "sequence">;
  store.audit.add(entry, store.settings.audit_entries).catch(
    exceptStorageErrors((error) => log.error("Cannot write the audit log", { error: describeError(error) })),
  );
}

function shortened(details: unknown): unknown {
  const text = JSON.stringify(details) ?? "null";
  return text.length <= MAX_DETAILS ? details : `${text.slice(0, MAX_DETAILS)}…`;
}
