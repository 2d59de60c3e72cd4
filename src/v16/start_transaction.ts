// StartTransaction (OCPP 1.6 §4.8): a session starts.
import type { Static } from "typebox";
import type { Context } from "../site/context.ts";
import { startSession } from "../site/sessions/start_session.ts";
import { DateTime, IdTagInfo, IdToken, Int, Maybe, OutletId, Payload } from "./datatypes.ts";
import { idTagInfoOf } from "./id_tag_info.ts";

export const request = Payload({
  connectorId: OutletId,
  idTag: IdToken,
  meterStart: Int,
  reservationId: Maybe(Int),
  timestamp: DateTime,
});
export const response = Payload({ idTagInfo: IdTagInfo, transactionId: Int });
type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Starts the session; the charger decides by the status in the answer. */
export async function handle(request: Request, context: Context): Promise<Response> {
  const start = {
    connector_id: request.connectorId,
    id_tag: request.idTag,
    meter_start: request.meterStart,
    reservation_id: request.reservationId,
    timestamp: request.timestamp,
  };
  const { transaction_id, authorization } = await startSession(start, context);
  return { idTagInfo: idTagInfoOf(authorization), transactionId: transaction_id };
}
