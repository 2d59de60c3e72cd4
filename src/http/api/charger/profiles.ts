// /ocpp/chargers/{charger_id}/profiles/: the charging profiles that a charger has accepted.
import { Type } from "../../../ocpp/schema_builder.ts";
import { profilesOf } from "../../../site/smart_charging/profiles.ts";
import { route } from "../../route.ts";
import { AnyObject, Nullable, NUMBERED_PAGE, page, pageFrom, Time } from "../../schemas.ts";
import { chargerNamed, type NamingDeps } from "./charger_named.ts";

const Profile = Type.Object({
  charger_id: Type.String(),
  connector_id: Type.Integer(),
  profile: AnyObject,
  installed_at: Time,
  transaction_id: Nullable(Type.Integer({ description: "The session of a TxProfile" })),
  awaits_id_tag: Nullable(Type.String({ description: "The tag of the remote start that carried it" })),
});

export const profileRoutes = [
  route({
    method: "GET",
    path: "/ocpp/chargers/{charger_id}/profiles/",
    role: "viewer",
    summary: "The charging profiles that a charger has accepted",
    query: Type.Object(NUMBERED_PAGE),
    response: page("profiles", Profile),
    handle({ params, query }, deps: NamingDeps) {
      const { charger_id } = chargerNamed(params.charger_id, deps);
      const { records, next } = pageFrom(profilesOf(deps.store, charger_id), query);
      return { profiles: records.map((one) => ({ ...one, profile: { ...one.profile } })), next };
    },
  }),
];
