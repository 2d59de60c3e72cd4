// The key prefixes of the readings.
import type { Keys } from "../kv/keys.ts";

/**
 * Below `journal`: sequence → the records of one commit, as text. `series`: number → the labels of sampled values.
 * `shape`: number → the series of a MeterValue. `fold` → how far the journal is compacted. `chunk`: charger_id, hour (h
 * since 1970), connector_id, part → readings, columnar. `reading_day`: charger_id, day (since 1970, UTC) → the sums of
 * its hours. `reading_days` → the day up to which all are there. `last_meter_values`: charger_id → MeterValues.req as received.
 */
export type ReadingKeys = Keys<
  "journal" | "series" | "shape" | "fold" | "chunk" | "reading_day" | "reading_days" | "last_meter_values"
>;
