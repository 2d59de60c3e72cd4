// /ocpp/settings/: the settings of the site, checked and shown by their schema.
import { Type } from "../../ocpp/schema_builder.ts";
import type { Events } from "../../site/events.ts";
import { withoutDefaults, withoutSecrets } from "../../store/setting_schema.ts";
import { type Settings, SettingsSchema } from "../../store/settings.ts";
import type { Store } from "../../store/store.ts";
import type { SiteMap, SiteMapView } from "../files/site_map.ts";
import { route } from "../route.ts";
import { Body, named, Nullable, Time } from "../schemas.ts";
import { withCertificatePair } from "./client_certificate_settings.ts";

/** The facts about the site's own street map. */
export const SiteMapSchema = named(
  "SiteMap",
  Type.Object({
    name: Type.String(),
    size: Type.Integer({ description: "Bytes" }),
    tile_type: Type.Enum(["mvt", "png", "jpeg", "webp", "avif"]),
    min_zoom: Type.Integer(),
    max_zoom: Type.Integer(),
    bounds: Nullable(Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()])),
    attribution: Type.String(),
    version: Type.String({ description: "Differs for each file" }),
    uploaded_at: Time,
  }),
);

const SETTINGS = withoutDefaults(SettingsSchema.properties);

const SettingsAnswer = Type.Object({
  ...withoutSecrets(SettingsSchema.properties, SETTINGS),
  map: Nullable(SiteMapSchema),
});

/** The settings without the secret ones, and the facts about the site's own street map, which is a file. */
export type SettingsView = Settings & { map: SiteMapView | null };

/** The parts that show the settings. */
export interface SettingsDeps {
  store: Store;
  events: Events;
  map: Pick<SiteMap, "view">;
}

/** The routes of /ocpp/settings/. */
export const settingsRoutes = [
  route({
    method: "GET",
    path: "/ocpp/settings/",
    role: "viewer",
    summary: "The settings of the site",
    response: SettingsAnswer,
    handle: (_, deps: SettingsDeps) => viewOf(deps),
  }),
  route({
    method: "PATCH",
    path: "/ocpp/settings/",
    role: "admin",
    summary: "Change settings",
    audit: { action: "change", kind: "setting" },
    body: Body(Type.Partial(Type.Object(SETTINGS)).properties),
    response: SettingsAnswer,
    async handle({ body }, deps: SettingsDeps) {
      await deps.store.changeSettings(withCertificatePair(body as Partial<Settings>, deps.store.settings));
      return await emitSettings(deps);
    },
  }),
];

/** Emits the event `settings` with the current view, and returns the view. */
export async function emitSettings(deps: SettingsDeps): Promise<SettingsView> {
  const view = await viewOf(deps);
  deps.events.emit("settings", undefined, () => view);
  return view;
}

async function viewOf({ store, map }: SettingsDeps): Promise<SettingsView> {
  const shown = withoutSecrets(SettingsSchema.properties, store.settings);
  return { ...shown, time_zone: store.calendar.time_zone, map: await map.view() };
}
