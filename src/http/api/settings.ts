// /ocpp/settings/: what holds for the whole site.
import { Hono } from "hono";
import Type from "typebox";
import { checkerOf } from "../../ocpp/schema.ts";
import type { Settings } from "../../store/store.ts";
import { readBody } from "../input.ts";
import type { Services } from "../services.ts";

const Count = (minimum: number, maximum: number) => Type.Optional(Type.Integer({ minimum, maximum }));
const Place = (limit: number) =>
  Type.Optional(Type.Union([Type.Number({ minimum: -limit, maximum: limit }), Type.Null()]));

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
}, { additionalProperties: false });

const checker = { ...checkerOf(SettingsChanges), schema: SettingsChanges };

/** The routes of the settings. */
export function settingsRoutes(services: Services): Hono {
  const { store, events } = services;
  const app = new Hono({ strict: false });
  app.get("/", (c) => c.json(store.settings));
  app.patch("/", async (c) => {
    await store.changeSettings(await readBody(c, checker) as Partial<Settings>);
    events.emit("settings", undefined, () => store.settings);
    return c.json(store.settings);
  });
  return app;
}
