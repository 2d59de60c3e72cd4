// The limit of one charging profile at a time (OCPP 1.6 §3.13).
import { readTime } from "../../ocpp/time.ts";
import type { ChargingProfile } from "../../store/records/smart_charging.ts";

export type Unit = ChargingProfile["chargingSchedule"]["chargingRateUnit"];

/** A profile that is installed at a connector; 0 is the whole charger. */
export interface TimedProfile {
  connector_id: number;
  /** ms since 1970; start of a schedule that names none. */
  installed_at: number;
  profile: ChargingProfile;
}

/** The limit of a profile or a purpose, null for none, and the time (ms since 1970) until which that holds. */
export interface ProfileLimit {
  limit: { value: number; unit: Unit; phases: number | undefined; min_rate: number } | null;
  until: number;
}

const RECURRENCE = { Daily: 86_400_000, Weekly: 604_800_000 };

/** Returns the limit of a profile at `at`. `begun` is the start of the session, from which Relative schedules count. */
export function profileLimitAt(
  installed: TimedProfile,
  { at, begun }: { at: number; begun: number | null },
): ProfileLimit {
  const from = timeOf(installed.profile.validFrom) ?? -Infinity;
  const to = timeOf(installed.profile.validTo) ?? Infinity;
  if (at < from) return { limit: null, until: from };
  if (at >= to) return { limit: null, until: Infinity };
  const { limit, until } = scheduleLimitAt(at, firstStart(installed, begun), installed.profile);
  return { limit, until: Math.min(until, to) };
}

/** Returns the first start of a profile's schedule; null for a Relative one without a session. */
function firstStart({ profile, installed_at }: TimedProfile, begun: number | null): number | null {
  if (profile.chargingProfileKind === "Relative") return begun;
  return timeOf(profile.chargingSchedule.startSchedule) ?? begun ?? installed_at;
}

function scheduleLimitAt(at: number, first: number | null, profile: ChargingProfile): ProfileLimit {
  const { chargingProfileKind, recurrencyKind, chargingSchedule: schedule } = profile;
  if (first === null) return { limit: null, until: Infinity };
  if (at < first) return { limit: null, until: first };
  const every = chargingProfileKind === "Recurring" ? RECURRENCE[recurrencyKind ?? "Daily"] : Infinity;
  const start = every === Infinity ? first : first + Math.floor((at - first) / every) * every;
  const next = start + every;
  const end = Math.min(next, start + (schedule.duration ?? Infinity) * 1000);
  return at >= end ? { limit: null, until: next } : periodLimitAt(at, { start, end }, schedule);
}

/** Returns the limit of a schedule's period that is in force at `at`. */
function periodLimitAt(
  at: number,
  { start, end }: { start: number; end: number },
  schedule: ChargingProfile["chargingSchedule"],
): ProfileLimit {
  const periods = schedule.chargingSchedulePeriod;
  const index = periods.findLastIndex(({ startPeriod }) => start + startPeriod * 1000 <= at);
  const following = periods[index + 1];
  const until = Math.min(end, following ? start + following.startPeriod * 1000 : Infinity);
  const period = periods[index];
  if (!period) return { limit: null, until };
  const { chargingRateUnit: unit, minChargingRate: min_rate = 0 } = schedule;
  return { limit: { value: period.limit, unit, phases: period.numberPhases, min_rate }, until };
}

function timeOf(text: string | undefined): number | null {
  const time = readTime(text);
  return Number.isNaN(time) ? null : time;
}
