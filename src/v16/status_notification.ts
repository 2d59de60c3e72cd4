// StatusNotification (OCPP 1.6 §4.9): the state of a connector.
import type { Static } from "typebox";
import { toIso } from "../ocpp/time.ts";
import {
  ChargePointErrorCode,
  ChargePointStatus,
  CiString,
  ConnectorId,
  DateTime,
  Maybe,
  Nothing,
  Payload,
} from "./datatypes.ts";
import type { Charger, Connector } from "../store/store.ts";
import type { Context } from "../site/context.ts";
import { chargerOf } from "../site/charger_record.ts";
import { liveFigures } from "../site/charger_state.ts";
import { reportedTime } from "../site/reported_time.ts";
import { releaseReservations } from "../site/authorization/reservations.ts";
import { suspect } from "../site/sessions/session_owner.ts";

export const request = Payload({
  connectorId: ConnectorId,
  errorCode: ChargePointErrorCode,
  info: Maybe(CiString(50)),
  status: ChargePointStatus,
  timestamp: Maybe(DateTime),
  vendorId: Maybe(CiString(255)),
  vendorErrorCode: Maybe(CiString(50)),
});
export const response = Nothing;
type Request = Static<typeof request>;

/** Stores the state. One without a change writes nothing, and one that was queued offline and is older than the stored state is only logged. */
export async function handle(request: Request, context: Context): Promise<Static<typeof response>> {
  const { store, state, events } = context;
  const { at } = reportedTime(request.timestamp, context);
  if (at < (state.status_at.get(request.connectorId) ?? -Infinity) && at < state.connectedAt()) return {};
  state.status_at.set(request.connectorId, at);
  const charger = chargerOf(context);
  const before = charger.connectors.find((connector) => connector.connector_id === request.connectorId);
  const connector = connectorOf(request, at, before);
  if (connector === before) return {};
  const written = store.chargers.putConnectors(withConnector(charger, connector));
  events.emit("connector", context.charger_id, () => ({
    ...connector,
    ...liveFigures(connector.connector_id, state, store),
  }));
  await Promise.all([
    written,
    releaseReservations(connector.connector_id, connector.status, context),
    suspectFreed(connector, context),
  ]);
  return {};
}

/** Marks a session on an Available connector, which has no car, as probably ended. */
async function suspectFreed({ connector_id, status }: Connector, context: Context): Promise<void> {
  const running = context.store.transactions.activeOn(context.charger_id, connector_id);
  if (status === "Available" && running) await suspect([running], context);
}

/** Returns the connector after a notification; the same object if only the time differs. */
function connectorOf(request: Request, at: number, before?: Connector): Connector {
  const connector = {
    connector_id: request.connectorId,
    status: request.status,
    error_code: request.errorCode,
    info: request.info ?? null,
    vendor_error_code: request.vendorErrorCode ?? null,
    since: toIso(at),
  };
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
