// SecurityEventNotification (security white paper §4.8): an event that concerns the charger's security.
import type { Static } from "typebox";
import { toIso } from "../ocpp/time.ts";
import { CiString, DateTime, Maybe, Nothing, Payload } from "./datatypes.ts";
import type { Context } from "../site/context.ts";
import { reportedTime } from "../site/reported_time.ts";
import { keepSecurityEvent } from "../site/security/security_log.ts";

export const request = Payload({ type: CiString(50), timestamp: DateTime, techInfo: Maybe(CiString(255)) });
export const response = Nothing;
type Request = Static<typeof request>;

/** Stores the event, whatever its age and the charger's security profile (security white paper A04.FR.03; evcc#22210). */
export async function handle(request: Request, context: Context): Promise<Static<typeof response>> {
  const { at } = reportedTime(request.timestamp, context);
  const incident = {
    type: request.type,
    at: toIso(at),
    tech_info: request.techInfo ?? null,
    source: "charger" as const,
  };
  await keepSecurityEvent(incident, context);
  return {};
}
