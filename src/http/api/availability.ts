// /ocpp/availability/: how much of a month each charger was connected, and how often and how long it was faulted.
import { type Interval, labelAt, readInterval } from "../../calendar.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import type { AvailabilityService } from "../../services/availability.ts";
import type { AvailabilitySums, Charger, Store } from "../../store/store.ts";
import { csvResponse } from "../csv.ts";
import { HttpError } from "../http_error.ts";
import { route } from "../route.ts";
import { FORMAT, Nullable, PAGE, page, pageBehind, Time } from "../schemas.ts";

const FAULTS = {
  faults: Type.Integer(),
  faulted_s: Type.Number({ description: "Time in which it was Faulted while the charger was connected" }),
};

const Row = Type.Object({
  charger_id: Type.String(),
  name: Type.String(),
  simulated: Type.Boolean(),
  from: Type.String({ format: "date-time", description: "Begin of the count" }),
  up_s: Type.Number({ description: "Connected" }),
  down_s: Type.Number({ description: "Not connected" }),
  unknown_s: Type.Number({ description: "The gateway was off, or had just started" }),
  uptime: Nullable(Type.Number({ description: "up_s as a share of up_s and down_s; null: both are 0" })),
  disconnections: Type.Integer(),
  ...FAULTS,
  connectors: Type.Array(Type.Object({ connector_id: Type.Integer(), ...FAULTS })),
});

const COLUMNS = [
  "charger_id",
  "name",
  "connector_id",
  "from",
  "up_s",
  "down_s",
  "unknown_s",
  "uptime",
  "disconnections",
  "faults",
  "faulted_s",
] as const;

interface AvailabilityApiDeps {
  store: Store;
  availability: Pick<AvailabilityService, "sumsOf">;
  now: () => number;
}

/** The routes of /ocpp/availability/. */
export const availabilityRoutes = [
  route({
    method: "GET",
    path: "/ocpp/availability/",
    role: "viewer",
    summary: "Connected and faulted time of the chargers in a month",
    query: Type.Object({
      month: Type.Optional(
        Type.String({ description: "YYYY-MM, of the site's zone; left out: this month, up to now" }),
      ),
      ...PAGE,
      ...FORMAT,
    }),
    response: Type.Object({
      month: Type.String(),
      from: Time,
      to: Type.String({ format: "date-time", description: "The month's end, or now" }),
      time_zone: Type.String(),
      ...page("availability", Row).properties,
    }),
    also: { 200: "text/csv" },
    async handle({ query: { month: asked, format, ...paging } }, deps: AvailabilityApiDeps) {
      const { store, now } = deps;
      const { time_zone } = store.calendar;
      const { from, to } = monthOf(asked, deps);
      const month = labelAt("month", from, time_zone);
      const chargers = store.chargers.all().toSorted((a, b) => a.charger_id < b.charger_id ? -1 : 1);
      if (format === "csv") {
        return csvResponse(`availability-${month}`, COLUMNS, lines(chargers, month, deps));
      }
      const { records, next } = pageBehind(chargers, paging, ({ charger_id }) => charger_id);
      const rows = await Promise.all(records.map((charger) => rowOf(charger, month, deps)));
      return {
        month,
        from: new Date(from).toISOString(),
        to: new Date(Math.max(from, Math.min(to, now()))).toISOString(),
        time_zone,
        availability: rows.filter((row) => row !== null),
        next,
      };
    },
  }),
];

/** Returns the interval of the month that is asked for. Throws HttpError 400. */
function monthOf(month: string | undefined, { store: { calendar }, now }: AvailabilityApiDeps): Interval {
  if (month === undefined) return calendar.intervalAt("month", now());
  const interval = /^\d{4}-\d\d$/.test(month) ? readInterval(month, calendar.time_zone) : null;
  if (interval) return interval;
  throw new HttpError("invalid_query", "month must be YYYY-MM", { values: { field: "month" } });
}

async function rowOf(charger: Charger, month: string, { availability }: AvailabilityApiDeps) {
  const { charger_id, name, simulated } = charger;
  const sums = await availability.sumsOf(charger_id, month);
  return sums
    ? { charger_id, name: name || charger_id, simulated: simulated === true, ...figuresOf(sums) }
    : null;
}

function figuresOf({ from, up_ms, down_ms, unknown_ms, ...sums }: AvailabilitySums) {
  const known = up_ms + down_ms;
  return {
    from: new Date(from).toISOString(),
    up_s: up_ms / 1000,
    down_s: down_ms / 1000,
    unknown_s: unknown_ms / 1000,
    uptime: known > 0 ? up_ms / known : null,
    disconnections: sums.disconnections,
    faults: sums.connectors.reduce((sum, { faults }) => sum + faults, 0),
    faulted_s: sums.faulted_ms / 1000,
    connectors: sums.connectors.map(({ connector_id, faults, faulted_ms }) => ({
      connector_id,
      faults,
      faulted_s: faulted_ms / 1000,
    })),
  };
}

/** A line for each charger, then one for each of its connectors that had a fault. */
async function* lines(chargers: readonly Charger[], month: string, deps: AvailabilityApiDeps) {
  for (const charger of chargers) {
    const row = await rowOf(charger, month, deps);
    if (!row) continue;
    const { connectors, ...rest } = row;
    yield { ...rest, connector_id: null };
    for (const one of connectors) yield { charger_id: row.charger_id, name: row.name, ...one };
  }
}
