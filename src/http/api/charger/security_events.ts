// /ocpp/security_events/ and /ocpp/chargers/{charger_id}/security_events/: events that concern security.
import { Type } from "../../../ocpp/schema_builder.ts";
import { securityEvents } from "../../../site/security/security_log.ts";
import { route } from "../../route.ts";
import { named, Nullable, NUMBERED_PAGE, page, pageFrom, Time } from "../../schemas.ts";
import { chargerNamed, type NamingDeps } from "./charger_named.ts";

const SecurityEvents = page(
  "security_events",
  named(
    "SecurityEvent",
    Type.Object({
      sequence: Type.Integer(),
      charger_id: Type.String(),
      type: Type.String(),
      at: Type.String({ format: "date-time", description: "By the charger's clock" }),
      received: Time,
      tech_info: Nullable(Type.String()),
      source: Type.Enum(["charger", "gateway"]),
    }),
  ),
);

/** The routes of /ocpp/security_events/ and /ocpp/chargers/{charger_id}/security_events/. */
export const securityEventRoutes = [
  route({
    method: "GET",
    path: "/ocpp/security_events/",
    role: "viewer",
    summary: "All security events, newest first",
    query: Type.Object(NUMBERED_PAGE),
    response: SecurityEvents,
    handle({ query }, { store }: NamingDeps) {
      const { records, next } = pageFrom(securityEvents(store), query);
      return { security_events: records, next };
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/chargers/{charger_id}/security_events/",
    role: "viewer",
    summary: "A charger's security events, newest first",
    query: Type.Object(NUMBERED_PAGE),
    response: SecurityEvents,
    handle({ params, query }, deps: NamingDeps) {
      const { charger_id } = chargerNamed(params.charger_id, deps);
      const { records, next } = pageFrom(securityEvents(deps.store, charger_id), query);
      return { security_events: records, next };
    },
  }),
];
