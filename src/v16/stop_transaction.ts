// StopTransaction (OCPP 1.6 §4.10): a session ends. It cannot be refused.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { authorize } from "../site/authorization/authorization.ts";
import type { Context } from "../site/context.ts";
import { stopSession } from "../site/sessions/stop_session.ts";
import type { RawMeterValue } from "../store/readings/sample.ts";
import { DateTime, IdTagInfo, IdToken, Int, Maybe, MeterValue, Payload, Reason } from "./datatypes.ts";
import { idTagInfoOf } from "./id_tag_info.ts";

export const request = Payload({
  idTag: Maybe(IdToken),
  meterStop: Int,
  timestamp: DateTime,
  transactionId: Int,
  reason: Maybe(Reason),
  transactionData: Maybe(Type.Array(MeterValue)),
});
export const response = Payload({ idTagInfo: Maybe(IdTagInfo) });
export type Request = Static<typeof request>;
type Response = Static<typeof response>;

/** Ends the session; transactionData are ordinary samples. Always answers. */
export async function handle(request: Request, context: Context): Promise<Response> {
  await stopSession({
    transaction_id: request.transactionId,
    id_tag: request.idTag,
    meter_stop: request.meterStop,
    reason: request.reason,
    timestamp: request.timestamp,
    values: request.transactionData as RawMeterValue[] | undefined,
    message: "StopTransaction",
  }, context);
  return request.idTag ? { idTagInfo: idTagInfoOf(authorize(request.idTag, context)) } : {};
}
