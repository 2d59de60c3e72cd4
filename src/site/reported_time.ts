// The time that a charger reports, or the gateway's if the charger's clock is wrong.
import { readTime } from "../ocpp/time.ts";
import type { Context } from "./context.ts";
import { quirksOf, zoneMinutes } from "./quirks.ts";

const AHEAD = 24 * 3_600_000;
const ZONED = /(Z|[+-]\d\d(:?\d\d)?)\s*$/i;

/** A usable time, ms since 1970; `doubtful` if the charger's was absent, before 2000 or more than a day ahead. */
export function reportedTime(text: unknown, context: Context): { at: number; doubtful: boolean } {
  const reported = readTime(text, zoneOf(text, context));
  const received = context.now();
  const doubtful = Number.isNaN(reported) || reported > received + AHEAD;
  if (text !== undefined) noteClock(doubtful, received, context);
  return { at: doubtful ? received : reported, doubtful };
}

function noteClock(doubtful: boolean, received: number, { state }: Context): void {
  if (!doubtful) state.clock_wrong_since = null;
  else state.clock_wrong_since ??= received;
}

/** Returns the charger's offset for times without zone: its quirk `time_zone`, UTC by default. */
function zoneOf(text: unknown, { store, charger_id }: Context): number {
  if (typeof text !== "string" || text.endsWith("Z")) return 0;
  const { time_zone } = quirksOf(store.chargers.get(charger_id));
  if (time_zone === 0 || ZONED.test(text.replace(/^\s*\d{4}-\d\d-\d\d/, ""))) return 0;
  const local = readTime(text, 0);
  return Number.isNaN(local) ? 0 : zoneMinutes(time_zone, local);
}
