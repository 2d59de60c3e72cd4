// Quiet hours of a channel, by the clocks of the site.
import type { Channel } from "../../../store/store.ts";

/** Returns true in a channel's quiet hours, which may span midnight. `now`: ms since 1970. */
export function isQuiet(
  { quiet_from, quiet_to }: Pick<Channel, "quiet_from" | "quiet_to">,
  now: number,
  time_zone: string,
): boolean {
  if (quiet_from === null || quiet_to === null || quiet_from === quiet_to) return false;
  const time = clockTime(now, time_zone);
  return quiet_from < quiet_to
    ? time >= quiet_from && time < quiet_to
    : time >= quiet_from || time < quiet_to;
}

/** Returns the time on the zone's clocks, `HH:MM`. */
function clockTime(now: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
    .format(now);
}
