// Times as people type them, on the clocks of the site.
import { timeOf } from "./zone.ts";

/** Returns an input's time as ISO 8601 in UTC; null: it is empty. */
export function isoOf(wall: string | undefined): string | null {
  return wall ? new Date(timeOf(wall)).toISOString() : null;
}
