// /ocpp/power/: the site's power over the last two days.
import { Type } from "../../ocpp/schema_builder.ts";
import { type SitePower, SLOT_S } from "../../services/site_power.ts";
import { route } from "../route.ts";
import { Time } from "../schemas.ts";

/** The routes of /ocpp/power/. */
export const powerRoutes = [
  route({
    method: "GET",
    path: "/ocpp/power/",
    role: "viewer",
    summary: "The site's mean power in each quarter-hour in which the gateway was running",
    response: Type.Object({
      slot_s: Type.Integer({ description: "Length of a slot, s" }),
      slots: Type.Array(
        Type.Object({ at: Time, power_w: Type.Number(), simulated_w: Type.Number() }),
      ),
    }),
    handle: (_, { power }: { power: Pick<SitePower, "slots"> }) => ({ slot_s: SLOT_S, slots: power.slots() }),
  }),
];
