// /ocpp/chargers/{charger_id}/profiles/: the charging profiles that a charger has accepted.
import { Type } from "../../../ocpp/schema_builder.ts";
import { profilesOf } from "../../../site/smart_charging/profiles.ts";
import { route } from "../../route.ts";
import { Nullable, NUMBERED_PAGE, page, pageFrom, Time } from "../../schemas.ts";
import { chargerNamed, type NamingDeps } from "./charger_named.ts";

/** As sent (OCPP 1.6 §7.8). */
const ChargingProfile = Type.Object({
  chargingProfileId: Type.Integer(),
  transactionId: Type.Optional(Type.Integer()),
  stackLevel: Type.Integer(),
  chargingProfilePurpose: Type.Enum(["ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"]),
  chargingProfileKind: Type.Enum(["Absolute", "Recurring", "Relative"]),
  recurrencyKind: Type.Optional(Type.Enum(["Daily", "Weekly"])),
  validFrom: Type.Optional(Type.String()),
  validTo: Type.Optional(Type.String()),
  chargingSchedule: Type.Object({
    duration: Type.Optional(Type.Integer()),
    startSchedule: Type.Optional(Type.String()),
    chargingRateUnit: Type.Enum(["A", "W"]),
    chargingSchedulePeriod: Type.Array(
      Type.Object({
        startPeriod: Type.Integer(),
        limit: Type.Number(),
        numberPhases: Type.Optional(Type.Integer()),
      }),
    ),
    minChargingRate: Type.Optional(Type.Number()),
  }),
});

const Profile = Type.Object({
  charger_id: Type.String(),
  connector_id: Type.Integer(),
  profile: ChargingProfile,
  installed_at: Time,
  transaction_id: Nullable(Type.Integer({ description: "The session of a TxProfile" })),
  awaits_id_tag: Nullable(Type.String({ description: "The tag of the remote start that carried it" })),
});

/** The routes of /ocpp/chargers/{charger_id}/profiles/. */
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
      return { profiles: records, next };
    },
  }),
];
