// /ocpp/settings/: what holds for the whole site.
import { Hono } from "hono";
import { Type } from "../../ocpp/schema_builder.ts";
import { checkerOf } from "../../ocpp/schema.ts";
import type { Settings } from "../../store/store.ts";
import { readBody } from "../input.ts";
import type { Services } from "../services.ts";
import type { SiteMapView } from "../files/site_map.ts";

const Count = (minimum: number, maximum: number) => Type.Optional(Type.Integer({ minimum, maximum }));
const Place = (limit: number) =>
  Type.Optional(Type.Union([Type.Number({ minimum: -limit, maximum: limit }), Type.Null()]));

/** Empty, or an address with the three places that tiles are named by. */
const TILE_URL = "^$|^https?://[^\\s{}]+\\{z\\}[^\\s{}]*\\{x\\}[^\\s{}]*\\{y\\}[^\\s{}]*$";

/** What a PATCH of the settings may hold. */
export const SettingsChanges = Type.Object({
  name: Type.Optional(Type.String({ maxLength: 100 })),
  latitude: Place(90),
  longitude: Place(180),
  unknown_chargers: Type.Optional(Type.Enum(["accept", "pending", "reject"])),
  allow_no_subprotocol: Type.Optional(Type.Boolean()),
  heartbeat_interval: Count(1, 86_400),
  retention_days: Count(1, 36_500),
  call_timeout: Count(1, 600),
  log_file_bytes: Count(10_000, 1_000_000_000),
  log_files: Count(1, 1000),
  max_sockets: Count(1, 100_000),
  max_sockets_per_address: Count(1, 100_000),
  max_message_bytes: Count(1024, 16_777_216),
  single_transaction_per_tag: Type.Optional(Type.Boolean()),
  empty_tags: Type.Optional(Type.Enum(["accept", "invalid"])),
  remember_unknown_tags: Type.Optional(Type.Boolean()),
  stop_blocked_tags: Type.Optional(Type.Boolean()),
  sync_local_lists: Type.Optional(Type.Boolean()),
  strict_csr: Type.Optional(Type.Boolean()),
  max_upload_bytes: Count(1024, 4_294_967_296),
  help_text: Type.Optional(Type.String({ maxLength: 1000 })),
  phone: Type.Optional(Type.String({ maxLength: 30 })),
  whatsapp: Type.Optional(Type.String({ maxLength: 30 })),
  tile_url: Type.Optional(Type.String({ maxLength: 300, pattern: TILE_URL })),
  tile_attribution: Type.Optional(Type.String({ maxLength: 200 })),
  language: Type.Optional(Type.Enum(["es", "en"])),
  login_tries: Count(1, 100),
  login_lock_minutes: Count(1, 1440),
  session_days: Count(1, 400),
  audit_entries: Count(100, 1_000_000),
  waiting_room_entries: Count(10, 10_000),
  max_tls_connections: Count(1, 100_000),
  max_tls_connections_per_address: Count(1, 100_000),
  max_refusals_per_minute: Count(1, 1_000_000),
  max_wrong_keys_per_minute: Count(1, 1_000_000),
  max_takeovers_per_minute: Count(1, 1_000_000),
  max_body_bytes: Count(1024, 16_777_216),
  max_waiting_messages: Count(1, 10_000),
  max_unsent_bytes: Count(1024, 16_777_216),
  max_json_depth: Count(8, 32),
  max_id_length: Count(1, 255),
  tls_handshake_timeout: Count(1, 120),
  tls_headers_timeout: Count(1, 120),
  tls_request_timeout: Count(1, 3600),
  min_security_profile: Count(0, 3),
  backup_keep: Count(0, 1000),
  metrics: Type.Optional(Type.Enum(["login", "open"])),
  mdns: Type.Optional(Type.Boolean()),
  mdns_name: Type.Optional(Type.String({ pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$" })),
}, { additionalProperties: false });

const checker = { ...checkerOf(SettingsChanges), schema: SettingsChanges };

/** The settings as they are shown: with the map that the site has, which is a file and not a setting. */
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

/** Tells every browser what the settings are now, and returns it. */
export async function tellSettings(services: Services): Promise<SettingsView> {
  const view = await viewOf(services);
  services.events.emit("settings", undefined, () => view);
  return view;
}

async function viewOf({ store, map }: Services): Promise<SettingsView> {
  return { ...store.settings, map: await map.view() };
}
