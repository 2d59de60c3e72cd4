// /ocpp/simulators/: chargers that are not there.
import { type Context, Hono } from "hono";
import { Type } from "../../ocpp/schema_builder.ts";
import { configurationOf } from "../../site/configuration/configuration.ts";
import { isMask, MASK } from "../../site/configuration/secrets.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import { BadConfig, identityOf, SimulatorOptions } from "../../simulator/config.ts";
import type { Charger, Simulator } from "../../store/store.ts";
import { isChargerId } from "../admission/charger_id.ts";
import { HttpError } from "../http_error.ts";
import { checked, queryLimit, readBody, readJson } from "../input.ts";
import type { Services } from "../services.ts";
import { chargerNamed } from "./chargers.ts";

const OPTIONS = {
  ...Type.Partial(SimulatorOptions).properties,
  /** A ready scenario, or `recorded`; left out: cars come and go. */
  scenario: Type.Optional(Type.String({ maxLength: 64 })),
};
const Name = Type.String({ minLength: 1, maxLength: 64 });

/** What a simulator's PATCH may hold; null: back to the default. */
export const SimulatorChanges = Type.Object({ name: Type.Optional(Name), ...OPTIONS }, {
  additionalProperties: false,
});
/** What a simulator's POST may hold. */
export const NewSimulator = Type.Object({ name: Name, ...OPTIONS }, { additionalProperties: false });
/** What starts and stops one. */
export const SimulatorAction = Type.Object({ action: Type.Enum(["start", "stop"]) }, {
  additionalProperties: false,
});
/** What a clone may be given. */
export const NewClone = Type.Object({ name: Type.Optional(Name) }, { additionalProperties: false });

const changesChecker = { ...checkerOf(SimulatorChanges), schema: SimulatorChanges };
const newChecker = { ...checkerOf(NewSimulator), schema: NewSimulator };
const actionChecker = { ...checkerOf(SimulatorAction), schema: SimulatorAction };
const cloneChecker = { ...checkerOf(NewClone), schema: NewClone };

const SECRETS = ["password", "tls_key"] as const;
const RECORDED_CHARS = 40_000;

/** The routes of the simulators. */
export function simulatorRoutes(services: Services): Hono {
  const { simulators } = services;
  const app = new Hono({ strict: false });
  const named = (c: Context) => simulatorNamed(c.req.param("name") ?? "", services);
  app.get("/", (c) => list(c, services));
  app.post("/", async (c) => {
    const { name, scenario, ...options } = await readBody(c, newChecker);
    const masked = SECRETS.find((key) => isMask(options[key]));
    if (masked) throw new HttpError(400, `${masked} is ***, the mask of a secret: send the secret itself`);
    const origin = { clone_of: null, recorded: [], scenario: scenario ?? null };
    return c.json(viewOf(await create(name, options, services, origin), services), 201);
  });
  app.get("/:name", (c) => c.json(detailOf(named(c), services)));
  app.patch("/:name", async (c) => c.json(viewOf(await change(c, named(c), services), services)));
  app.delete("/:name", async (c) => {
    await simulators.forget(named(c).name);
    return c.body(null, 204);
  });
  app.post("/:name/action", async (c) => {
    const { name } = named(c);
    const { action } = await readBody(c, actionChecker);
    await (action === "start" ? simulators.run(name) : simulators.halt(name));
    return c.json(viewOf(named(c), services));
  });
  return app;
}

/** The ready scenarios: GET /ocpp/scenarios/. */
export function scenarioRoutes(): Hono {
  const app = new Hono({ strict: false });
  app.get("/", async (c) => {
    const { scenarioNamed, scenarioNames } = await import("../../simulator/scenarios/library.ts");
    return c.json({
      scenarios: scenarioNames().map((name) => ({ name, about: scenarioNamed(name)!.about })),
    });
  });
  return app;
}

/** A simulator like a charger that is there: POST /ocpp/chargers/<cid>/clone/. */
export function cloneRoutes(services: Services): Hono {
  const app = new Hono({ strict: false });
  app.post("/:cid/clone", async (c) => {
    const charger = chargerNamed(c.req.param("cid"), services);
    const { name = `${charger.charger_id} clone`.slice(0, 64) } = await readBody(c, cloneChecker);
    const options = await optionsLike(charger, services);
    const clone = { clone_of: charger.charger_id, recorded: recordedOf(charger.charger_id, services) };
    return c.json(viewOf(await create(name, options, services, clone), services), 201);
  });
  return app;
}

function list(c: Context, services: Services): Response {
  const limit = queryLimit(c);
  const after = c.req.query("cursor") ?? "";
  const all = services.store.simulators.all().filter(({ name }) => name > after);
  const page = all.slice(0, limit);
  const next = all.length > limit ? page.at(-1)!.name : null;
  return c.json({ simulators: page.map((record) => viewOf(record, services)), next });
}

function simulatorNamed(name: string, { store }: Services): Simulator {
  const record = store.simulators.get(name);
  if (!record) throw new HttpError(404, `There is no simulator ${name.slice(0, 64)}`);
  return record;
}

async function create(
  name: string,
  options: Record<string, unknown>,
  services: Services,
  origin: Pick<Simulator, "clone_of" | "recorded" | "scenario">,
): Promise<Simulator> {
  const { simulators, now } = services;
  refuseName(name, services);
  const created_at = new Date(now()).toISOString();
  const record = { name, options, running: false, created_at, ...origin };
  await refuseBad(record, services);
  await simulators.put(record);
  return record;
}

function refuseName(name: string, { store }: Services): void {
  if (!isChargerId(name)) throw new HttpError(400, "name must not contain slashes or control characters");
  if (store.simulators.has(name)) throw new HttpError(409, `Simulator ${name} already exists`);
}

/** One that runs goes on with its new options. */
async function change(c: Context, record: Simulator, services: Services): Promise<Simulator> {
  const body = await readJson(c);
  const given = Object.entries(body).filter(([key, value]) =>
    value !== null && !(isSecret(key) && isMask(value)) // a secret that was shown masked stays
  );
  const { scenario, name = record.name, ...changes } = checked(changesChecker, Object.fromEntries(given));
  const unset = Object.keys(body).filter((key) => body[key] === null);
  const unknown = unset.find((key) => !(key in OPTIONS));
  if (unknown !== undefined) throw new HttpError(400, `${unknown.slice(0, 50)} is not a known field`);
  const kept = Object.entries(record.options).filter(([key]) => !unset.includes(key));
  const plays = scenario ?? (unset.includes("scenario") ? null : record.scenario ?? null);
  if (name !== record.name) refuseName(name, services);
  const changed = { ...record, name, options: { ...Object.fromEntries(kept), ...changes }, scenario: plays };
  await refuseBad(changed, services);
  if (name === record.name) await services.simulators.put(changed);
  else await services.simulators.rename(record.name, changed);
  if (record.running) await services.simulators.run(name);
  return services.store.simulators.get(name)!;
}

/** Throws HttpError 400 naming the option. */
async function refuseBad(record: Simulator, { simulators }: Services): Promise<void> {
  try {
    simulators.settingsOf(record);
  } catch (error) {
    throw error instanceof BadConfig ? new HttpError(400, error.message) : error;
  }
  const { scenario } = record;
  if (!scenario || (scenario === "recorded" && record.recorded.length > 0)) return;
  const { scenarioNamed } = await import("../../simulator/scenarios/library.ts");
  if (!scenarioNamed(scenario)) throw new HttpError(400, `scenario ${scenario} is unknown`);
}

/** A simulator as REST shows it: its options, and how it is. Secrets are write only. */
function viewOf(record: Simulator, { simulators }: Services): Record<string, unknown> {
  const { name, running, created_at, clone_of, scenario = null } = record;
  const settings = simulators.settingsOf(record);
  const secrets = SECRETS.map((key) => [`has_${key}`, settings[key] !== undefined]);
  const shown = Object.entries(settings).filter(([key]) => !isSecret(key));
  return {
    name,
    ...Object.fromEntries(shown),
    ...Object.fromEntries(secrets),
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

function detailOf(record: Simulator, services: Services): Record<string, unknown> {
  const log = services.simulators.messages(record.name).map(({ at, ...message }) => ({
    at: new Date(at).toISOString(),
    ...messageOf(message),
  }));
  const recorded = record.recorded.map(({ at, ...message }) => ({ at, ...messageOf(message) }));
  return { ...viewOf(record, services), log, recorded };
}

function messageOf({ direction, text }: { direction: string; text: string }) {
  try {
    return { direction, message: JSON.parse(text) };
  } catch {
    return { direction, message: null, text };
  }
}

/** Its identity is not the charger's: the one would take the connection of the other. */
async function optionsLike(charger: Charger, { store }: Services): Promise<Record<string, unknown>> {
  const { charger_id, vendor, model, serial_number, firmware_version, connectors, boot } = charger;
  const { cloneOf } = await import("../../simulator/scenarios/clone.ts");
  const { keys } = await configurationOf(store, charger_id);
  const configuration = keys.flatMap(({ key, value, readonly }) =>
    value === null || value === MASK ? [] : [{ key, value, readonly }]
  );
  const said = {
    chargePointVendor: vendor,
    chargePointModel: model,
    chargePointSerialNumber: serial_number,
    firmwareVersion: firmware_version,
  };
  const clone = cloneOf({
    charger_id: `${charger_id}-SIM`,
    boot: { ...boot, ...said },
    connectors: connectors.map(({ connector_id }) => connector_id),
    configuration,
  });
  return Object.fromEntries(Object.entries(clone).filter(([, value]) => value !== ""));
}

function recordedOf(charger_id: string, { messages }: Services): Simulator["recorded"] {
  let room = RECORDED_CHARS;
  const newest = messages.newest(charger_id).toReversed().filter(({ text }) => (room -= text.length) > 0);
  return newest.toReversed().map(({ at, direction, text }) => ({
    at: new Date(at).toISOString(),
    direction,
    text,
  }));
}
