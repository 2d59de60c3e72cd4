// BootNotification (OCPP 1.6 §4.2): a charger identifies itself and asks to be accepted.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { toOcppTime } from "../ocpp/time.ts";
import type { Context } from "../site/context.ts";
import { type ChargerIdentity, registerBoot } from "../site/registration.ts";
import { CiString, DateTime, Maybe, Payload } from "./datatypes.ts";

export const before_acceptance = true; // errata 1.6-J §3.8
export const request = Payload({
  chargePointVendor: CiString(20),
  chargePointModel: CiString(20),
  chargePointSerialNumber: Maybe(CiString(25)),
  chargeBoxSerialNumber: Maybe(CiString(25)),
  firmwareVersion: Maybe(CiString(50)),
  iccid: Maybe(CiString(20)),
  imsi: Maybe(CiString(20)),
  meterType: Maybe(CiString(25)),
  meterSerialNumber: Maybe(CiString(25)),
});
export const response = Payload({
  status: Type.Enum(["Accepted", "Pending", "Rejected"]),
  currentTime: DateTime,
  interval: Type.Integer({ minimum: 0 }),
});
/** BootNotification.req */
export type Boot = Static<typeof request>;
type Response = Static<typeof response>;

/** Stores the charger's data and answers with its registration status. */
export async function handle(request: Boot, context: Context): Promise<Response> {
  const { status, interval_s } = await registerBoot(identityOf(request), request, context);
  return { status, currentTime: toOcppTime(context.now()), interval: interval_s };
}

function identityOf(request: Boot): ChargerIdentity {
  return {
    vendor: request.chargePointVendor,
    model: request.chargePointModel,
    serial_number: request.chargePointSerialNumber ?? request.chargeBoxSerialNumber ?? null,
    firmware_version: request.firmwareVersion ?? null,
  };
}
