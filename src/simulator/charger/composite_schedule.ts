// What charging profiles come to (OCPP 1.6 §3.13): arithmetic only, no charger in it.
import type { Static } from "typebox";
import { readTime } from "../../ocpp/time.ts";
import type { ChargingProfile, ChargingSchedulePeriod } from "../../v16/datatypes.ts";

export type Profile = ChargingProfile;
export type Purpose = Profile["chargingProfilePurpose"];
export type Period = Static<typeof ChargingSchedulePeriod>;
export type Unit = Profile["chargingSchedule"]["chargingRateUnit"];

/** A profile that a charger holds; connector 0 is all of them. */
export interface Installed {
  connector_id: number;
  /** ms since 1970; where a schedule without a start begins. */
  installed_at: number;
  profile: Profile;
}

/** Cables and mains: what there is without any profile. */
export interface Wiring {
  /** V to neutral. */
  voltage: number;
  phases: number;
  /** A a phase. */
  amps: number;
}

/** A limit that holds until a moment, ms since 1970. */
export interface Limit {
  /** A a phase. */
  amps: number;
  phases: number;
  until: number;
  /** Less than this, A a phase, is of little use to the car (minChargingRate). */
  least?: number;
}

/** What one profile says at a moment: nothing, or a limit; and when it says something else. */
export interface Saying {
  limit: { value: number; unit: Unit; phases: number | undefined; least: number } | null;
  until: number;
}

const RECURRENCE = { Daily: 86_400_000, Weekly: 604_800_000 };

/** What a profile says at `at`. `begun`: when the session began, from which a Relative schedule counts. */
export function sayingOf({ profile, installed_at }: Installed, at: number, begun: number | null): Saying {
  const from = timeOf(profile.validFrom, -Infinity);
  const to = timeOf(profile.validTo, Infinity);
  if (at < from) return { limit: null, until: from };
  if (at >= to) return { limit: null, until: Infinity };
  const { limit, until } = scheduled(profile, at, begun ?? NaN, installed_at);
  return { limit, until: Math.min(until, to) };
}

function scheduled(profile: Profile, at: number, begun: number, installed_at: number): Saying {
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
  return inPeriods(profile, at - start, start, end);
}

/** The period that `into` ms into a schedule falls in. */
function inPeriods({ chargingSchedule }: Profile, into: number, start: number, end: number): Saying {
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
      least: chargingSchedule.minChargingRate ?? 0,
    },
    until,
  };
}

/** A session as far as schedules go. */
export interface Begun {
  /** ms since 1970. */
  at: number;
  transaction_id: number | null;
}

/**
 * The limit at a connector at a moment: of each purpose the highest stack level that says something (§3.13.2), TxProfile before
 * TxDefaultProfile, and never more than ChargePointMaxProfile and the cables allow. `null` for a purpose leaves it out.
 */
export function limitAt(
  profiles: readonly Installed[],
  connector_id: number,
  at: number,
  { wiring, begun, purposes = ALL }: { wiring: Wiring; begun: Begun | null; purposes?: readonly Purpose[] },
): Limit {
  const sayings = purposes.map((purpose) => top(profiles, purpose, connector_id, at, begun));
  const [most, own, usual] = ALL.map((purpose) => sayings[purposes.indexOf(purpose)]);
  const holding = [most?.limit, own?.limit ?? usual?.limit].filter((limit) =>
    limit !== null && limit !== undefined
  );
  const phases = Math.min(wiring.phases, ...holding.map(({ phases = 3 }) => phases));
  const ampsOf = (value: number, unit: Unit) => unit === "A" ? value : value / wiring.voltage / phases;
  const amps = Math.min(wiring.amps, ...holding.map(({ value, unit }) => ampsOf(value, unit)));
  const least = Math.max(0, ...holding.map(({ least, unit }) => ampsOf(least, unit)));
  return { amps, phases, until: Math.min(...sayings.map(({ until }) => until), Infinity), least };
}

const ALL = ["ChargePointMaxProfile", "TxProfile", "TxDefaultProfile"] as const;

/** What the profiles of one purpose say: the highest stack level that says something; its own connector before all. */
function top(
  profiles: readonly Installed[],
  purpose: Purpose,
  connector_id: number,
  at: number,
  begun: Begun | null,
): Saying {
  const candidates = profiles
    .filter((installed) =>
      installed.profile.chargingProfilePurpose === purpose && concerns(installed, connector_id, begun)
    )
    .sort((a, b) => b.profile.stackLevel - a.profile.stackLevel || b.connector_id - a.connector_id);
  let until = Infinity;
  for (const candidate of candidates) {
    const saying = sayingOf(candidate, at, begun?.at ?? null);
    until = Math.min(until, saying.until);
    if (saying.limit) return { limit: saying.limit, until };
  }
  return { limit: null, until };
}

function concerns({ connector_id, profile }: Installed, connector: number, begun: Begun | null): boolean {
  if (profile.chargingProfilePurpose !== "TxProfile") return connector_id === 0 || connector_id === connector;
  if (!begun || connector_id !== connector) return false;
  return profile.transactionId === undefined || begun.transaction_id === null ||
    profile.transactionId === begun.transaction_id;
}

/** What limits there are from `from` for `duration` s, as the periods of a schedule that starts at `from` (errata 3.57). */
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

/** Two limits one under the other: the lower of each. */
export function lower(a: Limit, b: Limit): Limit {
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
