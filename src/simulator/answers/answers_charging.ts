// The answers of OCPP 1.6's Smart Charging, Reservation and Local Auth List Management profiles (chapter 5).
import { toOcppTime } from "../../ocpp/time.ts";
import type { AnswerTable } from "./answers.ts";
import type { Charger } from "../charger/charger.ts";
import type { CommandOf, ReplyTo } from "../charger/messages.ts";

/** One line an action. */
export const CHARGING: AnswerTable = {
  SetChargingProfile: ({ connectorId, csChargingProfiles }, charger) => ({
    status: charger.charging.set(connectorId, csChargingProfiles) ? "Accepted" : "Rejected",
  }),
  ClearChargingProfile: (filter, charger) => ({
    status: charger.charging.clear(filter) ? "Accepted" : "Unknown",
  }),
  GetCompositeSchedule: compositeSchedule,
  ReserveNow: (request, charger, afterwards) => {
    const status = charger.reservations.reserve(request);
    afterwards(() => charger.refreshAll());
    return { status };
  },
  CancelReservation: ({ reservationId }, charger) => ({
    status: charger.reservations.cancel(reservationId) ? "Accepted" : "Rejected",
  }),
  GetLocalListVersion: (_request, charger) => ({ listVersion: charger.authorizer.version }),
  SendLocalList: (request, charger) => ({ status: charger.authorizer.update(request) }),
};

/** OCPP 1.6 §5.7. */
function compositeSchedule(
  { connectorId, duration, chargingRateUnit = "A" }: CommandOf<"GetCompositeSchedule">,
  charger: Charger,
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
