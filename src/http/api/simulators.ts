// /ocpp/simulators/ and /ocpp/scenarios/: simulated chargers.
import type { Static, TSchema } from "typebox";
import { Type } from "../../ocpp/schema_builder.ts";
import type { Simulators } from "../../services/simulators/simulators.ts";
import { BadConfig, identityOf, SimulatorOptions } from "../../simulator/config.ts";
import { isMask } from "../../site/configuration/secrets.ts";
import type { Simulator, Store } from "../../store/store.ts";
import { isChargerId } from "../admission/charger_id.ts";
import { HttpError, notFound } from "../http_error.ts";
import { invalidField } from "../input.ts";
import { route } from "../route.ts";
import { Body, named, Nullable, PAGE, page, pageBehind, Time } from "../schemas.ts";
import { LogEntry } from "./views.ts";

const SECRETS = ["password", "tls_key"] as const;

const OPTIONS = {
  ...Type.Partial(SimulatorOptions).properties,
  scenario: Type.Optional(
    Type.String({
      maxLength: 64,
      description: "A built-in scenario, or `recorded`; without it cars come and go",
    }),
  ),
};
/** A simulator's name. */
export const SimulatorName = Type.String({ minLength: 1, maxLength: 64 });

const Changes = Body({ name: Type.Optional(SimulatorName), ...orNull(OPTIONS) });
type Changes = Static<typeof Changes>;

const Connector = Type.Object({
  connector_id: Type.Integer(),
  status: Type.String(),
  id_tag: Nullable(Type.String()),
  transaction_id: Nullable(Type.Integer()),
  soc: Nullable(Type.Number({ description: "State of charge of the car, %" })),
});

const { password: _, tls_key: __, ...SHOWN } = SimulatorOptions.properties;
const VIEW = {
  ...SHOWN,
  name: Type.String(),
  has_password: Type.Boolean(),
  has_tls_key: Type.Boolean(),
  scenario: Nullable(Type.String()),
  running: Type.Boolean({ description: "True if it runs, also after a restart of the gateway" }),
  created_at: Time,
  clone_of: Nullable(Type.String()),
  charger_id: Type.String(),
  state: Type.Enum(["stopped", "waiting", "connecting", "connected", "charging", "finished"]),
  error: Nullable(Type.String({ description: "Reason of its last failure" })),
  connectors_now: Type.Array(Connector),
};
/** A simulator. */
export const SimulatorSchema = named("Simulator", Type.Object(VIEW));
type View = Static<typeof SimulatorSchema>;

/** The parts that simulators are kept with. */
export interface SimulatorDeps {
  store: Store;
  simulators: Simulators;
  /** ms since 1970. */
  now: () => number;
}

/** The routes of /ocpp/simulators/ and /ocpp/scenarios/. */
export const simulatorRoutes = [
  route({
    method: "GET",
    path: "/ocpp/simulators/",
    role: "viewer",
    summary: "Simulated chargers, ordered by name",
    query: Type.Object(PAGE),
    response: page("simulators", SimulatorSchema),
    handle({ query }, deps: SimulatorDeps) {
      const { records, next } = pageBehind(deps.store.simulators.all(), query, ({ name }) => name);
      return { simulators: records.map((record) => simulatorView(record, deps)), next };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/simulators/",
    role: "admin",
    summary: "Create a simulator",
    audit: { action: "create", kind: "simulator", id: "name" },
    body: Body({ name: SimulatorName, ...OPTIONS }),
    response: SimulatorSchema,
    status: 201,
    errors: ["exists"],
    async handle({ body: { name, scenario, ...options } }, deps: SimulatorDeps) {
      const masked = SECRETS.find((key) => isMask(options[key]));
      if (masked) throw invalidField(masked, "is ***, the mask of a secret: send the secret itself");
      const origin = { clone_of: null, recorded: [], scenario: scenario ?? null };
      return simulatorView(await createSimulator(name, options, origin, deps), deps);
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/simulators/{name}/",
    role: "viewer",
    summary: "A simulator with its newest messages, oldest first",
    response: Type.Object({ ...VIEW, log: Type.Array(LogEntry), recorded: Type.Array(LogEntry) }),
    handle({ params }, deps: SimulatorDeps) {
      const record = simulatorNamed(params.name, deps);
      const log = deps.simulators.messages(record.name).map(({ at, ...message }) => ({
        at: new Date(at).toISOString(),
        ...messageOf(message),
      }));
      const recorded = record.recorded.map(({ at, ...message }) => ({ at, ...messageOf(message) }));
      return { ...simulatorView(record, deps), log, recorded };
    },
  }),
  route({
    method: "PATCH",
    path: "/ocpp/simulators/{name}/",
    role: "admin",
    summary: "Change a simulator; null sets an option back to its default",
    audit: { action: "change", kind: "simulator", id: "name" },
    body: Changes,
    response: SimulatorSchema,
    errors: ["exists"],
    handle: async ({ params, body }, deps: SimulatorDeps) =>
      simulatorView(await change(simulatorNamed(params.name, deps), body, deps), deps),
  }),
  route({
    method: "DELETE",
    path: "/ocpp/simulators/{name}/",
    role: "admin",
    summary: "Stop and delete a simulator",
    audit: { action: "delete", kind: "simulator", id: "name" },
    response: null,
    async handle({ params }, deps: SimulatorDeps) {
      await deps.simulators.forget(simulatorNamed(params.name, deps).name);
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/simulators/{name}/action/",
    role: "admin",
    summary: "Start or stop a simulator",
    audit: { action: "{action}", kind: "simulator", id: "name" },
    body: Body({ action: Type.Enum(["start", "stop"]) }),
    response: SimulatorSchema,
    async handle({ params, body: { action } }, deps: SimulatorDeps) {
      const { name } = simulatorNamed(params.name, deps);
      await (action === "start" ? deps.simulators.run(name) : deps.simulators.halt(name));
      return simulatorView(simulatorNamed(name, deps), deps);
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/scenarios/",
    role: "viewer",
    summary: "Built-in scenarios for simulators",
    response: Type.Object({
      scenarios: Type.Array(Type.Object({ name: Type.String(), about: Type.String() })),
    }),
    async handle() {
      const { scenarioNamed, scenarioNames } = await import("../../simulator/scenarios/library.ts");
      return { scenarios: scenarioNames().map((name) => ({ name, about: scenarioNamed(name)!.about })) };
    },
  }),
];

/** The same fields, each of which may be null. */
function orNull<T extends Record<string, TSchema>>(fields: T) {
  const entries = Object.entries(fields).map(([name, field]) => [name, Type.Optional(Nullable(field))]);
  return Object.fromEntries(entries) as { [Name in keyof T]: ReturnType<typeof optionalOrNull<T[Name]>> };
}

function optionalOrNull<T extends TSchema>(field: T) {
  return Type.Optional(Nullable(field));
}

function simulatorNamed(name: string, { store }: SimulatorDeps): Simulator {
  const record = store.simulators.get(name);
  if (!record) throw notFound("simulator", name);
  return record;
}

/** The origin of a simulator. */
export type Origin = Pick<Simulator, "clone_of" | "recorded" | "scenario">;

/** Creates a simulator. Throws HttpError 400 and 409. */
export async function createSimulator(
  name: string,
  options: Record<string, unknown>,
  origin: Origin,
  deps: SimulatorDeps,
): Promise<Simulator> {
  refuseName(name, deps);
  const created_at = new Date(deps.now()).toISOString();
  const record = { name, options, running: false, created_at, ...origin };
  await refuseBad(record, deps);
  await deps.simulators.put(record);
  return record;
}

function refuseName(name: string, { store }: SimulatorDeps): void {
  if (!isChargerId(name)) throw invalidField("name", "must not contain slashes or control characters");
  if (store.simulators.has(name)) {
    throw new HttpError("exists", `Simulator ${name} already exists`, {
      values: { kind: "simulator", id: name },
    });
  }
}

/** Changes a simulator. One that runs is started again with its new options. */
async function change(record: Simulator, body: Changes, deps: SimulatorDeps): Promise<Simulator> {
  const { simulators, store } = deps;
  const { scenario = record.scenario ?? null, name = record.name, ...changes } = body;
  if (name !== record.name) refuseName(name, deps);
  const changed = { ...record, name, options: withOptions(record.options, changes), scenario };
  await refuseBad(changed, deps);
  if (name === record.name) await simulators.put(changed);
  else await simulators.rename(record.name, changed);
  if (record.running) await simulators.run(name);
  return store.simulators.get(name)!;
}

/** The options after a change: null takes one out, and a secret that is only a mask stays as it is. */
function withOptions(options: Simulator["options"], changes: Record<string, unknown>): Simulator["options"] {
  const changed = { ...options };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete changed[key];
    else if (!isSecret(key) || !isMask(value)) changed[key] = value;
  }
  return changed;
}

/** Throws HttpError 400 naming the option. */
async function refuseBad(record: Simulator, { simulators }: SimulatorDeps): Promise<void> {
  try {
    simulators.settingsOf(record);
  } catch (error) {
    throw error instanceof BadConfig ? new HttpError("invalid_field", error.message) : error;
  }
  const { scenario } = record;
  if (!scenario || (scenario === "recorded" && record.recorded.length > 0)) return;
  const { scenarioNamed } = await import("../../simulator/scenarios/library.ts");
  if (!scenarioNamed(scenario)) {
    throw new HttpError("invalid_field", `scenario ${scenario} is unknown`, {
      values: { field: "scenario" },
    });
  }
}

/** Returns a simulator as REST shows it: its options without the secrets, and its state. */
export function simulatorView(record: Simulator, { simulators }: SimulatorDeps): View {
  const { name, running, created_at, clone_of, scenario = null } = record;
  const settings = simulators.settingsOf(record);
  const { password, tls_key, ...shown } = settings;
  return {
    ...shown,
    name,
    has_password: password !== undefined,
    has_tls_key: tls_key !== undefined,
    scenario,
    running,
    created_at,
    clone_of,
    charger_id: identityOf(settings),
    state: simulators.state(name),
    error: simulators.error(name),
    connectors_now: simulators.connectors(name),
  };
}

function isSecret(key: string): boolean {
  return (SECRETS as readonly string[]).includes(key);
}

interface Message {
  direction: "in" | "out";
  text: string;
}

function messageOf({ direction, text }: Message): Omit<Static<typeof LogEntry>, "at"> {
  try {
    return { direction, message: JSON.parse(text) };
  } catch {
    return { direction, message: null, text };
  }
}
