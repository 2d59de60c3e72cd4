// Times and months as people type them, on the clocks of the site.
import { timeOf } from "./zone.ts";

/** Returns the month `YYYY-MM` after a month. */
export function monthAfter(month: string): string {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}

/** Returns an input's time as ISO 8601 in UTC; null: it is empty. */
export function isoOf(wall: string | undefined): string | null {
  return wall ? new Date(timeOf(wall)).toISOString() : null;
}
