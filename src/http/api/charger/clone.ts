// /ocpp/chargers/{charger_id}/clone/: a simulator like a charger.
import type { CentralSystem } from "../../../central/central_system.ts";
import type { MessageLog } from "../../../central/message_log.ts";
import { Type } from "../../../ocpp/schema_builder.ts";
import { configurationOf } from "../../../site/configuration/configuration.ts";
import { MASK } from "../../../site/configuration/secrets.ts";
import type { Charger, Simulator } from "../../../store/store.ts";
import { route } from "../../route.ts";
import { Body } from "../../schemas.ts";
import {
  createSimulator,
  type SimulatorDeps,
  SimulatorName,
  SimulatorSchema,
  simulatorView,
} from "../simulators.ts";
import { chargerNamed } from "./charger_named.ts";

const RECORDED_CHARS = 40_000;

interface CloneDeps extends SimulatorDeps {
  central: Pick<CentralSystem, "registeredId">;
  messages: Pick<MessageLog, "newest">;
}

/** The routes of /ocpp/chargers/{charger_id}/clone/. */
export const cloneRoutes = [
  route({
    method: "POST",
    path: "/ocpp/chargers/{charger_id}/clone/",
    role: "admin",
    summary: "Create a simulator like this charger",
    audit: { action: "clone", kind: "charger", id: "charger_id" },
    body: Body({ name: Type.Optional(SimulatorName) }),
    response: SimulatorSchema,
    status: 201,
    errors: ["exists"],
    async handle({ params, body }, deps: CloneDeps) {
      const charger = chargerNamed(params.charger_id, deps);
      const { charger_id } = charger;
      const name = body.name ?? `${charger_id} clone`.slice(0, 64);
      const origin = { clone_of: charger_id, recorded: await recordedOf(charger_id, deps) };
      return simulatorView(await createSimulator(name, await optionsLike(charger, deps), origin, deps), deps);
    },
  }),
];

/** Options for a simulator like a charger. Its id differs: with the same one, each would take the other's connection. */
async function optionsLike(charger: Charger, { store }: SimulatorDeps): Promise<Record<string, unknown>> {
  const { charger_id, vendor, model, serial_number, firmware_version, connectors, boot } = charger;
  const { cloneOf } = await import("../../../simulator/scenarios/clone.ts");
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

async function recordedOf(charger_id: string, { messages }: CloneDeps): Promise<Simulator["recorded"]> {
  let room = RECORDED_CHARS;
  const newest = (await messages.newest(charger_id)).toReversed().filter(({ text }) =>
    (room -= text.length) > 0
  );
  return newest.toReversed().map(({ at, direction, text }) => ({
    at: new Date(at).toISOString(),
    direction,
    text,
  }));
}
