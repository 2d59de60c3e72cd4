// /ocpp/chargers/{charger_id}/readings/: every sampled value.
import type { Static } from "typebox";
import type { CentralSystem } from "../../../central/central_system.ts";
import { Type } from "../../../ocpp/schema_builder.ts";
import { bucketSpan, type ReadingFilter } from "../../../store/readings/readings.ts";
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

const Values = Type.Array(Nullable(Type.Number()), { description: "One a bucket; null: no reading in it" });

const Summed = Type.Object({
  from: Type.String({ format: "date-time", description: "Start of the first bucket" }),
  to: Type.String({ format: "date-time", description: "End of the last bucket" }),
  step_ms: Type.Integer({ description: "Length of a bucket" }),
  series: Type.Array(Type.Object({
    connector_id: Type.Integer(),
    measurand: Type.String(),
    unit: Type.String(),
    phase: Nullable(Type.String()),
    location: Type.String(),
    readings: Type.Integer(),
    min: Values,
    mean: Type.Array(Nullable(Type.Number()), {
      description:
        "Of the readings, each counting the same; null for a register: the differences of `last` are its flow",
    }),
    max: Values,
    last: Values,
  })),
});

/** The answer to `points`: a value a bucket and series. */
export type SummedReadings = Static<typeof Summed>;

const DAY = 86_400_000;

interface ReadingDeps {
  /** ms since 1970. */
  now: () => number;
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
    query: Type.Object({
      ...QUERY,
      ...PAGE,
      ...FORMAT,
      points: Type.Optional(Type.Integer({
        minimum: 1,
        maximum: 2000,
        description:
          "Answers series of at most that many buckets; from an hour on they are whole hours, UTC. " +
          "Without `from` and `to`: those of the transaction, else the last 24 hours",
      })),
    }),
    response: Type.Object({
      ...page("readings", ReadingSchema).properties,
      missing: Type.Optional(
        Type.Array(Missing, { description: "What is known to be damaged in this span" }),
      ),
    }),
    also: { 200: ["text/csv", Summed] },
    async handle({ params, query: { format, limit = 100, cursor, points, ...query }, c }, deps: ReadingDeps) {
      const { readings } = deps.store;
      const filter = { charger_id: deps.central.registeredId(params.charger_id), ...filterOf(query) };
      if (points !== undefined) return c.json(await summed(filter, points, deps));
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

/** Returns the least, mean and greatest values of each series, by bucket. */
async function summed(
  filter: ReadingFilter,
  points: number,
  { store, now }: ReadingDeps,
): Promise<SummedReadings> {
  const { from, to } = await intervalOf(filter, store, now());
  if (!(from < to)) {
    throw new HttpError("invalid_query", "from must be before to", { values: { field: "from" } });
  }
  const span = bucketSpan(from, to, points);
  return {
    from: new Date(span.from).toISOString(),
    to: new Date(span.from + span.step * span.count).toISOString(),
    step_ms: span.step,
    series: await store.readings.buckets(filter, span),
  };
}

async function intervalOf(
  filter: ReadingFilter,
  store: Store,
  at: number,
): Promise<{ from: number; to: number }> {
  const { transaction_id } = filter;
  const transaction = transaction_id === undefined ? undefined : await store.transactions.get(transaction_id);
  const ended = transaction?.stop_time ? Date.parse(transaction.stop_time) + 1 : at;
  const to = filter.to ?? ended;
  return { from: filter.from ?? (transaction ? Date.parse(transaction.start_time) : to - DAY), to };
}

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
