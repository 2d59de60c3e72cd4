// /ocpp/events/log/: the event log: what happened, newest first.
import type { Context } from "hono";
import type { CentralSystem } from "../../central/central_system.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import { identityOf } from "../../site/device_identity.ts";
import {
  ACTIVITY_GROUPS,
  ACTIVITY_KINDS,
  ACTIVITY_SEVERITIES,
  type ActivityEntry,
  type ActivityGroup,
  type ActivityKind,
  type Store,
} from "../../store/store.ts";
import { eachShownTo, seesTags, type TagMaskDeps } from "../auth/tag_mask.ts";
import { csvResponse } from "../csv.ts";
import { route } from "../route.ts";
import { FORMAT, named, Nullable, NUMBERED_PAGE, OptionalTime, page, SPAN, Time } from "../schemas.ts";

const COLUMNS = [
  "sequence",
  "at",
  "kind",
  "severity",
  "charger_id",
  "connector_id",
  "user",
  "values",
  "count",
  "until",
] as const;

/** Kinds that only operators see, as the audit log. */
const OPERATORS_ONLY: ReadonlySet<ActivityKind> = new Set(["change", "login", "login_refused"]);

const Entry = named(
  "LogEntry",
  Type.Object({
    sequence: Type.Integer(),
    at: Time,
    kind: Type.Enum([...ACTIVITY_KINDS]),
    severity: Type.Enum([...ACTIVITY_SEVERITIES]),
    charger_id: Nullable(Type.String()),
    connector_id: Nullable(Type.Integer()),
    user: Nullable(Type.String({ description: "The user or the token; null for viewers" })),
    values: Type.Record(
      Type.String(),
      Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
      { description: "Codes and figures, by the kind" },
    ),
    count: Type.Integer({ description: "Events in this entry: what repeats itself often shares one" }),
    until: OptionalTime,
  }),
);

interface EventLogDeps extends TagMaskDeps {
  store: Store;
  central: Pick<CentralSystem, "registeredId">;
}

/** The routes of /ocpp/events/log/. */
export const eventLogRoutes = [
  route({
    method: "GET",
    path: "/ocpp/events/log/",
    role: "viewer",
    summary: "What happened, newest first",
    query: Type.Object({
      charger_id: Type.Optional(Type.String()),
      charger: Type.Optional(
        Type.String({ description: "Part of the name, id or OCPP identity of the chargers" }),
      ),
      kind: Type.Optional(Type.Enum([...ACTIVITY_KINDS])),
      group: Type.Optional(
        Type.Enum(Object.keys(ACTIVITY_GROUPS) as ActivityGroup[], { description: "Several kinds" }),
      ),
      severity: Type.Optional(Type.Enum([...ACTIVITY_SEVERITIES])),
      ...SPAN,
      ...NUMBERED_PAGE,
      ...FORMAT,
    }),
    response: page("entries", Entry),
    also: { 200: "text/csv" },
    async handle({ query, c }, deps: EventLogDeps) {
      const { format, limit = 100, from, to, charger_id, charger, ...rest } = query;
      const charger_ids = chargersOf({ charger_id, charger }, deps);
      const filter = { ...rest, charger_ids, from: timeOf(from), to: timeOf(to) };
      const found = shownEntries(c, deps.store.activity.scan(filter));
      if (format === "csv") return csvResponse("events", COLUMNS, eachShownTo(c, found, deps));
      const entries: ActivityEntry[] = [];
      for await (const entry of found) {
        if (entries.length === limit) return { entries, next: String(entries.at(-1)!.sequence) };
        entries.push(entry);
      }
      return { entries, next: null };
    },
  }),
];

/** Returns the ids of the chargers that are asked for; an id that no charger has is one of them, since strangers have entries. */
function chargersOf(
  { charger_id, charger }: { charger_id: string | undefined; charger: string | undefined },
  { store, central }: EventLogDeps,
): ReadonlySet<string> | undefined {
  if (charger_id !== undefined) return new Set([central.registeredId(charger_id)]);
  if (charger === undefined) return undefined;
  const part = charger.trim().toLowerCase();
  const found = store.chargers.all().filter((one) =>
    [one.charger_id, one.name, identityOf(one)].some((text) => text.toLowerCase().includes(part))
  );
  return new Set([charger, ...found.map(({ charger_id }) => charger_id)]);
}

function timeOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}

/** Leaves out what the sender of a request may not see; tags are masked later. */
async function* shownEntries(c: Context, found: AsyncIterable<ActivityEntry>): AsyncGenerator<ActivityEntry> {
  const whole = seesTags(c);
  for await (const entry of found) {
    if (whole) yield entry;
    else if (!OPERATORS_ONLY.has(entry.kind)) yield { ...entry, user: null };
  }
}
