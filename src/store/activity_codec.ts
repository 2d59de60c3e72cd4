// Entries of the event log as stored: lists without names, a sixth of the size of objects with all fields.
import { ACTIVITY_SEVERITIES, type ActivityEntry, type ActivityKind } from "./records/activity.ts";
import type { ActivityValues } from "./records/activity.ts";

/**
 * An entry as stored: ms since 1970, kind, severity's place, charger, connector, user, values, count, ms of the newest event.
 * Nulls at its end are left out.
 */
export type StoredEntry = [
  at: number,
  kind: ActivityKind,
  severity: number,
  charger_id?: string | null,
  connector_id?: number | null,
  user?: string | null,
  values?: ActivityValues | null,
  count?: number | null,
  until?: number | null,
];

/** Returns an entry as it is stored. */
export function packed(entry: ActivityEntry): StoredEntry {
  const { values, count, until } = entry;
  const row = [
    Date.parse(entry.at),
    entry.kind,
    ACTIVITY_SEVERITIES.indexOf(entry.severity),
    entry.charger_id,
    entry.connector_id,
    entry.user,
    Object.keys(values).length > 0 ? values : null,
    count > 1 ? count : null,
    until === null ? null : Date.parse(until),
  ];
  while (row.at(-1) === null) row.pop();
  return row as StoredEntry;
}

/** Returns a stored entry as a record. */
export function unpacked(sequence: number, row: StoredEntry): ActivityEntry {
  const [at, kind, severity, charger_id = null, connector_id = null, user = null, values, count, until] = row;
  return {
    sequence,
    at: new Date(at).toISOString(),
    kind,
    severity: ACTIVITY_SEVERITIES[severity] ?? "info",
    charger_id,
    connector_id,
    user,
    values: values ?? {},
    count: count ?? 1,
    until: until === undefined || until === null ? null : new Date(until).toISOString(),
  };
}
