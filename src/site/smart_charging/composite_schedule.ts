// The limit that follows from all charging profiles (OCPP 1.6 §3.13): arithmetic only, without a charger.
import type { ChargingProfile } from "../../store/records/smart_charging.ts";
import { type ProfileLimit, profileLimitAt, type TimedProfile, type Unit } from "./profile_limit.ts";

type Purpose = ChargingProfile["chargingProfilePurpose"];
export type Period = ChargingProfile["chargingSchedule"]["chargingSchedulePeriod"][number];

/** The supply without any profile. */
export interface Wiring {
  /** V to neutral. */
  voltage: number;
  phases: number;
  /** A a phase. */
  amps: number;
}

/** A limit, and the time (ms since 1970) until which it holds. */
export interface Limit {
  /** A a phase. */
  amps: number;
  phases: number;
  until: number;
  /** A a phase under which charging is inefficient (minChargingRate). */
  min_amps?: number;
}

/** The start of a session. */
export interface SessionStart {
  /** ms since 1970. */
  at: number;
  transaction_id: number | null;
}

/** The connector of a limit, its supply and its session. */
export interface LimitOptions {
  /** 0: the whole charger. */
  connector_id: number;
  wiring: Wiring;
  begun: SessionStart | null;
  /** The purposes that count; default: all. */
  purposes?: readonly Purpose[];
}

const ALL = ["ChargePointMaxProfile", "TxProfile", "TxDefaultProfile"] as const;

/**
 * Returns the limit at a connector at a time: of each purpose the highest stack level with a limit (§3.13.2), TxProfile before
 * TxDefaultProfile, and at most what ChargePointMaxProfile and the supply allow.
 */
export function limitAt(
  profiles: readonly TimedProfile[],
  at: number,
  { connector_id, wiring, begun, purposes = ALL }: LimitOptions,
): Limit {
  const applicable = profiles.filter((installed) => appliesTo(installed, connector_id, begun));
  const limits = purposes.map((purpose) =>
    purposeLimitAt(applicable.filter(({ profile }) => profile.chargingProfilePurpose === purpose), at, begun)
  );
  const [most, own, usual] = ALL.map((purpose) => limits[purposes.indexOf(purpose)]?.limit);
  const holding = [most, own ?? usual].filter((limit) => limit !== null && limit !== undefined);
  const phases = Math.min(wiring.phases, ...holding.map(({ phases = 3 }) => phases));
  const ampsOf = (value: number, unit: Unit) => unit === "A" ? value : value / wiring.voltage / phases;
  const amps = Math.min(wiring.amps, ...holding.map(({ value, unit }) => ampsOf(value, unit)));
  const min_amps = Math.max(0, ...holding.map(({ min_rate, unit }) => ampsOf(min_rate, unit)));
  return { amps, phases, until: Math.min(...limits.map(({ until }) => until), Infinity), min_amps };
}

/** Returns the limit of the highest stack level that has one, of a connector's own profiles before the charger's. */
function purposeLimitAt(
  profiles: readonly TimedProfile[],
  at: number,
  begun: SessionStart | null,
): ProfileLimit {
  const candidates = profiles.toSorted((a, b) =>
    b.profile.stackLevel - a.profile.stackLevel || b.connector_id - a.connector_id
  );
  let until = Infinity;
  for (const candidate of candidates) {
    const { limit, until: own_until } = profileLimitAt(candidate, { at, begun: begun?.at ?? null });
    until = Math.min(until, own_until);
    if (limit) return { limit, until };
  }
  return { limit: null, until };
}

function appliesTo(
  { connector_id, profile }: TimedProfile,
  connector: number,
  begun: SessionStart | null,
): boolean {
  if (profile.chargingProfilePurpose !== "TxProfile") return connector_id === 0 || connector_id === connector;
  if (!begun || connector_id !== connector) return false;
  return profile.transactionId === undefined || begun.transaction_id === null ||
    profile.transactionId === begun.transaction_id;
}

/** Returns the limits of the `duration` s after `from` as the periods of a schedule that starts at `from` (errata 3.57). */
export function periodsOf(
  limitOf: (at: number) => Limit,
  { from, duration, unit, voltage }: { from: number; duration: number; unit: Unit; voltage: number },
): Period[] {
  const periods: Period[] = [];
  const end = from + duration * 1000;
  for (let at = from; at < end;) {
    const { amps, phases, until } = limitOf(at);
    const value = unit === "A" ? amps : amps * voltage * phases;
    const period = {
      startPeriod: Math.round((at - from) / 1000),
      limit: Math.round(value * 10) / 10,
      numberPhases: phases,
    };
    const last = periods.at(-1);
    if (!last || last.limit !== period.limit || last.numberPhases !== phases) periods.push(period);
    at = until > at ? until : end;
  }
  return periods;
}

/** Combines two limits that both apply: the lower of each field. */
export function lowerOf(a: Limit, b: Limit): Limit {
  return {
    amps: Math.min(a.amps, b.amps),
    phases: Math.min(a.phases, b.phases),
    until: Math.min(a.until, b.until),
  };
}
