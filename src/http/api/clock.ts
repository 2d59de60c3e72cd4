// /ocpp/clock/: the gateway's clock.
import type { Maintenance } from "../../machine/maintenance.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import type { Store } from "../../store/store.ts";
import { invalidField } from "../input.ts";
import { route } from "../route.ts";
import { Body, named, Nullable, Time } from "../schemas.ts";

const EARLIEST = Date.UTC(2025, 0, 1);

const CLOCK = {
  now: Time,
  system_now: Time,
  source: Type.Enum(["synchronized", "operator", "system", "held", "none"], {
    description: "held: the time before a leap of the system's clock that nobody has confirmed",
  }),
  trusted: Type.Boolean(),
  reason: Nullable(
    Type.String({ description: "Reason why it is not trusted, or why deletions are suspended" }),
  ),
  offset_ms: Type.Number({ description: "The gateway's time minus the system's" }),
  last_step: Nullable(Type.Object({ at: Time, from: Time, to: Time })),
};

/** The state of the clock. */
export const ClockSchema = named("Clock", Type.Object(CLOCK));

const ClockAnswer = Type.Object({
  ...CLOCK,
  settled: Type.Boolean({ description: "Time before which nothing is deleted by age" }),
  steps: Type.Array(
    Type.Object({ at: Type.Number(), from: Type.Number(), to: Type.Number() }, {
      description: "ms since 1970",
    }),
  ),
});

interface ClockDeps {
  maintenance: Pick<Maintenance, "clock" | "clock_monitor">;
  store: Store;
}

/** The routes of /ocpp/clock/. */
export const clockRoutes = [
  route({
    method: "GET",
    path: "/ocpp/clock/",
    role: "viewer",
    summary: "The gateway's clock, its source and its steps",
    response: ClockAnswer,
    handle: (_, deps: ClockDeps) => stateOf(deps),
  }),
  route({
    method: "POST",
    path: "/ocpp/clock/",
    role: "admin",
    summary: "Set the gateway's clock",
    audit: { action: "create", kind: "clock" },
    body: Body({ now: Time }),
    response: ClockAnswer,
    handle({ body }, deps: ClockDeps) {
      const time = Date.parse(body.now);
      if (!(time >= EARLIEST)) throw invalidField("now", "must be a time after 2025-01-01");
      deps.maintenance.clock_monitor.set(time);
      return stateOf(deps);
    },
  }),
];

function stateOf({ maintenance: { clock }, store }: ClockDeps) {
  return { ...clock.describe(), settled: clock.settled, steps: store.clock.get("clock")?.steps ?? [] };
}
