// /ocpp/chargers/{charger_id}/readings/: every sampled value.
import type { Static } from "typebox";
import type { CentralSystem } from "../../../central/central_system.ts";
import { Type } from "../../../ocpp/schema_builder.ts";
import type { ReadingFilter } from "../../../store/readings/readings.ts";
import type { Store } from "../../../store/store.ts";
import { csvResponse } from "../../csv.ts";
import { HttpError } from "../../http_error.ts";
import { route } from "../../route.ts";
import {
  FORMAT,
  named,
  Nullable,
  OptionalTime,
  PAGE,
  page,
  type QueryOf,
  SPAN,
  Time,
} from "../../schemas.ts";

const HOUR = 3_600_000;

const COLUMNS = [
  "at",
  "charger_id",
  "connector_id",
  "transaction_id",
  "measurand",
  "value",
  "unit",
  "phase",
  "context",
  "location",
  "format",
] as const;

const QUERY = {
  ...SPAN,
  measurand: Type.Optional(Type.String()),
  connector_id: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  transaction_id: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })),
};

const ReadingSchema = named(
  "Reading",
  Type.Object({
    at: Time,
    charger_id: Type.String(),
    connector_id: Type.Integer(),
    transaction_id: Nullable(Type.Integer()),
    measurand: Type.String(),
    value: Type.Union([
      Type.Number(),
      Type.String({ description: "The text as received, if it is not a number" }),
    ]),
    unit: Type.String(),
    phase: Nullable(Type.String()),
    context: Type.String(),
    location: Type.String(),
    format: Type.String(),
  }),
);

const Missing = named(
  "MissingReadings",
  Type.Object({
    connector_id: Nullable(Type.Integer({ description: "null: of some connector of some charger" })),
    from: OptionalTime,
    to: OptionalTime,
    reason: Type.String(),
  }),
);

interface ReadingDeps {
  store: Store;
  central: Pick<CentralSystem, "registeredId">;
}

/** The routes of /ocpp/chargers/{charger_id}/readings/. */
export const readingRoutes = [
  route({
    method: "GET",
    path: "/ocpp/chargers/{charger_id}/readings/",
    role: "viewer",
    summary: "A charger's sampled values, oldest first; those of a forgotten charger too",
    query: Type.Object({ ...QUERY, ...PAGE, ...FORMAT }),
    response: Type.Object({
      ...page("readings", ReadingSchema).properties,
      missing: Type.Optional(
        Type.Array(Missing, { description: "What is known to be damaged in this span" }),
      ),
    }),
    also: { 200: "text/csv" },
    async handle({ params, query: { format, limit = 100, cursor, ...query } }, deps: ReadingDeps) {
      const { readings } = deps.store;
      const filter = { charger_id: deps.central.registeredId(params.charger_id), ...filterOf(query) };
      if (format === "csv") return csvResponse("readings", COLUMNS, readings.scan(filter));
      try {
        const found = await readings.query({ ...filter, limit, ...(cursor ? { cursor } : {}) });
        const missing = missingOf(filter, deps.store);
        return { ...found, ...(missing.length > 0 ? { missing } : {}) };
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new HttpError("invalid_query", "cursor is invalid: send the next of the previous page", {
          values: { field: "cursor" },
        });
      }
    },
  }),
];

/** Returns the spans of a charger's readings in damaged values. The journal's are of all chargers. */
function missingOf(
  { charger_id, connector_id, from = -Infinity, to = Infinity }: ReadingFilter,
  store: Store,
): Static<typeof Missing>[] {
  return store.damages.all().flatMap((
    { table, key: [of, hour, connector], reason },
  ): Static<typeof Missing>[] => {
    if (table === "journal") return [{ connector_id: null, from: null, to: null, reason }];
    if (table !== "chunk" || of !== charger_id || typeof hour !== "number") return [];
    if (connector_id !== undefined && connector_id !== connector) return [];
    const span = { from: hour * HOUR, to: (hour + 1) * HOUR };
    if (span.from >= to || span.to <= from) return [];
    const [began, ended] = [span.from, span.to].map((time) => new Date(time).toISOString());
    return [{ connector_id: Number(connector), from: began!, to: ended!, reason }];
  });
}

function filterOf({ from, to, ...filter }: QueryOf<typeof QUERY>) {
  return {
    ...filter,
    ...(from === undefined ? {} : { from: Date.parse(from) }),
    ...(to === undefined ? {} : { to: Date.parse(to) }),
  };
}
