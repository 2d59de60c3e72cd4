// /ocpp/circuits/: fuses and feeders, their limits, and the values of their meters.
import type { Config } from "../../config.ts";
import type { LoadManagement } from "../../services/load/load_management.ts";
import type { FeedMeters } from "../../services/load/meters/feed_meters.ts";
import { Type } from "../../ocpp/schema_builder.ts";
import { contradictionInMeter, type FeedMeter } from "../../site/load/feed_meter.ts";
import { failsafeExcess, makesCircle } from "../../site/load/circuit_tree.ts";
import { loadPlaceOf } from "../../site/load/load_place.ts";
import { VOLTS } from "../../site/load/phases.ts";
import { DAYS } from "../../site/load/site_clock.ts";
import type { Circuit, ScheduledLimit, Store } from "../../store/store.ts";
import { HttpError } from "../http_error.ts";
import { invalidField } from "../input.ts";
import { route } from "../route.ts";
import { Body, PAGE, page, pageBehind } from "../schemas.ts";
import { CIRCUIT, CircuitSchema, FEED_VALUES, ScheduleSchema } from "./circuit_schemas.ts";
import { receiverUrl } from "./receiver_url.ts";
import { circuitNamed, circuitView } from "./circuit_view.ts";
import { refuseExcess } from "./charger/place.ts";

const MAX_CIRCUITS = 200;
const MAX_DEPTH = 8;

const DEFAULTS: Omit<Circuit, "name" | "created_at"> = {
  parent: null,
  max_current_a: null,
  max_power_w: null,
  policy: "equal",
  meter: null,
  meter_timeout_s: 30,
  without_meter_a: null,
  max_imbalance_a: null,
  reserve_a: 0,
  enabled: true,
};

const CHANGES = {
  parent: Type.Optional(CIRCUIT.parent),
  max_current_a: Type.Optional(CIRCUIT.max_current_a),
  max_power_w: Type.Optional(CIRCUIT.max_power_w),
  policy: Type.Optional(CIRCUIT.policy),
  meter: Type.Optional(CIRCUIT.meter),
  meter_timeout_s: Type.Optional(CIRCUIT.meter_timeout_s),
  without_meter_a: Type.Optional(CIRCUIT.without_meter_a),
  max_imbalance_a: Type.Optional(CIRCUIT.max_imbalance_a),
  reserve_a: Type.Optional(CIRCUIT.reserve_a),
  enabled: Type.Optional(CIRCUIT.enabled),
  schedule: Type.Optional(ScheduleSchema),
};

interface CircuitDeps {
  store: Store;
  load: LoadManagement;
  feed_meters: FeedMeters;
  config: Pick<Config, "port" | "tls_port">;
  /** ms since 1970. */
  now: () => number;
}

/** The routes of /ocpp/circuits/. */
export const circuitRoutes = [
  route({
    method: "GET",
    path: "/ocpp/circuits/",
    role: "viewer",
    summary: "All circuits with their live figures, ordered by name",
    query: Type.Object(PAGE),
    response: page("circuits", CircuitSchema),
    handle({ query }, deps: CircuitDeps) {
      const { records, next } = pageBehind(deps.store.circuits.all(), query, ({ name }) => name);
      return { circuits: records.map((circuit) => circuitView(circuit, deps)), next };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/circuits/",
    role: "admin",
    summary: "Create a circuit",
    audit: { action: "create", kind: "circuit", id: "name" },
    body: Body({
      name: Type.String({ minLength: 1, maxLength: 64, pattern: "^[^/\\s]([^/]*[^/\\s])?$" }),
      ...CHANGES,
    }),
    response: CircuitSchema,
    status: 201,
    errors: ["exists", "too_many", "state_forbids"],
    async handle({ body: { name, ...changes } }, deps: CircuitDeps) {
      const { store, now } = deps;
      if (store.circuits.has(name)) {
        throw new HttpError("exists", `Circuit ${name} already exists`, {
          values: { kind: "circuit", id: name },
        });
      }
      if (store.circuits.size >= MAX_CIRCUITS) {
        throw new HttpError("too_many", `There are already ${MAX_CIRCUITS} circuits`, {
          values: { max: MAX_CIRCUITS },
        });
      }
      return await put(
        { name, ...DEFAULTS, created_at: new Date(now()).toISOString(), ...changes } as Circuit,
        deps,
      );
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/circuits/{name}/",
    role: "viewer",
    summary: "A circuit with its live figures",
    response: CircuitSchema,
    handle: ({ params }, deps: CircuitDeps) => circuitView(circuitNamed(params.name, deps), deps),
  }),
  route({
    method: "PATCH",
    path: "/ocpp/circuits/{name}/",
    role: "admin",
    summary: "Change a circuit",
    audit: { action: "change", kind: "circuit", id: "name" },
    body: Body(CHANGES),
    response: CircuitSchema,
    errors: ["state_forbids"],
    handle: ({ params, body }, deps: CircuitDeps) =>
      put({ ...circuitNamed(params.name, deps), ...body } as Circuit, deps),
  }),
  route({
    method: "DELETE",
    path: "/ocpp/circuits/{name}/",
    role: "admin",
    summary: "Delete a circuit that feeds nothing",
    audit: { action: "delete", kind: "circuit", id: "name" },
    response: null,
    errors: ["state_forbids"],
    async handle({ params }, deps: CircuitDeps) {
      const { name } = circuitNamed(params.name, deps);
      const fed = fedBy(name, deps);
      if (fed !== undefined) {
        throw new HttpError("state_forbids", `Circuit ${name} feeds ${fed}: move that to another one first`, {
          values: { name, fed },
        });
      }
      const { circuits, outside_limits } = deps.store;
      await circuits.delete(name);
      const limits = outside_limits.all().filter(({ circuit }) => circuit === name);
      await Promise.all(limits.map((limit) => deps.load.unlimit(limit)));
    },
  }),
  route({
    method: "PUT",
    path: "/ocpp/circuits/{name}/meter/",
    role: "operator",
    summary: "Write what a meter of the kind push measures: the whole circuit's flow, chargers included",
    audit: null,
    body: Body(FEED_VALUES),
    response: null,
    errors: ["state_forbids"],
    handle({ params, body: { current_a, power_w } }, deps: CircuitDeps) {
      const { name, meter } = circuitNamed(params.name, deps);
      if (meter?.kind !== "push") {
        throw new HttpError("state_forbids", `Circuit ${name} has no meter of the kind push`, {
          values: { name },
        });
      }
      const amperes = power_w === undefined ? undefined : power_w / VOLTS;
      const currents = current_a ?? (amperes === undefined ? undefined : [amperes, amperes, amperes]);
      if (!currents) throw invalidField("current_a", "is needed, or power_w");
      deps.load.take({
        circuit_id: name,
        at: deps.now(),
        current_a: currents as [number, number, number],
        net_a: amperes ?? currents.reduce((sum, each) => sum + each, 0),
      });
    },
  }),
];

/** Stores a circuit. Throws HttpError if it does not fit the others, or the fail-safe limits of its chargers. */
async function put(circuit: Circuit, deps: CircuitDeps) {
  const { circuits } = deps.store;
  const circuitOf = (name: string) => circuits.get(name);
  const { name, parent } = circuit;
  if (parent !== null && !circuits.has(parent)) throw invalidField("parent", "must be the name of a circuit");
  if (makesCircle(name, parent, circuitOf)) {
    throw invalidField("parent", "must not be fed by the circuit itself");
  }
  if (depthOf(circuit, circuitOf) > MAX_DEPTH) {
    throw invalidField("parent", `must be less than ${MAX_DEPTH} deep`);
  }
  circuit.meter = checkedMeter(circuit.meter as FeedMeter | null, deps) as Circuit["meter"];
  if (circuit.schedule) circuit.schedule = circuit.schedule.map(checkedEntry);
  refuseExcess(failsafeExcess(deps.store, { circuit }));
  await circuits.put(circuit);
  return circuitView(circuit, deps);
}

/** Returns a scheduled limit with all its fields. */
function checkedEntry(
  { days = [...DAYS], from, to, limit_a = null, limit_w = null }: Partial<ScheduledLimit>,
  index: number,
): ScheduledLimit {
  if (limit_a === null && limit_w === null) {
    throw invalidField(`schedule.${index}.limit_a`, "is needed, or limit_w");
  }
  return { days, from: from!, to: to!, limit_a, limit_w };
}

function checkedMeter(meter: FeedMeter | null, { config }: CircuitDeps): FeedMeter | null {
  if (meter === null) return null;
  const contradiction = contradictionInMeter(meter);
  if (contradiction) throw invalidField(contradiction.field, contradiction.reason);
  return meter.kind === "http" ? { ...meter, url: receiverUrl(meter.url, "meter.url", config) } : meter;
}

function depthOf({ parent }: Circuit, circuitOf: (name: string) => Circuit | undefined): number {
  let depth = 1;
  for (
    let above = circuitOf(parent ?? "");
    above && depth <= MAX_DEPTH;
    above = circuitOf(above.parent ?? "")
  ) depth++;
  return depth;
}

/** Returns something that a circuit feeds; undefined: nothing. */
function fedBy(name: string, { store }: CircuitDeps): string | undefined {
  const below = [...store.circuits.values()].find(({ parent }) => parent === name);
  if (below) return `circuit ${below.name}`;
  const charger = [...store.chargers.values()].find((each) => loadPlaceOf(each).circuit === name);
  return charger && `charger ${charger.charger_id}`;
}
