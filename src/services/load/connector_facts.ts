// The facts about a managed connector that decisions depend on, from records and live state.
import type { CentralSystem } from "../../central/central_system.ts";
import { loadPlaceOf } from "../../site/load/load_place.ts";
import type { ConnectorFacts } from "../../site/load/managed_connector.ts";
import { isOwnProfile } from "../../site/smart_charging/own_profiles.ts";
import { limitAt } from "../../site/smart_charging/composite_schedule.ts";
import type {
  Charger,
  ChargingProfile,
  InstalledProfile,
  LoadState,
  Store,
  Transaction,
} from "../../store/store.ts";

const UNLIMITED = { voltage: 230, phases: 1, amps: Infinity };

/** The parts that facts come from. */
export interface FactsDeps {
  store: Store;
  central: Pick<CentralSystem, "isConnected">;
  /** Wall clock, ms since 1970. */
  now: () => number;
}

/** The knowledge of a connector besides its records. */
export interface Knowledge {
  state: LoadState;
  /** False: the charger has booted, and its fail-safe limit was not read back yet. */
  proven: boolean;
  /** True: limits are watts, and the car's phases are not known. */
  spreads: boolean;
  sleeping: boolean;
  /** The profiles that operators have set on the charger. */
  manual: readonly InstalledProfile[];
  /** A cap from outside; null: none. */
  cap: { limit_a: number; reason: string } | null;
}

/** Returns a state about which nothing is known. */
export function newLoadState(charger_id: string, connector_id: number): LoadState {
  return {
    charger_id,
    connector_id,
    worst_a: 0,
    path: "TxProfile",
    failsafe: "unknown",
    failsafe_a: null,
    keeps_failsafe: null,
    blocked: false,
  };
}

/** Returns the facts about a connector. */
export function factsOf(
  charger: Charger,
  connector_id: number,
  known: Knowledge,
  deps: FactsDeps,
): ConnectorFacts {
  const { store, central, now } = deps;
  const { charger_id } = charger;
  const place = loadPlaceOf(charger);
  const { state, proven, spreads, sleeping, cap } = known;
  const session = store.transactions.activeOn(charger_id, connector_id);
  const manual = manualLimits(connector_id, known.manual, { session, now: now() });
  const caps: [number, string][] = [];
  if (manual.most !== null) caps.push([manual.most, "operator"]);
  if (cap) caps.push([cap.limit_a, cap.reason]);
  const least = caps.sort(([a], [b]) => a - b)[0];
  return {
    circuit: place.circuit!,
    phases: place.phases,
    phase_rotation: place.phase_rotation,
    min_a: spreads ? Math.min(place.max_current_a, place.min_current_a * 3) : place.min_current_a,
    max_a: place.max_current_a,
    failsafe_a: Math.max(state.failsafe_a ?? 0, place.failsafe_current_a, manual.standing ?? 0),
    failsafe_holds: isHeld(state, proven, central.isConnected(charger_id)),
    takes_limits: state.path !== "none" && state.failsafe !== "refused",
    blocked: state.blocked && isOff(charger, connector_id) && !session,
    priority: place.priority,
    step_a: 0.1,
    connected: central.isConnected(charger_id),
    session: session?.transaction_id ?? null,
    sleeping,
    surplus_floor_a: isFromSurplus(place.surplus, state, session) ? place.surplus_floor_a : null,
    cap_a: least?.[0] ?? null,
    cap_reason: least?.[1] ?? null,
  };
}

/** The choice for a session counts before that of the charger. */
function isFromSurplus(
  own: boolean,
  { session_surplus }: LoadState,
  session: Transaction | undefined,
): boolean {
  const is_chosen = session !== undefined && session_surplus?.transaction_id === session.transaction_id;
  return is_chosen ? session_surplus!.surplus : own;
}

/** True: the charger says that the connector is out of service. */
function isOff({ connectors }: Charger, connector_id: number): boolean {
  const isUnavailable = (id: number) =>
    connectors.some((connector) => connector.connector_id === id && connector.status === "Unavailable");
  return isUnavailable(connector_id) || isUnavailable(0);
}

/** True: the fail-safe limit is in the charger. One that has lost it at a boot before is believed only while it is seen. */
function isHeld({ failsafe, keeps_failsafe }: LoadState, proven: boolean, connected: boolean): boolean {
  if (failsafe !== "installed" && failsafe !== "verified") return false;
  if (keeps_failsafe === true) return true;
  return proven && (connected || keeps_failsafe !== false);
}

/** Returns the profiles that operators have set, by charger. */
export function manualProfiles({ profiles }: Store): Map<string, InstalledProfile[]> {
  const manual = [...profiles.values()].filter(({ awaits_id_tag, profile }) =>
    awaits_id_tag === null && !isOwnProfile(profile.chargingProfileId)
  );
  return Map.groupBy(manual, ({ charger_id }) => charger_id);
}

/** Limits that operators have set, A a phase: what holds now, and the most that their defaults let a session have. */
function manualLimits(
  connector_id: number,
  profiles: readonly InstalledProfile[],
  { session, now }: { session: Transaction | undefined; now: number },
): { most: number | null; standing: number | null } {
  if (profiles.length === 0) return { most: null, standing: null };
  const begun = session
    ? { at: Date.parse(session.start_time), transaction_id: session.transaction_id }
    : null;
  const timed = profiles.map((installed) => ({
    ...installed,
    installed_at: Date.parse(installed.installed_at),
  }));
  const { amps } = limitAt(timed, now, { connector_id, wiring: UNLIMITED, begun });
  const defaults = profiles.filter(({ profile, connector_id: at }) =>
    profile.chargingProfilePurpose === "TxDefaultProfile" && (at === 0 || at === connector_id)
  );
  return {
    most: amps === Infinity ? null : amps,
    standing: defaults.length === 0 ? null : Math.max(...defaults.map(({ profile }) => highestOf(profile))),
  };
}

function highestOf(
  { chargingSchedule: { chargingRateUnit, chargingSchedulePeriod } }: ChargingProfile,
): number {
  const highest = Math.max(...chargingSchedulePeriod.map(({ limit }) => limit));
  return chargingRateUnit === "W" ? highest / 230 : highest;
}
