// The states of a charger over time, from the event log: connected, not connected, faulted.
import type { ActivityEntry } from "../../types.ts";
import { at, get } from "../../api.ts";
import { chargers } from "../../live.ts";
import { stateText } from "../status.tsx";
import type { Range, StateSpan } from "./chart_data.ts";

const MOST = 300;
const KINDS = ["connected", "disconnected", "fault", "fault_ended"] as const;

/** A change of a charger's state. */
type Change = Pick<ActivityEntry, "kind" | "at" | "connector_id">;

interface StatesQuestion {
  charger_id: string;
  range: Range;
  /** ms since 1970. */
  now: number;
}

/** Loads the states of a range up to now. */
export async function loadStates({ charger_id, range, now }: StatesQuestion): Promise<StateSpan[]> {
  const span = { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
  const lists = await Promise.all(
    KINDS.map((kind) => get(at("/ocpp/events/log/", {}, { charger_id, kind, ...span, limit: MOST }))),
  );
  const changes = lists.flatMap(({ entries }) => entries).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const until = Math.min(range.to, now);
  const reaches_now = range.to >= now;
  const live = chargers.get(charger_id)?.value;
  return statesOf(changes, { from: range.from, to: until }, reaches_now ? live?.connected : undefined);
}

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
  for (const { kind, at, connector_id } of changes) {
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
