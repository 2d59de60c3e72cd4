// The newest security events, reported by chargers or detected by the gateway.
import { toIso } from "../../ocpp/time.ts";
import type { SecurityEvent } from "../../store/store.ts";
import type { Context } from "../context.ts";

/** Number of stored events of the site. */
export const KEPT_EVENTS = 1000;

/** An event to store. */
export type Incident = Pick<SecurityEvent, "type" | "at" | "tech_info" | "source">;

/** Stores an event and emits it; deletes the oldest beyond KEPT_EVENTS. A repetition of the newest is not stored. */
export async function keepSecurityEvent(
  incident: Incident,
  context: Pick<Context, "charger_id" | "store" | "events" | "now">,
): Promise<void> {
  const { store, events, charger_id, now } = context;
  const all = store.security_events.all();
  const newest = all.findLast((event) => event.charger_id === charger_id);
  if (newest && incident.source === "charger" && isRepeated(newest, incident)) return;
  const sequence = (all.at(-1)?.sequence ?? 0) + 1;
  const event: SecurityEvent = { sequence, charger_id, received: toIso(now()), ...incident };
  const written = store.security_events.put(event, { deferred: true });
  for (const old of all.slice(0, Math.max(0, all.length + 1 - KEPT_EVENTS))) {
    store.security_events.delete(String(old.sequence).padStart(12, "0")).catch(() => {});
  }
  events.emit("security", charger_id, () => event);
  await written;
}

/** Stores an event detected by the gateway. Not awaited, since a loss does no harm. */
export function noteSecurity(
  type: string,
  text: string,
  context: Pick<Context, "charger_id" | "store" | "events" | "now">,
): void {
  const incident = { type, at: toIso(context.now()), tech_info: text, source: "gateway" as const };
  keepSecurityEvent(incident, context).catch(() => {});
}

/** Returns the events of one charger or of all, newest first. */
export function securityEvents(store: Context["store"], charger_id?: string): SecurityEvent[] {
  const all = store.security_events.all().reverse();
  return charger_id === undefined ? all : all.filter((event) => event.charger_id === charger_id);
}

function isRepeated(kept: SecurityEvent, { type, at, tech_info }: Incident): boolean {
  return kept.type === type && kept.at === at && kept.tech_info === tech_info;
}
