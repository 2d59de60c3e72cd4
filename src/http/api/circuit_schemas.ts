// Schemas of circuits and of load management in REST.
import { Type } from "../../ocpp/schema_builder.ts";
import { MeterSchema } from "../../site/load/feed_meter.ts";
import { DAYS } from "../../site/load/site_clock.ts";
import { named, Nullable, OptionalTime, Time } from "../schemas.ts";

const Currents = Type.Tuple([Type.Number(), Type.Number(), Type.Number()], {
  description: "A on L1, L2, L3",
});

/** The settable fields of a circuit. */
export const CIRCUIT = {
  parent: Nullable(Type.String({ description: "The circuit that feeds it" })),
  max_current_a: Nullable(
    Type.Number({ exclusiveMinimum: 0, maximum: 10_000, description: "A on each phase" }),
  ),
  max_power_w: Nullable(
    Type.Number({ exclusiveMinimum: 0, maximum: 10_000_000, description: "W, all phases" }),
  ),
  policy: Type.Enum(["equal", "first_come", "priority"], {
    description: "The order where there is not enough for all; that of the topmost circuit decides",
  }),
  meter: Nullable(MeterSchema),
  meter_timeout_s: Type.Number({ minimum: 1, maximum: 3600 }),
  without_meter_a: Nullable(
    Type.Number({
      minimum: 0,
      maximum: 10_000,
      description:
        "A on each phase for chargers while the meter is silent; null: the sum of their fail-safe limits",
    }),
  ),
  max_imbalance_a: Nullable(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 1000,
      description: "A by which chargers may load phases apart",
    }),
  ),
  reserve_a: Type.Number({
    minimum: 0,
    maximum: 10_000,
    description:
      "A kept free on each phase for other loads that rise faster than cars follow; needs a meter. Once they are known for a day, no more than up to their highest of the last seven days",
  }),
  enabled: Type.Boolean(),
};

/** The fields of a limit from outside. */
export const OUTSIDE_LIMIT = {
  limit_a: Type.Optional(
    Nullable(Type.Number({ minimum: 0, maximum: 10_000, description: "A on each phase" })),
  ),
  limit_w: Type.Optional(
    Nullable(Type.Number({ minimum: 0, maximum: 10_000_000, description: "W, all phases" })),
  ),
  source: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 64,
      description:
        "Its origin: a later limit of the same source replaces it; left out: the name of the login",
    }),
  ),
  expires_at: Type.Optional({ ...Time, description: "Its end; or valid_s" }),
  valid_s: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 31 * 86_400,
      description: "Its length, however the clock is moved meanwhile; or expires_at",
    }),
  ),
};

const ClockTime = Type.String({ pattern: "^([01]\\d|2[0-3]):[0-5]\\d$", description: "HH:MM" });
const { limit_a, limit_w } = OUTSIDE_LIMIT;

/** Limits of a circuit at times of the day. */
export const ScheduleSchema = Type.Array(
  Type.Object({
    days: Type.Optional(
      Type.Array(Type.Enum([...DAYS]), {
        minItems: 1,
        maxItems: 7,
        uniqueItems: true,
        description: "Those on which it begins; left out: all",
      }),
    ),
    from: ClockTime,
    to: { ...ClockTime, description: "HH:MM; not later than from: on the next day" },
    limit_a,
    limit_w,
  }, { additionalProperties: false }),
  { maxItems: 50, description: "Limits at times of the day, by the site's clocks" },
);

/** A limit of a circuit besides its own. */
const LimitSchema = Type.Object({
  kind: Type.Enum(["outside", "schedule"]),
  source: Type.String({ description: "Of a limit from outside" }),
  limit_a: Nullable(Type.Number()),
  limit_w: Nullable(Type.Number()),
  until: OptionalTime,
});

/** The subjects of a reason. */
const ReasonValues = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Null()]),
);

/** A circuit with its live figures. */
export const CircuitSchema = named(
  "Circuit",
  Type.Object({
    name: Type.String(),
    ...CIRCUIT,
    schedule: ScheduleSchema,
    created_at: Time,
    measured_a: Nullable(Currents),
    measured_at: OptionalTime,
    allocated_a: Currents,
    available_a: Nullable(Currents),
    mode: Type.Enum(["normal", "meter_lost", "over"]),
    limits: Type.Array(LimitSchema, { description: "Those that hold besides its own" }),
    meter_error: Nullable(Type.String({ description: "Why the last reading of its meter failed" })),
  }),
);

/** A connector of a managed charger. */
export const LoadConnectorSchema = named(
  "LoadConnector",
  Type.Object({
    charger_id: Type.String(),
    connector_id: Type.Integer(),
    circuit: Type.String(),
    phases: Type.Array(Type.Enum(["L1", "L2", "L3"])),
    state: Type.Enum(["idle", "charging", "waiting", "failsafe", "uncontrolled"]),
    allocated_a: Nullable(Type.Number({ description: "The limit that it was sent last" })),
    confirmed_a: Nullable(Type.Number({ description: "The limit that it accepted last" })),
    budgeted_a: Type.Number({ description: "The most that it may draw by what is known for certain" }),
    drawn_a: Nullable(Currents),
    reason: Type.String(),
    shared_with: Type.Integer({
      description: "The other cars that charge or wait under the same topmost circuit",
    }),
    reason_values: ReasonValues,
    safe_alone: Type.Boolean({ description: "False: without the gateway nothing limits it" }),
    surplus: Type.Boolean({ description: "True: it charges from the surplus alone" }),
    transaction_id: Nullable(Type.Integer()),
  }),
);

/** A decision on a connector's limit. */
export const LoadDecisionSchema = named(
  "LoadDecision",
  Type.Object({
    sequence: Type.Integer(),
    at: Time,
    charger_id: Type.String(),
    connector_id: Type.Integer(),
    from_a: Nullable(Type.Number()),
    to_a: Nullable(Type.Number()),
    reason: Type.String(),
    reason_values: Type.Optional(ReasonValues),
    answer: Type.String({ description: "What the charger answered" }),
  }),
);

/** A meter's values: currents, or the power alone, which then counts as if all of it flowed on each phase. */
export const FEED_VALUES = {
  current_a: Type.Optional(Currents),
  power_w: Type.Optional(Type.Number({ minimum: -10_000_000, maximum: 10_000_000 })),
};
