// /ocpp/audit/: who did what.
import { type Context, Hono } from "hono";
import type { AuditFilter } from "../../store/audit_log.ts";
import type { AuditEntry } from "../../store/store.ts";
import { csvResponse } from "../csv.ts";
import { queryLimit, queryNumber, queryTime } from "../input.ts";
import type { Services } from "../services.ts";

const COLUMNS = ["sequence", "at", "who", "via", "address", "action", "kind", "id", "details"] as const;

/** The route of the audit log. */
export function auditRoutes({ store }: Services): Hono {
  const app = new Hono({ strict: false });
  app.get("/", async (c) => {
    const filter = filterOf(c);
    if (c.req.query("format") === "csv") return csvResponse("audit", COLUMNS, store.audit.scan(filter));
    const limit = queryLimit(c);
    const entries: AuditEntry[] = [];
    for await (const entry of store.audit.scan(filter)) {
      if (entries.length === limit) return c.json({ entries, next: String(entries.at(-1)!.sequence) });
      entries.push(entry);
    }
    return c.json({ entries, next: null });
  });
  return app;
}

function filterOf(c: Context): AuditFilter {
  const words = Object.fromEntries(["who", "kind", "id"].flatMap((name) => {
    const value = c.req.query(name);
    return value === undefined ? [] : [[name, value]];
  }));
  const from = queryTime(c, "from");
  const to = queryTime(c, "to");
  const cursor = queryNumber(c, "cursor", 0, Number.MAX_SAFE_INTEGER);
  return {
    ...words,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}
