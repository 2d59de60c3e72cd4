// The status of a connector, as a charger reports it (OCPP 1.6 §4.9).
import { toIso } from "../ocpp/time.ts";
import type { Charger, Connector } from "../store/store.ts";
import { releaseReservations } from "./authorization/reservations.ts";
import { chargerOf } from "./charger_record.ts";
import { liveFigures } from "./charger_state.ts";
import type { Context } from "./context.ts";
import { checkConnector, isKnownConnector } from "./connector_bound.ts";
import { reportedTime } from "./reported_time.ts";
import { suspect } from "./sessions/session_owner.ts";

/** A report of a connector's status, as the charger sent it. */
export interface StatusReport extends Omit<Connector, "since"> {
  /** By the charger's clock. */
  timestamp: string | undefined;
}

/** The statuses in which no energy flows (OCPP 1.6 §4.9). Connector 0, the charger, may have a main meter all the same. */
const WITHOUT_FLOW: ReadonlySet<string> = new Set([
  "Available",
  "Preparing",
  "SuspendedEV",
  "SuspendedEVSE",
  "Finishing",
  "Reserved",
  "Unavailable",
  "Faulted",
]);

/**
 * Stores the status. Returns null where nothing is written: nothing but the time has changed, or the report was queued
 * offline and is older than the stored status. Else resolves when it is committed.
 */
export function noteStatus(report: StatusReport, context: Context): Promise<unknown> | null {
  const { connector_id } = report;
  if (isKnownConnector(connector_id, context)) return note(report, context);
  return checkConnector(connector_id, context).then(() => note(report, context));
}

function note(report: StatusReport, context: Context): Promise<unknown> | null {
  const { store, state, events } = context;
  const { connector_id } = report;
  const { at } = reportedTime(report.timestamp, context);
  if (at < (state.status_at.get(connector_id) ?? -Infinity) && at < state.connectedAt()) return null;
  state.status_at.set(connector_id, at);
  const charger = chargerOf(context);
  const before = charger.connectors.find((connector) => connector.connector_id === connector_id);
  const connector = connectorOf(report, at, before);
  if (connector === before) return null;
  if (WITHOUT_FLOW.has(connector.status) && connector_id > 0) state.meters.clear(connector_id);
  const written = store.chargers.putConnectors(withConnector(charger, connector));
  events.emit("connector", context.charger_id, () => ({
    ...connector,
    ...liveFigures(connector_id, state, store),
  }));
  return Promise.all([
    written,
    releaseReservations(connector_id, connector.status, context),
    suspectFreed(connector, context),
  ]);
}

/** Marks a session on an Available connector, which has no car, as probably ended. */
async function suspectFreed({ connector_id, status }: Connector, context: Context): Promise<void> {
  const running = context.store.transactions.activeOn(context.charger_id, connector_id);
  if (status === "Available" && running) await suspect([running], context);
}

/** Returns the connector after a report; the same object if only the time differs. */
function connectorOf(
  { timestamp: _timestamp, ...report }: StatusReport,
  at: number,
  before?: Connector,
): Connector {
  const connector = { ...report, since: toIso(at) };
  if (before?.status === connector.status) connector.since = before.since;
  return before && same(before, connector) ? before : connector;
}

function same(a: Connector, b: Connector): boolean {
  return a.error_code === b.error_code && a.info === b.info && a.vendor_error_code === b.vendor_error_code &&
    a.status === b.status;
}

function withConnector(charger: Charger, connector: Connector): Charger {
  const others = charger.connectors.filter(({ connector_id }) => connector_id !== connector.connector_id);
  return { ...charger, connectors: [...others, connector].sort((a, b) => a.connector_id - b.connector_id) };
}
