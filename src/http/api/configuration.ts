// /ocpp/chargers/<cid>/configuration/ and /ocpp/standards/: the configuration desk.
import { type Context, Hono } from "hono";
import { Type } from "../../ocpp/schema_builder.ts";
import {
  compare,
  configurationOf,
  planWrites,
  writeAll,
  type WriteResult,
} from "../../site/configuration/configuration.ts";
import { isSecretKey } from "../../site/configuration/secrets.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import { HttpError } from "../http_error.ts";
import { readBody } from "../input.ts";
import type { Services } from "../services.ts";
import { asHttpError } from "./actions.ts";
import { chargerNamed } from "./chargers.ts";

/** Configuration keys and their values, to write or to compare with. */
export const Values = Type.Object({
  values: Type.Record(Type.String({ minLength: 1, maxLength: 50 }), Type.String({ maxLength: 500 })),
}, { additionalProperties: false });

const checker = { ...checkerOf(Values), schema: Values };

/** Last known configuration, what differs from another's, and writing several keys. */
export function configurationRoutes(services: Services): Hono {
  const { store } = services;
  const app = new Hono({ strict: false });
  const idOf = (c: Context) => chargerNamed(c.req.param("cid") ?? "", services).charger_id;
  app.get("/:cid/configuration", async (c) => c.json(await configurationOf(store, idOf(c))));
  app.get("/:cid/configuration/compare", async (c) => {
    const ours = await configurationOf(store, idOf(c));
    return c.json({ differences: compare(ours, await otherOf(c, services)) });
  });
  app.post("/:cid/configuration", async (c) => {
    const { values } = await readBody(c, checker);
    return c.json(await write(idOf(c), values, services));
  });
  return app;
}

/** `?charger_id=` or `?standard=`. */
async function otherOf(c: Context, services: Services) {
  const { charger_id, standard } = c.req.query();
  if (charger_id !== undefined) {
    return await configurationOf(services.store, chargerNamed(charger_id, services).charger_id);
  }
  if (standard === undefined) throw new HttpError(400, "charger_id or standard is missing");
  return standardNamed(standard, services);
}

/** Writes what differs, key by key; a key that is refused does not hold up the others. */
async function write(
  charger_id: string,
  values: Record<string, string>,
  services: Services,
): Promise<WriteResult> {
  const { store, central } = services;
  const plan = planWrites(await configurationOf(store, charger_id), values);
  try {
    return await writeAll(plan, async (key, value) => {
      const { response } = await central.send(charger_id, "ChangeConfiguration", { key, value });
      return String(response.status);
    });
  } catch (error) {
    throw asHttpError(error);
  }
}

/** Configurations that chargers are compared with. Secrets have no place in them. */
export function standardRoutes(services: Services): Hono {
  const { store: { configuration_templates: standards }, events } = services;
  const app = new Hono({ strict: false });
  app.get("/", (c) => c.json({ standards: standards.all(), next: null }));
  app.get("/:name", (c) => c.json(standardNamed(c.req.param("name"), services)));
  app.put("/:name", async (c) => {
    const { values } = await readBody(c, checker);
    const secret = Object.keys(values).find(isSecretKey);
    if (secret !== undefined) {
      throw new HttpError(400, `values.${secret} is secret and cannot be part of a standard`);
    }
    const standard = { name: c.req.param("name").slice(0, 100), values };
    await standards.put(standard);
    events.emit("standard", undefined, () => standard);
    return c.json(standard);
  });
  app.delete("/:name", async (c) => {
    const { name } = standardNamed(c.req.param("name"), services);
    await standards.delete(name);
    events.emit("standard_deleted", undefined, () => ({ name }));
    return c.body(null, 204);
  });
  return app;
}

function standardNamed(name: string, { store }: Services) {
  const standard = store.configuration_templates.get(name);
  if (!standard) throw new HttpError(404, `There is no standard ${name.slice(0, 100)}`);
  return standard;
}
