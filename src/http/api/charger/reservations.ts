// /ocpp/reservations/ and /ocpp/chargers/{charger_id}/reservations/: reservations.
import { Type } from "../../../ocpp/schema_builder.ts";
import { reservationsOf } from "../../../site/authorization/reservations.ts";
import { route } from "../../route.ts";
import { named, Nullable, NUMBERED_PAGE, OptionalTime, page, pageFrom, Time } from "../../schemas.ts";
import { chargerNamed, type NamingDeps } from "./charger_named.ts";

const Reservations = page(
  "reservations",
  named(
    "Reservation",
    Type.Object({
      reservation_id: Type.Integer(),
      charger_id: Type.String(),
      connector_id: Type.Integer(),
      id_tag: Type.String(),
      parent_id_tag: Nullable(Type.String()),
      expires_at: Time,
      state: Type.Enum(["active", "used", "cancelled", "expired", "refused"]),
      created_at: Time,
      ended_at: OptionalTime,
      reason: Nullable(Type.String()),
      transaction_id: Nullable(Type.Integer()),
    }),
  ),
);

interface ReservationDeps extends NamingDeps {
  /** ms since 1970. */
  now: () => number;
}

/** The routes of /ocpp/reservations/ and /ocpp/chargers/{charger_id}/reservations/. */
export const reservationRoutes = [
  route({
    method: "GET",
    path: "/ocpp/reservations/",
    role: "viewer",
    summary: "All reservations, newest first",
    query: Type.Object(NUMBERED_PAGE),
    response: Reservations,
    handle({ query }, { store, now }: ReservationDeps) {
      const { records, next } = pageFrom(reservationsOf(store, now()), query);
      return { reservations: records, next };
    },
  }),
  route({
    method: "GET",
    path: "/ocpp/chargers/{charger_id}/reservations/",
    role: "viewer",
    summary: "A charger's reservations, newest first",
    query: Type.Object(NUMBERED_PAGE),
    response: Reservations,
    handle({ params, query }, deps: ReservationDeps) {
      const { charger_id } = chargerNamed(params.charger_id, deps);
      const { records, next } = pageFrom(reservationsOf(deps.store, deps.now(), charger_id), query);
      return { reservations: records, next };
    },
  }),
];
