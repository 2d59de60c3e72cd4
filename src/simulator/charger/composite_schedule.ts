// The limits that follow from charging profiles (OCPP 1.6 §3.13): arithmetic only, without a charger.
import { readTime } from "../../ocpp/time.ts";
import type { ChargingProfile } from "../messages.ts";

type Purpose = ChargingProfile["chargingProfilePurpose"];
export type Period = ChargingProfile["chargingSchedule"]["chargingSchedulePeriod"][number];
export type Unit = ChargingProfile["chargingSchedule"]["chargingRateUnit"];

/** A profile that is installed at a connector; 0 is the whole charger. */
export interface InstalledProfile {
  connector_id: number;
  /** ms since 1970; start of a schedule that names none. */
  installed_at: number;
  profile: ChargingProfile;
}

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

/** The limit of one profile or purpose, null for none, and the time until which that holds. */
interface ProfileLimit {
  limit: { value: number; unit: Unit; phases: number | undefined; min_rate: number } | null;
  until: number;
}

const RECURRENCE = { Daily: 86_400_000, Weekly: 604_800_000 };

/** Returns the limit of a profile at a time. A Relative schedule counts from `begun`, the start of the session. */
function profileLimitAt(
  { profile, installed_at }: InstalledProfile,
  at: number,
  begun: number | null,
): ProfileLimit {
  const from = timeOf(profile.validFrom, -Infinity);
  const to = timeOf(profile.validTo, Infinity);
  if (at < from) return { limit: null, until: from };
  if (at >= to) return { limit: null, until: Infinity };
  const { limit, until } = scheduleLimitAt(profile, at, begun ?? NaN, installed_at);
  return { limit, until: Math.min(until, to) };
}

function scheduleLimitAt(
  profile: ChargingProfile,
  at: number,
  begun: number,
  installed_at: number,
): ProfileLimit {
  const { chargingProfileKind, recurrencyKind, chargingSchedule: schedule } = profile;
  const relative = chargingProfileKind === "Relative";
  const first = relative ? begun : timeOf(schedule.startSchedule, Number.isNaN(begun) ? installed_at : begun);
  if (Number.isNaN(first)) return { limit: null, until: Infinity };
  if (at < first) return { limit: null, until: first };
  const every = chargingProfileKind === "Recurring" ? RECURRENCE[recurrencyKind ?? "Daily"] : Infinity;
  const start = every === Infinity ? first : first + Math.floor((at - first) / every) * every;
  const next = start + every;
  const end = Math.min(next, start + (schedule.duration ?? Infinity) * 1000);
  if (at >= end) return { limit: null, until: next };
  return periodLimitAt(profile, at - start, start, end);
}

/** Returns the limit of the period that is in force `into` ms after the schedule's start. */
function periodLimitAt(
  { chargingSchedule }: ChargingProfile,
  into: number,
  start: number,
  end: number,
): ProfileLimit {
  const periods = chargingSchedule.chargingSchedulePeriod;
  const index = periods.findLastIndex(({ startPeriod }) => startPeriod * 1000 <= into);
  const following = periods[index + 1];
  const until = Math.min(end, following ? start + following.startPeriod * 1000 : Infinity);
  const period = periods[index];
  if (!period) return { limit: null, until };
  return {
    limit: {
      value: period.limit,
      unit: chargingSchedule.chargingRateUnit,
      phases: period.numberPhases,
      min_rate: chargingSchedule.minChargingRate ?? 0,
    },
    until,
  };
}

/** The start of a session. */
export interface SessionStart {
  /** ms since 1970. */
  at: number;
  transaction_id: number | null;
}

/**
 * Returns the limit at a connector at a time: of each purpose the highest stack level with a limit (§3.13.2), TxProfile before
 * TxDefaultProfile, and at most what ChargePointMaxProfile and the supply allow. Only `purposes` count; default: all.
 */
export function limitAt(
  profiles: readonly InstalledProfile[],
  connector_id: number,
  at: number,
  { wiring, begun, purposes = ALL }: {
    wiring: Wiring;
    begun: SessionStart | null;
    purposes?: readonly Purpose[];
  },
): Limit {
  const limits = purposes.map((purpose) => purposeLimitAt(profiles, purpose, connector_id, at, begun));
  const [most, own, usual] = ALL.map((purpose) => limits[purposes.indexOf(purpose)]);
  const holding = [most?.limit, own?.limit ?? usual?.limit].filter((limit) =>
    limit !== null && limit !== undefined
  );
  const phases = Math.min(wiring.phases, ...holding.map(({ phases = 3 }) => phases));
  const ampsOf = (value: number, unit: Unit) => unit === "A" ? value : value / wiring.voltage / phases;
  const amps = Math.min(wiring.amps, ...holding.map(({ value, unit }) => ampsOf(value, unit)));
  const min_amps = Math.max(0, ...holding.map(({ min_rate, unit }) => ampsOf(min_rate, unit)));
  return { amps, phases, until: Math.min(...limits.map(({ until }) => until), Infinity), min_amps };
}

const ALL = ["ChargePointMaxProfile", "TxProfile", "TxDefaultProfile"] as const;

/** Returns the limit of one purpose: of the highest stack level with a limit, the connector's own profile before the charger's. */
function purposeLimitAt(
  profiles: readonly InstalledProfile[],
  purpose: Purpose,
  connector_id: number,
  at: number,
  begun: SessionStart | null,
): ProfileLimit {
  const candidates = profiles
    .filter((installed) =>
      installed.profile.chargingProfilePurpose === purpose && appliesTo(installed, connector_id, begun)
    )
    .sort((a, b) => b.profile.stackLevel - a.profile.stackLevel || b.connector_id - a.connector_id);
  let until = Infinity;
  for (const candidate of candidates) {
    const { limit, until: own_until } = profileLimitAt(candidate, at, begun?.at ?? null);
    until = Math.min(until, own_until);
    if (limit) return { limit, until };
  }
  return { limit: null, until };
}

function appliesTo(
  { connector_id, profile }: InstalledProfile,
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

function timeOf(text: string | undefined, fallback: number): number {
  const time = readTime(text);
  return Number.isNaN(time) ? fallback : time;
}
