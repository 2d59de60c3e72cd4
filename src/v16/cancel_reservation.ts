// CancelReservation (OCPP 1.6 §5.1): cancels a reservation before it expires.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { toIso } from "../ocpp/time.ts";
import { Int, Payload } from "./datatypes.ts";
import { type Context, Refusal } from "../site/context.ts";
import { activeReservations, endReservation } from "../site/authorization/reservations.ts";

export const request = Payload({ reservationId: Int });
export const response = Payload({ status: Type.Enum(["Accepted", "Rejected"]) });
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Fills in the charger's reservation if it has exactly one. Throws Refusal. */
export function fillDefaults(payload: Record<string, unknown>, context: Context): Record<string, unknown> {
  if (payload.reservationId !== undefined) return payload;
  const [only, ...others] = activeReservations(context);
  if (only && others.length === 0) return { ...payload, reservationId: only.reservation_id };
  const which = only ? "there is more than one reservation" : "there is no reservation";
  throw new Refusal("state", `Cannot cancel: ${which}; name it in payload.reservationId`);
}

/** Throws Refusal if the gateway has no such reservation. */
export function validate({ reservationId }: Request, { store, charger_id }: Context): void {
  if (store.reservations.has(`${charger_id}/${reservationId}`)) return;
  throw new Refusal(
    "state",
    `Cannot cancel reservation ${reservationId}: the charger has no such reservation`,
  );
}

/** Ends the reservation if the charger answered Accepted; after Rejected it stands. */
export async function onResponse(
  { reservationId }: Request,
  { status }: Response,
  context: Context,
): Promise<void> {
  const reservation = activeReservations(context).find(({ reservation_id }) =>
    reservation_id === reservationId
  );
  if (status !== "Accepted" || !reservation) return;
  await endReservation(reservation, { state: "cancelled", ended_at: toIso(context.now()) }, context);
}
