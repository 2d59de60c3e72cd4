// GetCompositeSchedule (OCPP 1.6 §5.7): returns the combination of all charging profiles.
import { Type } from "../ocpp/schema_builder.ts";
import { ChargingRateUnit, ChargingSchedule, ConnectorId, DateTime, Maybe, Payload } from "./datatypes.ts";

export const request = Payload({
  connectorId: ConnectorId,
  duration: Type.Integer({ minimum: 0 }),
  chargingRateUnit: Maybe(ChargingRateUnit),
});
/** The response. If Rejected the rest may be missing; periods are relative to scheduleStart (errata 3.57). */
export const response = Payload({
  status: Type.Enum(["Accepted", "Rejected"]),
  connectorId: Maybe(ConnectorId),
  scheduleStart: Maybe(DateTime),
  chargingSchedule: Maybe(ChargingSchedule),
});
