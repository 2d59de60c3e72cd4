// ReserveNow (OCPP 1.6 §5.13): reserves a connector for a tag; connector 0 is any connector.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { readTime, toIso } from "../ocpp/time.ts";
import { ConnectorId, DateTime, IdToken, Int, Maybe, Payload } from "./datatypes.ts";
import { type Context, Refusal } from "../site/context.ts";
import { refuseUnlessAccepted } from "../site/registration.ts";
import { keepReservation, newReservationId } from "../site/authorization/reservations.ts";

export const request = Payload({
  connectorId: ConnectorId,
  expiryDate: DateTime,
  idTag: IdToken,
  parentIdTag: Maybe(IdToken),
  reservationId: Int,
});
export const response = Payload({
  status: Type.Enum(["Accepted", "Faulted", "Occupied", "Rejected", "Unavailable"]),
});
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Fills in an id, and the parent of the tag, if the operator leaves them out. */
export function fillDefaults(payload: Record<string, unknown>, { store }: Context): Record<string, unknown> {
  const parent = store.rfids.get(String(payload.idTag ?? "").toUpperCase())?.parent_id_tag;
  return {
    reservationId: newReservationId(store),
    ...(parent ? { parentIdTag: parent } : {}),
    ...payload,
  };
}

/** Throws Refusal for an expiry in the past. */
export function validate({ expiryDate }: Request, context: Context): void {
  refuseUnlessAccepted(context);
  if (!(readTime(expiryDate) > context.now())) throw new Refusal("input", "expiryDate must be in the future");
}

/** Stores the outcome. */
export async function onResponse(request: Request, { status }: Response, context: Context): Promise<void> {
  await keepReservation(
    {
      reservation_id: request.reservationId,
      connector_id: request.connectorId,
      id_tag: request.idTag,
      parent_id_tag: request.parentIdTag ?? null,
      expires_at: toIso(readTime(request.expiryDate)),
    },
    status,
    context,
  );
}
