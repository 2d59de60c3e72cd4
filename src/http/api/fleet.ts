// /ocpp/fleet/: the link of this site to its fleet.
import { Type } from "../../ocpp/schema_builder.ts";
import type { FleetLink } from "../../services/fleet/fleet_link.ts";
import { HttpError } from "../http_error.ts";
import { route } from "../route.ts";
import { named, Nullable, OptionalTime } from "../schemas.ts";

const Status = named(
  "FleetStatus",
  Type.Object({
    url: Type.String(),
    site_id: Type.String(),
    connected: Type.Boolean(),
    refused: Nullable(
      Type.Enum([
        "unknown_site",
        "wrong_code",
        "incomplete",
        "fenced",
        "newer_site",
        "bad_message",
        "unavailable",
      ], {
        description:
          "Reason for which the fleet takes nothing; fenced: another gateway has sent as this site",
      }),
    ),
    error: Nullable(Type.String({ description: "The last fault" })),
    waiting: Type.Integer({ description: "Changed keys that the fleet has not got" }),
    waiting_since: OptionalTime,
    sending_all: Type.Boolean({ description: "All that is stored is sent, once" }),
    acknowledged_at: OptionalTime,
    batches: Type.Integer({ description: "Since the start" }),
    bytes: Type.Integer({ description: "Since the start, compressed" }),
  }),
);

/** The route of /ocpp/fleet/. */
export const fleetRoutes = [
  route({
    method: "GET",
    path: "/ocpp/fleet/",
    role: "viewer",
    summary: "The link to the fleet",
    errors: ["not_found"],
    response: Status,
    handle: (_, { fleet }: { fleet: Pick<FleetLink, "status"> }) => {
      const { status } = fleet;
      if (!status) {
        throw new HttpError("not_found", "This site is in no fleet: start it with --fleet URL");
      }
      return status;
    },
  }),
];
