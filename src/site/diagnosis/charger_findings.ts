// Findings on a charger as a whole.
import { toIso } from "../../ocpp/time.ts";
import { securityEvents } from "../security/security_log.ts";
import type { Finding, Subject } from "./finding.ts";
import { faultCodeOf } from "./fault_code.ts";
import { refusedCard } from "./newest_card.ts";

const REFUSED_MS = 3_600_000; // chargers try again within minutes

/** Returns the reason why nothing more is known of a charger; null if it is connected and accepted. */
export function connectionFinding(subject: Subject): Finding | null {
  const { charger, state } = subject;
  if (state.connected_since === null) return refusedConnection(subject) ?? missing(subject);
  const since = state.connected_since;
  if (charger.registration === "Rejected") return { code: "rejected", since };
  if (charger.registration === "Pending") return { code: "waiting_for_acceptance", since };
  return charger.booted_at === null ? { code: "never_booted", since } : null;
}

function missing({ charger, state, store }: Subject): Finding {
  const { charger_id, last_path, created_at } = charger;
  if (last_path === null) return { code: "never_connected", since: created_at };
  const since = state.last_seen === null ? null : toIso(state.last_seen);
  return { code: "offline", since, values: { sessions: store.transactions.active(charger_id).length } };
}

const REFUSALS = { WrongKey: "key_refused", WrongCertificate: "certificate_refused" } as const;

/** Returns the refusal of a charger's newest attempt to connect. */
function refusedConnection({ charger_id, state, store, now }: Subject): Finding | null {
  const event = securityEvents(store, charger_id).find(({ type }) => Object.hasOwn(REFUSALS, type));
  if (!event || Date.parse(event.at) < Math.max(now() - REFUSED_MS, state.last_seen ?? 0)) return null;
  return { code: REFUSALS[event.type as keyof typeof REFUSALS], since: event.at };
}

/** Returns the findings on a connected charger that concern no connector by itself. */
export function chargerFindings(subject: Subject): Finding[] {
  const findings = [ownStatus(subject), noStatus(subject), wrongClock(subject), cardAtNoConnector(subject)];
  return findings.filter((finding) => finding !== null);
}

/** Connector 0 is the charger itself (OCPP 1.6 §4.9). */
function ownStatus({ charger }: Subject): Finding | null {
  const own = charger.connectors.find(({ connector_id }) => connector_id === 0);
  if (!own) return null;
  const { since, error_code, vendor_error_code, info } = own;
  const code = faultCodeOf(own);
  if (code) return { code, since, values: { error_code, vendor_error_code, info } };
  return own.status === "Unavailable" ? { code: "unavailable", since } : null;
}

function noStatus({ charger }: Subject): Finding | null {
  const known = charger.connectors.some(({ connector_id }) => connector_id > 0);
  return known ? null : { code: "no_connector_status", since: charger.booted_at };
}

function wrongClock({ state }: Subject): Finding | null {
  const { clock_wrong_since: since } = state;
  return since === null ? null : { code: "clock_wrong", since: toIso(since) };
}

/** A card that was refused before a car was plugged in. */
function cardAtNoConnector(subject: Subject): Finding | null {
  const is_plugged = subject.charger.connectors.some(({ status }) => status === "Preparing");
  return is_plugged ? null : refusedCard(subject);
}
