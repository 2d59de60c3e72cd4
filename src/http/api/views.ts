// Records as REST shows them.
import { connectorViews, transactionView } from "../../site/charger_state.ts";
import { quirksOf } from "../../site/quirks.ts";
import type { LoggedMessage } from "../../central/newest_messages.ts";
import type { Charger } from "../../store/store.ts";
import { landingUrl } from "../pages/landing_url.ts";
import type { Services } from "../services.ts";

/** A charger as REST shows it (contract, chapter 3). */
export function chargerView(charger: Charger, request: Request, services: Services): Record<string, unknown> {
  const { central, store, simulators } = services;
  const { password, passwords_sent: _sent, boot: _boot, ...record } = charger;
  const state = central.state(charger.charger_id);
  const active = store.transactions.active(charger.charger_id);
  return {
    ...record,
    connected: central.isConnected(charger.charger_id),
    connected_since: state.connected_since,
    last_seen: isoOrNull(state.last_seen),
    last_heartbeat: isoOrNull(state.last_heartbeat),
    last_meter_values: store.readings.lastMeterValues(charger.charger_id),
    connectors: connectorViews(charger, state, store),
    transaction: active.length ? transactionView(active.at(-1)!) : null,
    landing_url: landingUrl(services, request, charger.charger_id),
    has_password: password !== null,
    simulated: simulators.isSimulated(charger.charger_id),
    quirks: quirksOf(charger),
  };
}

/** ms since 1970 as ISO 8601, or null. */
export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** A message of the log as JSON: the frame is spliced in as it came, whatever it holds; what is no JSON is given as text. */
export function entryOf({ at, direction, text }: LoggedMessage): string {
  return `{"at":"${new Date(at).toISOString()}","direction":"${direction}",${
    isJson(text) ? `"message":${text}` : `"message":null,"text":${JSON.stringify(text)}`
  }}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
