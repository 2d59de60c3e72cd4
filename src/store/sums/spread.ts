// The spread of a session's energy over quarter-hours: by its own meter values if they are known, else evenly.
import type { Transaction } from "../records/transaction.ts";
import type { EnergyCurve } from "./energy_curve.ts";
import { QUARTER, type SessionPart, UTC_DAY } from "./session_part.ts";

const WH = 1000; // mWh

/** A session as a function of time. Times are ms since 1970, energy is mWh. */
interface Course {
  start: number;
  stop: number;
  energy: number;
  at: number[];
  total: number[];
  charging: number[];
}

/**
 * Returns the parts of a session, by day since 1970, UTC. Their energy is the session's, exactly: whole Wh, and what is
 * left of an energy that is no whole Wh in the last quarter-hour with energy. A session that runs
 * has the energy and time until `until`, ms since 1970.
 */
export function partsOf(
  transaction: Transaction,
  curve: EnergyCurve | null,
  until: number,
): Map<number, SessionPart> {
  const course = courseOf(transaction, curve, until);
  const first = Math.floor(course.start / QUARTER);
  const energy = spread(course, first);
  const parts = new Map<number, SessionPart>();
  const first_day = Math.floor(course.start / UTC_DAY);
  const last_day = Math.max(first_day, Math.ceil(course.stop / UTC_DAY) - 1);
  for (let day = first_day; day <= last_day; day++) {
    parts.set(day, {
      transaction_id: transaction.transaction_id,
      charger_id: transaction.charger_id,
      connector_id: transaction.connector_id,
      id_tag: transaction.id_tag,
      simulated: transaction.simulated,
      starts: day === first_day,
      flags: day === first_day ? transaction.flags : [],
      ...dayOf(course, day),
      ...energyOf(energy, day * (UTC_DAY / QUARTER) - first),
    });
  }
  return parts;
}

/** Returns the days, UTC, that a session touches, the first and the last. */
export function daysOf({ start_time, stop_time }: Transaction): [first: number, last: number] {
  const start = Date.parse(start_time);
  const stop = Math.max(start, stop_time === null ? start : Date.parse(stop_time));
  return [Math.floor(start / UTC_DAY), Math.floor(stop / UTC_DAY)];
}

function courseOf(transaction: Transaction, curve: EnergyCurve | null, until: number): Course {
  const start = Date.parse(transaction.start_time);
  const end = transaction.stop_time === null ? until : Date.parse(transaction.stop_time);
  const stop = Math.max(start, end);
  const energy = Math.max(0, Math.round((transaction.energy_wh ?? 0) * WH));
  const known = curve && energy > 0 ? pointsIn(curve, start, stop) : null;
  if (!known) {
    const charging = energy > 0 ? [start, stop] : [];
    return { start, stop, energy, at: [start, stop], total: [0, energy], charging };
  }
  return { start, stop, energy, ...completed(known, { start, stop, energy }) };
}

type Points = Pick<Course, "at" | "total" | "charging">;

/** Returns the points of a curve from start to stop; null if no energy is known from them. */
function pointsIn(curve: EnergyCurve, start: number, stop: number): Points | null {
  const at: number[] = [start];
  const total: number[] = [0];
  for (let index = 0; index < curve.at.length && curve.at[index]! <= stop; index++) {
    const time = curve.at[index]!;
    if (time <= start) {
      total[0] = curve.total[index]!;
      continue;
    }
    at.push(time);
    total.push(curve.total[index]!);
  }
  if (total.at(-1)! <= total[0]!) return null;
  const base = total[0]!;
  const charging = clipped(curve.charging, start, stop);
  return { at, total: total.map((each) => each - base), charging };
}

/** Makes a curve end with the session: what is missing flowed after the last sample; what is too much is scaled away. */
function completed(
  { at, total, charging }: Points,
  { stop, energy }: Pick<Course, "start" | "stop" | "energy">,
): Points {
  const last_at = at.at(-1)!;
  const last = total.at(-1)!;
  if (energy > last && stop > last_at) {
    return { at: [...at, stop], total: [...total, energy], charging: extended(charging, last_at, stop) };
  }
  const scaled = energy === last ? total : total.map((each) => each * energy / last);
  return stop > last_at
    ? { at: [...at, stop], total: [...scaled, energy], charging }
    : { at, total: scaled, charging };
}

/** Adds a span at the end, which may go on from the last one. */
function extended(spans: readonly number[], from: number, to: number): number[] {
  const isJoined = spans.length > 0 && spans.at(-1)! >= from;
  return isJoined ? [...spans.slice(0, -1), to] : [...spans, from, to];
}

/** Returns the spans within a time. */
function clipped(spans: readonly number[], from: number, to: number): number[] {
  const inside: number[] = [];
  for (let index = 0; index < spans.length; index += 2) {
    const begin = Math.max(from, spans[index]!);
    const end = Math.min(to, spans[index + 1]!);
    if (end > begin) inside.push(begin, end);
  }
  return inside;
}

/**
 * Returns the energy of each quarter-hour from number `first` on, mWh: the steps of the running total in whole Wh, so that
 * the sum of any successive ones is true to 1 Wh, as the largest remainder would not keep it for small energies.
 */
function spread(course: Course, first: number): number[] {
  const count = Math.max(1, Math.ceil(course.stop / QUARTER) - first);
  if (count === 1) return [course.energy];
  const amounts: number[] = [];
  let counted = 0;
  let index = 0;
  for (let quarter = first; quarter < first + count; quarter++) {
    const end = (quarter + 1) * QUARTER;
    while (index < course.at.length - 2 && course.at[index + 1]! < end) index++;
    const total = end >= course.stop ? course.energy : Math.min(course.energy, between(course, index, end));
    const whole = Math.max(counted, Math.floor(Math.round(total) / WH) * WH);
    amounts.push(whole - counted);
    counted = whole;
  }
  const last = amounts.findLastIndex((amount) => amount > 0);
  amounts[last < 0 ? amounts.length - 1 : last]! += course.energy - counted;
  return amounts;
}

/** Returns the energy until `time`, which is between the points `index` and the next. */
function between({ at, total }: Course, index: number, time: number): number {
  const [from, to] = [at[index]!, at[index + 1] ?? at[index]!];
  if (to <= from) return total[index]!;
  const share = Math.min(1, Math.max(0, (time - from) / (to - from)));
  return total[index]! + share * ((total[index + 1] ?? total[index]!) - total[index]!);
}

/** Returns the times of a day's part. */
function dayOf(
  { start, stop, charging }: Course,
  day: number,
): Pick<SessionPart, "from" | "to" | "charging"> {
  const midnight = day * UTC_DAY;
  const [from, to] = [Math.max(start, midnight), Math.min(stop, midnight + UTC_DAY)];
  return {
    from: from - midnight,
    to: to - midnight,
    charging: clipped(charging, from, to).map((at) => at - midnight),
  };
}

/** Returns a day's part of the energy; `offset` is the place of its first quarter-hour. */
function energyOf(energy: readonly number[], offset: number): Pick<SessionPart, "first" | "energy"> {
  const begin = Math.max(0, offset);
  const amounts = energy.slice(begin, Math.max(begin, offset + UTC_DAY / QUARTER));
  const first = amounts.findIndex((amount) => amount > 0);
  if (first < 0) return { first: 0, energy: [] };
  const last = amounts.findLastIndex((amount) => amount > 0);
  return { first: begin - offset + first, energy: amounts.slice(first, last + 1) };
}
