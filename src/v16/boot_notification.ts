// BootNotification (OCPP 1.6 §4.2): a charger identifies itself and asks to be accepted.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { toOcppTime } from "../ocpp/time.ts";
import { CiString, DateTime, Maybe, Payload } from "./datatypes.ts";
import type { Charger } from "../store/store.ts";
import type { Context } from "../site/context.ts";
import { chargerOf } from "../site/charger_record.ts";
import { chargerView } from "../site/charger_view.ts";
import { suspect } from "../site/sessions/session_owner.ts";

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

const RETRY_AFTER = 60; // s after which a charger that is not accepted may ask again

/** Stores the charger's data and answers with its registration status. Running transactions are not changed. */
export async function handle(request: Boot, context: Context): Promise<Response> {
  const { store, state, events, now, trusted = () => true } = context;
  const charger = chargerOf(context);
  const accepted = charger.registration === "Accepted" && trusted();
  const booted = {
    ...charger,
    ...identityOf(request),
    boot: request, // without unknown fields, which may be of any size
    booted_at: accepted ? new Date(now()).toISOString() : charger.booted_at,
  };
  await store.chargers.put(booted);
  events.emit("charger", context.charger_id, () => chargerView(booted, state, store));
  await suspect(store.transactions.active(context.charger_id), context);
  return {
    status: !accepted && charger.registration === "Accepted" ? "Pending" : charger.registration,
    currentTime: toOcppTime(now()),
    interval: accepted ? store.settings.heartbeat_interval : RETRY_AFTER,
  };
}

function identityOf(
  request: Boot,
): Pick<Charger, "vendor" | "model" | "serial_number" | "firmware_version"> {
  return {
    vendor: request.chargePointVendor,
    model: request.chargePointModel,
    serial_number: request.chargePointSerialNumber ?? request.chargeBoxSerialNumber ?? null,
    firmware_version: request.firmwareVersion ?? null,
  };
}
