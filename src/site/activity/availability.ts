// Counting of a charger's time: connected, disconnected, unknown, faulted, by month of the site's zone.
import { type Calendar, labelAt } from "../../calendar.ts";
import type { Availability, AvailabilitySums, ConnectorFaults } from "../../store/store.ts";

/** Returns the count of a charger that is new at a time, ms since 1970. */
export function newAvailability(charger_id: string, at: number, calendar: Calendar): Availability {
  return {
    charger_id,
    ...emptySums(labelAt("month", at, calendar.time_zone), at),
    at,
    connected: null,
    faulted: [],
    months: [],
  };
}

/**
 * Counts on to a time, in the state that there is; `known` false: nobody saw the charger. Returns the count and the months
 * that have ended meanwhile.
 */
export function countedTo(
  count: Availability,
  to: number,
  { calendar, known = true }: { calendar: Calendar; known?: boolean },
): { count: Availability; ended: AvailabilitySums[] } {
  const ended: AvailabilitySums[] = [];
  let current = { ...count, connectors: count.connectors.map((one) => ({ ...one })) };
  const intervals = to > count.at ? calendar.intervalsOf("month", { from: count.at, to }) : [];
  for (const month of intervals) {
    const label = labelAt("month", month.from, calendar.time_zone);
    if (label !== current.month) {
      ended.push(sumsOf(current));
      current = { ...current, ...emptySums(label, current.at) };
    }
    const end = Math.min(to, month.to);
    addTime(current, end - current.at, known);
    current.at = end;
  }
  return { count: current, ended };
}

/** Returns the sums of a count. */
export function sumsOf(
  { month, from, up_ms, down_ms, unknown_ms, faulted_ms, disconnections, connectors }: AvailabilitySums,
): AvailabilitySums {
  return { month, from, up_ms, down_ms, unknown_ms, faulted_ms, disconnections, connectors };
}

/** Returns a count with a connector's begin or end of a fault. */
export function withFault(
  count: Availability,
  { connector_id, faulted }: { connector_id: number; faulted: boolean },
): Availability {
  const before = count.faulted.includes(connector_id);
  if (before === faulted) return count;
  if (!faulted) return { ...count, faulted: count.faulted.filter((id) => id !== connector_id) };
  const connectors = count.connectors.map((one) => ({ ...one }));
  connectorOf(connectors, connector_id).faults++;
  return { ...count, connectors, faulted: [...count.faulted, connector_id] };
}

function emptySums(month: string, from: number): AvailabilitySums {
  return {
    month,
    from,
    up_ms: 0,
    down_ms: 0,
    unknown_ms: 0,
    faulted_ms: 0,
    disconnections: 0,
    connectors: [],
  };
}

function addTime(count: Availability, ms: number, known: boolean): void {
  if (!known || count.connected === null) count.unknown_ms += ms;
  else if (!count.connected) count.down_ms += ms;
  else {
    count.up_ms += ms;
    if (count.faulted.length > 0) count.faulted_ms += ms;
    for (const id of count.faulted) connectorOf(count.connectors, id).faulted_ms += ms;
  }
}

function connectorOf(connectors: ConnectorFaults[], connector_id: number): ConnectorFaults {
  const known = connectors.find((one) => one.connector_id === connector_id);
  if (known) return known;
  const added = { connector_id, faults: 0, faulted_ms: 0 };
  connectors.push(added);
  connectors.sort((a, b) => a.connector_id - b.connector_id);
  return added;
}
