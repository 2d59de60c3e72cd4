// /ocpp/configuration_templates/: configurations that chargers are compared with.
import type { Static } from "typebox";
import { Type } from "../../ocpp/schema_builder.ts";
import { isSecretKey } from "../../site/configuration/secrets.ts";
import type { Events } from "../../site/events.ts";
import type { ConfigurationTemplate, Store } from "../../store/store.ts";
import { HttpError } from "../http_error.ts";
import { invalidField } from "../input.ts";
import { route } from "../route.ts";
import { Body, named, page } from "../schemas.ts";

/** Configuration keys and their values. */
export const Values = Body({
  values: Type.Record(Type.String({ minLength: 1, maxLength: 50 }), Type.String({ maxLength: 500 })),
});

const Template = named(
  "ConfigurationTemplate",
  Type.Object({ name: Type.String(), values: Type.Record(Type.String(), Type.String()) }),
);

/** The parts that keep templates. */
export interface TemplateDeps {
  store: Store;
  events: Events;
}

/** The routes of /ocpp/configuration_templates/. */
export const templateRoutes = [
  route({
    method: "GET",
    path: "/ocpp/configuration_templates/",
    role: "viewer",
    summary: "Configuration templates, with which chargers are compared",
    response: page("configuration_templates", Template),
    handle: (_, { store }: TemplateDeps) => ({
      configuration_templates: store.configuration_templates.all(),
      next: null,
    }),
  }),
  route({
    method: "GET",
    path: "/ocpp/configuration_templates/{name}",
    role: "viewer",
    summary: "A configuration template",
    response: Template,
    handle: ({ params }, deps: TemplateDeps) => templateNamed(params.name, deps),
  }),
  route({
    method: "PUT",
    path: "/ocpp/configuration_templates/{name}",
    role: "admin",
    summary: "Store a configuration template",
    audit: { action: "change", kind: "configuration_template", id: "name" },
    body: Values,
    response: Template,
    async handle({ params, body }, { store, events }: TemplateDeps) {
      refuseSecrets(body);
      const template = { name: params.name.slice(0, 100), values: body.values };
      await store.configuration_templates.put(template);
      events.emit("standard", undefined, () => template);
      return template;
    },
  }),
  route({
    method: "DELETE",
    path: "/ocpp/configuration_templates/{name}",
    role: "admin",
    summary: "Delete a configuration template",
    audit: { action: "delete", kind: "configuration_template", id: "name" },
    response: null,
    async handle({ params }, deps: TemplateDeps) {
      const { name } = templateNamed(params.name, deps);
      await deps.store.configuration_templates.delete(name);
      deps.events.emit("standard_deleted", undefined, () => ({ name }));
    },
  }),
];

function refuseSecrets({ values }: Static<typeof Values>): void {
  const secret = Object.keys(values).find(isSecretKey);
  if (secret !== undefined) {
    throw invalidField(`values.${secret}`, "is secret and cannot be part of a template");
  }
}

/** Returns the template of a name. Throws HttpError 404. */
export function templateNamed(name: string, { store }: Pick<TemplateDeps, "store">): ConfigurationTemplate {
  const template = store.configuration_templates.get(name);
  if (template) return template;
  throw new HttpError("not_found", `There is no configuration template ${name.slice(0, 100)}`, {
    values: { kind: "configuration_template", id: name.slice(0, 100) },
  });
}
