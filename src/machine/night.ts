// The night: the hour for work that nobody is to notice.
import { clockHourFrom } from "../calendar.ts";

/** Hour of the day in the site's time zone. */
const NIGHT = 3;

/** Returns the first moment at or after `from` that is in a night of the zone and not before `now`, ms since 1970. */
export function nightFrom(from: number, now: number, time_zone: string): number {
  return clockHourFrom(NIGHT, Math.max(from, now), time_zone);
}
