// Hours, days and months of a time zone, by its name in the tz database. Times are ms since 1970, and every interval is
// half-open: `from` belongs to it, `to` does not. A day has 23 or 25 hours when clocks change, and some zones left days out.

/** A part of the calendar. */
export type CalendarUnit = "hour" | "day" | "month";

/** The time from `from` (included) to `to` (excluded), ms since 1970. */
export interface Interval {
  from: number;
  to: number;
}

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const MONTH = /^(\d{4})-(\d\d)$/;

/** Returns true for the name of a time zone as the tz database spells it, such as `Europe/Madrid`; false for `+02:00`. */
export function isTimeZone(name: string): boolean {
  try {
    return !/^[+-]/.test(name) && zoned(0, name).timeZoneId === name;
  } catch {
    return false;
  }
}

/** Returns the name of the machine's time zone; `UTC` if it has none. */
export function machineTimeZone(): string {
  const name = Temporal.Now.timeZoneId();
  return isTimeZone(name) ? name : "UTC";
}

/**
 * Returns the hour, day or month that contains `at`. They follow each other without gap and overlap: one begins with the
 * first instant of its date, or at the full hour on the zone's clocks. An hour is longer where clocks change by half of one.
 */
export function intervalAt(unit: CalendarUnit, at: number, zone: string): Interval {
  const start = startOf(unit, zoned(at, zone));
  const from = start.epochMilliseconds;
  const to = nextStart(unit, start);
  // St. John's went back from 00:01 to 23:01 until 2011: the date of the day before came again after midnight
  return at < to ? { from, to } : intervalAt(unit, to, zone);
}

/** Returns the interval of a day `YYYY-MM-DD` or a month `YYYY-MM`; null: there is none in the calendar, or the text is another. */
export function readInterval(text: string, zone: string): Interval | null {
  const [unit, date] = DAY.test(text) ? ["days", text] as const : ["months", `${text}-01`] as const;
  if (unit === "months" && !MONTH.test(text)) return null;
  try {
    const first = Temporal.PlainDate.from(date);
    const [from, to] = [first, first.add({ [unit]: 1 })].map((day) => day.toZonedDateTime(zone));
    return { from: from!.epochMilliseconds, to: to!.epochMilliseconds };
  } catch {
    return null;
  }
}

/** Returns the text of the day (`2026-10-25`), month (`2026-10`) or hour (`2026-10-25T02:00+02:00`) that contains `at`. */
export function labelAt(unit: CalendarUnit, at: number, zone: string): string {
  const start = zoned(intervalAt(unit, at, zone).from, zone);
  if (unit !== "hour") return start.toPlainDate().toString().slice(0, unit === "day" ? 10 : 7);
  return start.toString({ smallestUnit: "minute", timeZoneName: "never" });
}

/**
 * Returns the first moment from `at` on at which the zone's clocks show an hour of the day, 0 to 23. On a day that skips the
 * hour it is the next one.
 */
export function clockHourFrom(hour: number, at: number, zone: string): number {
  let day = zoned(at, zone).toPlainDate();
  for (;;) {
    const start = day.toZonedDateTime({ timeZone: zone, plainTime: { hour } }).epochMilliseconds;
    if (at < intervalAt("hour", start, zone).to) return Math.max(at, start);
    day = day.add({ days: 1 });
  }
}

/** Intervals of one zone with the newest of each unit kept: for many times in order, of which most fall into the same. */
export class Calendar {
  readonly #newest: Partial<Record<CalendarUnit, Interval>> = {};

  /** `time_zone`: a name in the tz database. */
  constructor(readonly time_zone: string) {}

  /** Returns the hour, day or month that contains `at`, as `intervalAt` does. */
  intervalAt(unit: CalendarUnit, at: number): Interval {
    const newest = this.#newest[unit];
    if (newest && at >= newest.from && at < newest.to) return newest;
    return this.#newest[unit] = intervalAt(unit, at, this.time_zone);
  }

  /** Yields the whole hours, days or months that overlap an interval, oldest first. */
  *intervalsOf(unit: CalendarUnit, { from, to }: Interval): Generator<Interval> {
    for (let at = from; at < to;) {
      const one = this.intervalAt(unit, at);
      yield one;
      at = one.to;
    }
  }
}

function startOf(unit: CalendarUnit, time: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  if (unit === "hour") return time.round({ smallestUnit: "hour", roundingMode: "floor" });
  const date = time.toPlainDate();
  return (unit === "day" ? date : date.with({ day: 1 })).toZonedDateTime(time.timeZoneId);
}

function nextStart(unit: CalendarUnit, start: Temporal.ZonedDateTime): number {
  const from = start.epochMilliseconds;
  if (unit !== "hour") {
    const next = start.toPlainDate().add(unit === "day" ? { days: 1 } : { months: 1 });
    return next.toZonedDateTime(start.timeZoneId).epochMilliseconds;
  }
  for (let hours = 1; hours < 4; hours++) { // Lord Howe goes back by half an hour: its hour then has 90 minutes
    const next = startOf(unit, start.add({ hours })).epochMilliseconds;
    if (next > from) return next;
  }
  throw new RangeError(`Cannot find the hour after ${start}`);
}

function zoned(at: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(zone);
}
