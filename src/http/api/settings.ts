// /ocpp/settings/: the settings of the site, checked and shown by their schema.
import { Hono } from "hono";
import { Type } from "../../ocpp/schema_builder.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import { withoutDefaults, withoutSecrets } from "../../store/setting_schema.ts";
import { type Settings, SettingsSchema } from "../../store/settings.ts";
import { readBody } from "../input.ts";
import type { Services } from "../services.ts";
import type { SiteMapView } from "../files/site_map.ts";

/** The schema of a PATCH: any of the settings. */
export const SettingsChanges = Type.Object(
  Type.Partial(Type.Object(withoutDefaults(SettingsSchema.properties))).properties,
  { additionalProperties: false },
);

const checker = { ...checkerOf(SettingsChanges), schema: SettingsChanges };

/** The settings without the secret ones, and the facts about the site's own street map, which is a file. */
export type SettingsView = Settings & { map: SiteMapView | null };

/** The routes of the settings. */
export function settingsRoutes(services: Services): Hono {
  const { store } = services;
  const app = new Hono({ strict: false });
  app.get("/", async (c) => c.json(await viewOf(services)));
  app.patch("/", async (c) => {
    await store.changeSettings(await readBody(c, checker) as Partial<Settings>);
    return c.json(await tellSettings(services));
  });
  return app;
}

/** Emits the event `settings` with the current view, and returns the view. */
export async function tellSettings(services: Services): Promise<SettingsView> {
  const view = await viewOf(services);
  services.events.emit("settings", undefined, () => view);
  return view;
}

async function viewOf({ store, map }: Services): Promise<SettingsView> {
  return { ...withoutSecrets(SettingsSchema.properties, store.settings), map: await map.view() };
}
