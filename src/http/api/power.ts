// /ocpp/power/: the site's power over the last two days.
import { Hono } from "hono";
import { SLOT_S } from "../../services/site_power.ts";
import type { Services } from "../services.ts";

/** The route of the site's power: mean W of each quarter of an hour in which the gateway ran. */
export function powerRoutes({ power }: Services): Hono {
  const app = new Hono({ strict: false });
  app.get("/", (c) => c.json({ slot_s: SLOT_S, slots: power.slots() }));
  return app;
}
