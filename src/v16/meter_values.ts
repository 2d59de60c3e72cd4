// MeterValues (OCPP 1.6 §4.7): samples of the meter, in a session or outside one.
import type { Static } from "typebox";
import type { Gaps } from "../ocpp/frame_template.ts";
import { Type } from "../ocpp/schema_builder.ts";
import type { Context } from "../site/context.ts";
import { takeMeterValues } from "../site/sessions/meter_values.ts";
import type { RawMeterValue } from "../store/readings/sample.ts";
import { ConnectorId, Int, Maybe, MeterValue, Nothing, Payload } from "./datatypes.ts";

export const request = Payload({
  connectorId: ConnectorId,
  transactionId: Maybe(Int),
  meterValue: Type.Array(MeterValue, { minItems: 1 }),
});
export const response = Nothing;
type Request = Static<typeof request>;

/** Words in which the samples of one meter differ. */
export const gaps: Gaps = {
  "connectorId": "integer",
  "transactionId": "integer",
  "meterValue.*.timestamp": "time",
  "meterValue.*.sampledValue.*.value": "string",
};

/** Stores every sampled value, and updates session and connector. */
export function handle(request: Request, context: Context): Promise<Static<typeof response>> {
  return takeMeterValues({
    connector_id: request.connectorId,
    transaction_id: request.transactionId,
    values: request.meterValue as RawMeterValue[],
    message: "MeterValues",
  }, context).then(nothing);
}

const nothing = () => ({});
