// /ocpp/chargers/{charger_id}/local_list/: a charger's local authorization list.
import { Type } from "../../../ocpp/schema_builder.ts";
import { localListOf } from "../../../site/authorization/local_list.ts";
import { route } from "../../route.ts";
import { Nullable } from "../../schemas.ts";
import { chargerNamed, type NamingDeps } from "./charger_named.ts";

const Tags = Type.Record(Type.String(), Type.String(), {
  description: "idTag to its idTagInfo as JSON; empty for Accepted",
});

/** The routes of /ocpp/chargers/{charger_id}/local_list/. */
export const localListRoutes = [
  route({
    method: "GET",
    path: "/ocpp/chargers/{charger_id}/local_list/",
    role: "viewer",
    summary: "A charger's local authorization list",
    response: Type.Object({
      charger_id: Type.String(),
      version: Type.Integer(),
      tags: Tags,
      known: Type.Boolean({ description: "False after an update that failed: the charger may hold others" }),
      wanted: Nullable(Tags),
      supported: Type.Boolean(),
      updated_at: Type.String({ description: "ISO 8601; empty: never" }),
    }),
    handle: ({ params }, deps: NamingDeps) =>
      localListOf(deps.store, chargerNamed(params.charger_id, deps).charger_id),
  }),
];
