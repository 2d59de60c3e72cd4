// Findings on one connector: its faults, and why it does not charge.
import { toIso } from "../../ocpp/time.ts";
import type { Connector, InstalledProfile, Transaction } from "../../store/store.ts";
import { activeReservations } from "../authorization/reservations.ts";
import { limitNow } from "../smart_charging/limit_now.ts";
import { isOwnProfile } from "../smart_charging/own_profiles.ts";
import type { Finding, Subject } from "./finding.ts";
import { faultCodeOf } from "./fault_code.ts";
import { cardFinding, hasAcceptedCard, refusedCard } from "./newest_card.ts";

const LEAST_A = 6; // below it no car charges (IEC 61851-1)
const NO_POWER_W = 50;
const QUIET_MS = 600_000;

/** A connector to diagnose, with its session. */
interface AtConnector extends Subject {
  connector: Connector;
  session: Transaction | undefined;
}

type Rule = (at: AtConnector) => Finding | null;

/** The rules by the connector's status (OCPP 1.6 §4.9). The first that finds something holds. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  Available: [stuckSession],
  Preparing: [unacceptedSession, plugged],
  Charging: [missingSession, lowLimit, noMeterValues, noPower],
  SuspendedEV: [lowLimit, paused("paused_by_car")],
  SuspendedEVSE: [unacceptedSession, lowLimit, paused("paused_by_charger")],
  Finishing: [paused("unplug")],
  Reserved: [reserved],
  Unavailable: [paused("unavailable")],
  Faulted: [],
};

/** Returns the findings on a connector: its fault, and what its status leaves open. */
export function connectorFindings(connector: Connector, subject: Subject): Finding[] {
  const { connector_id, status } = connector;
  const session = subject.store.transactions.activeOn(subject.charger_id, connector_id);
  const at = { ...subject, connector, session };
  const rules = RULES[status] ?? [unknownStatus];
  const findings = [fault(at), rules.reduce<Finding | null>((found, rule) => found ?? rule(at), null)];
  return findings.filter((finding) => finding !== null).map((finding) => ({ connector_id, ...finding }));
}

function fault({ connector }: AtConnector): Finding | null {
  const { since, error_code, vendor_error_code, info } = connector;
  const code = faultCodeOf(connector);
  return code && { code, since, values: { error_code, vendor_error_code, info } };
}

function paused(code: Finding["code"]): Rule {
  return ({ connector }) => ({ code, since: connector.since });
}

function unknownStatus({ connector: { since, status } }: AtConnector): Finding {
  return { code: "unknown_status", since, values: { status } };
}

/** A session goes on while its connector has no car: the report of its end was lost. */
function stuckSession({ session }: AtConnector): Finding | null {
  if (!session) return null;
  const { start_time: since, transaction_id } = session;
  return { code: "session_stuck", since, values: { transaction_id } };
}

/** A session whose card was refused: the charger must not deliver energy (OCPP 1.6 §4.8). */
function unacceptedSession({ session }: AtConnector): Finding | null {
  if (!session || session.id_tag_status === "Accepted") return null;
  return cardFinding(session.id_tag, session.id_tag_status, session.start_received);
}

function plugged(at: AtConnector): Finding {
  const { connector: { since }, charger } = at;
  if (hasAcceptedCard(at)) return { code: "waiting_for_car", since };
  return refusedCard(at) ?? { code: charger.require_rfid ? "waiting_for_card" : "waiting_for_start", since };
}

/** The charger offers less than a car can use, by its profiles or by its own word (Current.Offered). */
function lowLimit(at: AtConnector): Finding | null {
  const { state, connector: { connector_id, since }, session } = at;
  const offered = state.liveMeter(connector_id, session?.transaction_id ?? null)?.current_limit_a ?? null;
  const by_profiles = limitNow(connector_id, at) ?? Infinity;
  const limit_a = Math.min(by_profiles, offered ?? Infinity);
  if (limit_a >= LEAST_A) return null;
  if (by_profiles < LEAST_A && operatorsLimit(connector_id, at) >= LEAST_A) {
    return { code: "load_shared", since, values: { limit_a } };
  }
  return { code: limit_a > 0 ? "limit_low" : "limit_zero", since, values: { limit_a } };
}

/** Returns the limit without the profiles of load management, A; Infinity: there is none. */
function operatorsLimit(connector_id: number, at: AtConnector): number {
  const isOperators = ({ profile }: InstalledProfile) => !isOwnProfile(profile.chargingProfileId);
  return limitNow(connector_id, at, isOperators) ?? Infinity;
}

function missingSession({ session, connector }: AtConnector): Finding | null {
  return session ? null : { code: "no_session", since: connector.since };
}

function noMeterValues({ session, state, connector, now }: AtConnector): Finding | null {
  if (!session || state.liveMeter(connector.connector_id, session.transaction_id)) return null;
  const newest = session.energy.head.at ?? Date.parse(session.start_received);
  return now() - newest < QUIET_MS ? null : { code: "no_meter_values", since: toIso(newest) };
}

function noPower({ session, state, connector, now }: AtConnector): Finding | null {
  const meter = state.liveMeter(connector.connector_id, session?.transaction_id ?? null);
  const { power_w = null } = meter ?? {};
  const is_new = now() - Date.parse(connector.since) < QUIET_MS;
  if (power_w === null || power_w >= NO_POWER_W || is_new) return null;
  return { code: "no_power", values: { power_w } };
}

function reserved(at: AtConnector): Finding {
  const { connector: { connector_id, since } } = at;
  const reservation = activeReservations(at).find((one) =>
    one.connector_id === connector_id || one.connector_id === 0
  );
  const { reservation_id, id_tag, expires_at } = reservation ?? {};
  return { code: "reserved", since, values: { reservation_id, id_tag, expires_at } };
}
