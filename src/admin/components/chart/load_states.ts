// The states and events of a charger over time, from the event log.
import type { ActivityEntry } from "../../types.ts";
import { at, get } from "../../api.ts";
import { chargers } from "../../live.ts";
import { stateText } from "../status.tsx";
import { textOf } from "../event_entry.tsx";
import type { ChartData, Range, StateSpan } from "./chart_data.ts";

/** Entries of a charger in a span at most. */
const MOST = 1000;

/** A change of a charger's state. */
type Change = Pick<ActivityEntry, "kind" | "at" | "connector_id">;

interface EventsQuestion {
  charger_id: string;
  range: Range;
  /** ms since 1970. */
  now: number;
}

/** Loads the states of a range up to now, and the other events in it. */
export async function loadEvents(
  { charger_id, range, now }: EventsQuestion,
): Promise<Pick<ChartData, "states" | "marks">> {
  const span = { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
  const { entries } = await get(at("/ocpp/events/log/", {}, { charger_id, ...span, limit: MOST }));
  const until = Math.min(range.to, now);
  const live = range.to >= now ? chargers.get(charger_id)?.value.connected : undefined;
  return {
    states: statesOf(entries.toReversed(), { from: range.from, to: until }, live),
    marks: entries.filter(({ kind }) => !DRAWN.has(kind)).map((entry) => ({
      at: Date.parse(entry.at),
      label: textOf(entry),
      tone: entry.severity === "error" ? "red" : entry.severity === "warning" ? "amber" : "grey",
    })),
  };
}

const CHANGES: ReadonlySet<string> = new Set(["connected", "disconnected", "fault", "fault_ended"]);

/** The kinds that bands and states show. */
const DRAWN: ReadonlySet<string> = new Set([
  "connected",
  "disconnected",
  "fault_ended",
  "session_started",
  "session_ended",
]);

/**
 * Returns what changes make of a range. Before the first change the charger was what the change ended; without any it was
 * as it is now, and undefined is unknown: no span.
 */
export function statesOf(
  changes: readonly Change[],
  { from, to }: Range,
  connected_now?: boolean,
): StateSpan[] {
  const first = changes.find(({ kind }) => kind === "connected" || kind === "disconnected");
  let connected = first ? first.kind === "disconnected" : connected_now;
  const faults = new Set<number | null>();
  for (const { kind, connector_id } of changes.toReversed()) {
    if (kind === "fault") faults.delete(connector_id);
    if (kind === "fault_ended") faults.add(connector_id); // it was there before, unless an earlier change began it
  }
  const spans: StateSpan[] = [];
  let since = from;
  const close = (at: number) => {
    const status = connected === undefined
      ? null
      : !connected
      ? "offline"
      : faults.size
      ? "Faulted"
      : "online";
    if (status !== null && at > since) spans.push(spanOf(status, since, at));
    since = at;
  };
  for (const { kind, at, connector_id } of changes.filter(({ kind }) => CHANGES.has(kind))) {
    close(Math.min(to, Math.max(from, Date.parse(at))));
    if (kind === "connected" || kind === "disconnected") connected = kind === "connected";
    if (kind === "fault") faults.add(connector_id);
    if (kind === "fault_ended") faults.delete(connector_id);
  }
  close(to);
  return spans;
}

function spanOf(status: "offline" | "Faulted" | "online", from: number, to: number): StateSpan {
  const tone = status === "online" ? "green" : status === "Faulted" ? "red" : "grey";
  return { from, to, label: stateText(status), tone };
}
