// The answers of OCPP 1.6's Smart Charging, Reservation and Local Auth List Management profiles (chapter 5).
import { toOcppTime } from "../../ocpp/time.ts";
import type { CommandOf, ReplyTo } from "../messages.ts";
import type { AnsweringCharger, AnswerTable } from "./table.ts";

/** The answers, one line an action. */
export const CHARGING: AnswerTable = {
  SetChargingProfile: ({ connectorId, csChargingProfiles }, { charging }) => ({
    status: charging.set(connectorId, csChargingProfiles) ? "Accepted" : "Rejected",
  }),
  ClearChargingProfile: (filter, { charging }) => ({
    status: charging.clear(filter) ? "Accepted" : "Unknown",
  }),
  GetCompositeSchedule: compositeSchedule,
  ReserveNow: (request, { reservations, notifier }, afterwards) => {
    const status = reservations.reserve(request);
    afterwards(() => notifier.refreshAll());
    return { status };
  },
  CancelReservation: ({ reservationId }, { reservations }) => ({
    status: reservations.cancel(reservationId) ? "Accepted" : "Rejected",
  }),
  GetLocalListVersion: (_request, { authorizer }) => ({ listVersion: authorizer.version }),
  SendLocalList: (request, { authorizer }) => ({ status: authorizer.update(request) }),
};

/** OCPP 1.6 §5.7. */
function compositeSchedule(
  { connectorId, duration, chargingRateUnit = "A" }: CommandOf<"GetCompositeSchedule">,
  charger: AnsweringCharger,
): ReplyTo<"GetCompositeSchedule"> {
  if (connectorId > charger.connectors.length || duration === 0) return { status: "Rejected" };
  return {
    status: "Accepted",
    connectorId,
    scheduleStart: toOcppTime(charger.now()),
    chargingSchedule: {
      duration,
      chargingRateUnit,
      chargingSchedulePeriod: charger.charging.composite(connectorId, duration, chargingRateUnit),
    },
  };
}
