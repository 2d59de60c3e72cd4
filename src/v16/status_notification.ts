// StatusNotification (OCPP 1.6 §4.9): the state of a connector.
import type { Static } from "typebox";
import { noteStatus } from "../site/connector_status.ts";
import type { Context } from "../site/context.ts";
import {
  ChargePointErrorCode,
  ChargePointStatus,
  CiString,
  ConnectorId,
  DateTime,
  Maybe,
  Nothing,
  Payload,
} from "./datatypes.ts";

export const request = Payload({
  connectorId: ConnectorId,
  errorCode: ChargePointErrorCode,
  info: Maybe(CiString(50)),
  status: ChargePointStatus,
  timestamp: Maybe(DateTime),
  vendorId: Maybe(CiString(255)),
  vendorErrorCode: Maybe(CiString(50)),
});
export const response = Nothing;
type Request = Static<typeof request>;

/** Stores the status of the connector. */
export function handle(request: Request, context: Context): object | Promise<object> {
  const noted = noteStatus({
    connector_id: request.connectorId,
    status: request.status,
    error_code: request.errorCode,
    info: request.info ?? null,
    vendor_error_code: request.vendorErrorCode ?? null,
    timestamp: request.timestamp,
  }, context);
  return noted === null ? {} : noted.then(nothing);
}

const nothing = () => ({});
