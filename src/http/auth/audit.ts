// Who did what: every request that changed something is kept, secrets masked.
import type { Context, MiddlewareHandler } from "hono";
import { mask } from "../../central/redaction.ts";
import { describeError } from "../../log.ts";
import { exceptStorageErrors } from "../../store/kv/commits.ts";
import type { AuditEntry } from "../../store/store.ts";
import { identityOrNull, peerOf } from "./identity.ts";
import type { Services } from "../services.ts";

/** What an entry says beside who, when and where from. */
export type AuditAction =
  & Pick<AuditEntry, "action" | "kind" | "id" | "details">
  & Partial<Pick<AuditEntry, "who" | "via">>;

const MAX_DETAILS = 2_000;
const VERBS: Record<string, string> = { POST: "create", PUT: "change", PATCH: "change", DELETE: "delete" };

/** Keeps a deed. It is written in the background: nobody waits for it. */
export function recordAudit(c: Context, deed: AuditAction, { store, log, now }: Services): void {
  const identity = identityOrNull(c);
  const entry = {
    at: new Date(now()).toISOString(),
    who: identity?.name ?? "",
    via: identity?.via ?? "none",
    address: peerOf(c).address,
    ...deed,
    details: shortened(mask(deed.details)),
  } satisfies Omit<AuditEntry, "sequence">;
  store.audit.add(entry, store.settings.audit_entries).catch(
    exceptStorageErrors((error) => log.error("Cannot write the audit log", { error: describeError(error) })),
  );
}

/** Keeps every request that changed something. */
export function audited(services: Services): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (VERBS[c.req.method] && c.res.status < 400) recordAudit(c, deedOf(c), services);
  };
}

/** `POST /ocpp/chargers/CP1/action/` with a command is that command, done to charger CP1. */
function deedOf(c: Context): AuditAction {
  const [, kind = "", id = "", ...rest] = c.req.path.split("/").filter((part) => part !== "").map(decoded);
  const body = c.get("body") as Record<string, unknown> | undefined;
  const command = typeof body?.action === "string" ? body.action : rest.join("/");
  const action = rest.length || (id && body?.action) ? command : VERBS[c.req.method]!;
  return {
    action,
    kind: kind.replace(/s$/, ""),
    id: id || (c.req.method === "POST" ? nameIn(body) : ""),
    details: body ?? null,
  };
}

function nameIn(body: Record<string, unknown> | undefined): string {
  const name = body?.charger_id ?? body?.rfid ?? body?.name ?? body?.label ?? "";
  return typeof name === "string" ? name : "";
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function shortened(details: unknown): unknown {
  const text = JSON.stringify(details) ?? "null";
  return text.length <= MAX_DETAILS ? details : `${text.slice(0, MAX_DETAILS)}…`;
}
