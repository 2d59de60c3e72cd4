// Bounds of stored readings: the charger's daily budget, and the disk's free space.
import type { Context } from "../context.ts";

/** Returns the reason why no readings of the charger are stored now, or null. Sessions are stored all the same. Hot. */
export function readingRefusal({ store, charger_id, now }: Context): string | null {
  const { readings, settings } = store;
  if (readings.paused) return "The disk is almost full: readings are not stored";
  return readings.budget.isUsedUp(charger_id, settings.max_reading_bytes_per_day, now())
    ? "The charger has sent too many readings today"
    : null;
}
