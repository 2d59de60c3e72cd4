// Filters of the event log, for single entries and for blocks of them.
import {
  ACTIVITY_GROUPS,
  type ActivityEntry,
  type ActivityGroup,
  type ActivityKind,
  type ActivitySeverity,
} from "./records/activity.ts";

/** A filter of entries. */
export interface ActivityFilter {
  /** Entries of any of these chargers. */
  charger_ids?: ReadonlySet<string> | undefined;
  kind?: ActivityKind | undefined;
  group?: ActivityGroup | undefined;
  severity?: ActivitySeverity | undefined;
  /** ms since 1970; included. */
  from?: number | undefined;
  /** ms since 1970; excluded. */
  to?: number | undefined;
  /** Only entries with a lower sequence. */
  cursor?: number | undefined;
}

/** The entries of a block in outline. */
export interface BlockOutline {
  first: number;
  last: number;
  /** The earliest and the latest time, ms since 1970: clocks that step make entries out of order. */
  from: number;
  to: number;
  chargers: string[];
  kinds: ActivityKind[];
  severities: ActivitySeverity[];
}

/** Returns the outline of entries in order. */
export function outlineOf(entries: readonly ActivityEntry[]): BlockOutline {
  const times = entries.flatMap(({ at, until }) => [at, until ?? at]).map(Date.parse);
  const all = <T>(of: (entry: ActivityEntry) => T | null) => [
    ...new Set(entries.map(of).filter((value) => value !== null)),
  ];
  return {
    first: entries[0]!.sequence,
    last: entries.at(-1)!.sequence,
    from: Math.min(...times),
    to: Math.max(...times),
    chargers: all(({ charger_id }) => charger_id) as string[],
    kinds: all(({ kind }) => kind) as ActivityKind[],
    severities: all(({ severity }) => severity) as ActivitySeverity[],
  };
}

/** Returns true if a block can have matching entries. */
export function mayMatch(block: BlockOutline, filter: ActivityFilter): boolean {
  const { charger_ids, severity, from = -Infinity, to = Infinity, cursor = Infinity } = filter;
  return block.first < cursor && block.to >= from && block.from < to &&
    (charger_ids === undefined || block.chargers.some((id) => charger_ids.has(id))) &&
    block.kinds.some((kind) => isWanted(kind, filter)) &&
    (severity === undefined || block.severities.includes(severity));
}

/** Returns true for a matching entry; one with several events matches if any time between the first and the newest does. */
export function matches(entry: ActivityEntry, filter: ActivityFilter): boolean {
  const { charger_ids, severity, from = -Infinity, to = Infinity, cursor = Infinity } = filter;
  return entry.sequence < cursor && Date.parse(entry.until ?? entry.at) >= from &&
    Date.parse(entry.at) < to &&
    (charger_ids === undefined || (entry.charger_id !== null && charger_ids.has(entry.charger_id))) &&
    isWanted(entry.kind, filter) &&
    (severity === undefined || entry.severity === severity);
}

function isWanted(kind: ActivityKind, { kind: wanted, group }: ActivityFilter): boolean {
  const among: readonly ActivityKind[] | undefined = group && ACTIVITY_GROUPS[group];
  return (wanted === undefined || kind === wanted) && (among === undefined || among.includes(kind));
}
