// /ocpp/chargers/{charger_id}/configuration/: its last known configuration, compared and written.
import type { CentralSystem } from "../../../central/central_system.ts";
import { Type } from "../../../ocpp/schema_builder.ts";
import { compare, configurationOf, planWrites, writeAll } from "../../../site/configuration/configuration.ts";
import { HttpError } from "../../http_error.ts";
import { route } from "../../route.ts";
import { named, Nullable, OptionalTime, Time } from "../../schemas.ts";
import { templateNamed, Values } from "../configuration_templates.ts";
import { chargerNamed, type NamingDeps } from "./charger_named.ts";
import { COMMAND_ERRORS, sending } from "./commands.ts";

const OptionalText = Nullable(Type.String());

const ConfigurationSchema = named(
  "Configuration",
  Type.Object({
    charger_id: Type.String(),
    keys: Type.Array(
      Type.Object({
        key: Type.String(),
        value: Nullable(Type.String({ description: "Null: the key has none; secrets are masked" })),
        readonly: Type.Boolean(),
        at: Time,
      }),
    ),
    unknown: Type.Array(Type.String(), { description: "Keys that the charger says it does not know" }),
    complete_at: OptionalTime,
  }),
);

const Difference = Type.Object({
  key: Type.String(),
  value: OptionalText,
  other: OptionalText,
  readonly: Type.Boolean(),
});

interface ConfigurationDeps extends NamingDeps {
  central: Pick<CentralSystem, "registeredId" | "port">;
}

/** The routes of /ocpp/chargers/{charger_id}/configuration/. */
export const configurationRoutes = [
  route({
    method: "GET",
    path: "/ocpp/chargers/{charger_id}/configuration/",
    role: "operator",
    summary: "A charger's last known configuration",
    response: ConfigurationSchema,
    handle: ({ params }, deps: ConfigurationDeps) =>
      configurationOf(deps.store, chargerNamed(params.charger_id, deps).charger_id),
  }),
  route({
    method: "GET",
    path: "/ocpp/chargers/{charger_id}/configuration/compare/",
    role: "operator",
    summary: "The keys in which a charger differs from another charger or from a template",
    query: Type.Object({ charger_id: Type.Optional(Type.String()), template: Type.Optional(Type.String()) }),
    response: Type.Object({ differences: Type.Array(Difference) }),
    async handle({ params, query }, deps: ConfigurationDeps) {
      const ours = await configurationOf(deps.store, chargerNamed(params.charger_id, deps).charger_id);
      return { differences: compare(ours, await otherOf(query, deps)) };
    },
  }),
  route({
    method: "POST",
    path: "/ocpp/chargers/{charger_id}/configuration/",
    role: "admin",
    summary: "Write the keys whose values differ",
    audit: { action: "configuration", kind: "charger", id: "charger_id" },
    body: Values,
    response: Type.Object({
      results: Type.Array(
        Type.Object({
          key: Type.String(),
          status: Type.String({ description: "The charger's answer" }),
        }),
      ),
      reboot: Type.Array(Type.String(), { description: "Keys that take effect after a restart only" }),
      equal: Type.Array(Type.String(), { description: "Keys that have the value already" }),
      readonly: Type.Array(Type.String(), { description: "Keys that are not written" }),
    }),
    errors: COMMAND_ERRORS,
    async handle({ params, body }, deps: ConfigurationDeps) {
      const { charger_id } = chargerNamed(params.charger_id, deps);
      const port = deps.central.port(charger_id);
      const plan = planWrites(await configurationOf(deps.store, charger_id), body.values);
      return await sending(() =>
        writeAll(plan, async (key, value) => (await port.writeConfiguration(key, value)).status)
      );
    },
  }),
];

async function otherOf(query: { charger_id?: string; template?: string }, deps: ConfigurationDeps) {
  const { charger_id, template } = query;
  if (charger_id !== undefined) {
    return await configurationOf(deps.store, chargerNamed(charger_id, deps).charger_id);
  }
  if (template !== undefined) return templateNamed(template, deps);
  throw new HttpError("invalid_query", "charger_id or template is missing");
}
