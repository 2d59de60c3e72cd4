// /ocpp/audit/: the audit log.
import { Type } from "../../ocpp/schema_builder.ts";
import type { AuditFilter } from "../../store/audit_log.ts";
import type { AuditEntry, Store } from "../../store/store.ts";
import { csvResponse } from "../csv.ts";
import { route } from "../route.ts";
import { FORMAT, NUMBERED_PAGE, page, type QueryOf, SPAN, Time } from "../schemas.ts";

const COLUMNS = ["sequence", "at", "who", "via", "address", "action", "kind", "id", "details"] as const;

const QUERY = {
  who: Type.Optional(Type.String()),
  kind: Type.Optional(Type.String()),
  id: Type.Optional(Type.String()),
  ...SPAN,
  ...NUMBERED_PAGE,
};

const Entry = Type.Object({
  sequence: Type.Integer(),
  at: Time,
  who: Type.String({ description: "The user's name or the token's label; empty: nobody was logged in" }),
  via: Type.Enum(["session", "basic", "token", "set-up", "none"]),
  address: Type.String(),
  action: Type.String(),
  kind: Type.String(),
  id: Type.String(),
  details: Type.Unknown({ description: "The request's body, secrets masked" }),
});

/** The routes of /ocpp/audit/. */
export const auditRoutes = [
  route({
    method: "GET",
    path: "/ocpp/audit/",
    role: "operator",
    summary: "Changes and logins, newest first",
    query: Type.Object({ ...QUERY, ...FORMAT }),
    response: page("entries", Entry),
    also: { 200: "text/csv" },
    async handle({ query: { format, limit = 100, ...query } }, { store }: { store: Store }) {
      const found = store.audit.scan(filterOf(query));
      if (format === "csv") return csvResponse("audit", COLUMNS, found);
      const entries: AuditEntry[] = [];
      for await (const entry of found) {
        if (entries.length === limit) return { entries, next: String(entries.at(-1)!.sequence) };
        entries.push(entry);
      }
      return { entries, next: null };
    },
  }),
];

function filterOf({ from, to, ...filter }: Omit<QueryOf<typeof QUERY>, "limit">): AuditFilter {
  return {
    ...filter,
    ...(from === undefined ? {} : { from: Date.parse(from) }),
    ...(to === undefined ? {} : { to: Date.parse(to) }),
  };
}
