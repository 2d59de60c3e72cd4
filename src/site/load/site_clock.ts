// The site's clocks, by which scheduled limits hold.
import type { ScheduledLimit } from "../../store/store.ts";

/** The days of the week as schedules name them. */
export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const MINUTE_MS = 60_000;
const DAY = 1_440;
/** Clocks change by less than this, minutes. */
const CHANGE = 150;
const WEEK = 8;
const MAX_KEPT = 2_000;

/** A minute of the week on the zone's clocks. */
interface LocalMinute {
  /** 0: Monday. */
  day: number;
  minute: number;
}

/** The clocks of a time zone, with the minutes that were asked for kept. */
export class SiteClock {
  readonly #minutes = new Map<number, LocalMinute>();
  readonly #ends = new WeakMap<ScheduledLimit, { from: number; end: number | null }>();

  constructor(readonly time_zone: string) {}

  /** Returns the limits that hold at any time of a span, each with such a time. Times in ms since 1970. */
  *within(
    schedule: readonly ScheduledLimit[],
    { from, to }: { from: number; to: number },
  ): Generator<{ entry: ScheduledLimit; at: number }> {
    for (const entry of schedule) {
      const at = this.#firstOf(entry, { from, to });
      if (at !== undefined) yield { entry, at };
    }
  }

  /** Returns the end of a limit that holds at a time, ms since 1970; null: it goes on for more than a week. */
  endOf(entry: ScheduledLimit, at: number): number | null {
    const known = this.#ends.get(entry);
    if (known && known.from <= at && at < (known.end ?? known.from + DAY * MINUTE_MS)) return known.end;
    const end = this.#endOf(entry, at);
    this.#ends.set(entry, { from: at, end });
    return end;
  }

  /** All zones' clocks change at whole minutes. */
  #firstOf(entry: ScheduledLimit, { from, to }: { from: number; to: number }): number | undefined {
    for (let at = from; at <= to; at = minuteAfter(at)) if (isOn(entry, this.#at(at))) return at;
  }

  #endOf(entry: ScheduledLimit, at: number): number | null {
    for (let days = 0; days < WEEK; days++) {
      const left = (minuteOf(entry.to) - this.#at(at).minute + DAY) % DAY || DAY;
      const early = at + Math.max(0, left - CHANGE) * MINUTE_MS;
      at = minuteAfter(early);
      for (let minutes = 0; minutes < 2 * CHANGE; minutes++, at += MINUTE_MS) {
        if (!isOn(entry, this.#at(at))) return at;
      }
    }
    return null;
  }

  #at(time: number): LocalMinute {
    const number = Math.floor(time / MINUTE_MS);
    const known = this.#minutes.get(number);
    if (known) return known;
    if (this.#minutes.size > MAX_KEPT) this.#minutes.clear();
    const { dayOfWeek, hour, minute } = Temporal.Instant.fromEpochMilliseconds(number * MINUTE_MS)
      .toZonedDateTimeISO(this.time_zone);
    const local = { day: dayOfWeek - 1, minute: hour * 60 + minute };
    this.#minutes.set(number, local);
    return local;
  }
}

/** True: the limit holds at a minute. One that spans midnight belongs to the day on which it begins. */
function isOn({ days, from, to }: ScheduledLimit, { day, minute }: LocalMinute): boolean {
  const [first, behind] = [minuteOf(from), minuteOf(to)];
  const begins = (on: number) => days.includes(DAYS[on]!);
  if (first < behind) return begins(day) && minute >= first && minute < behind;
  return begins(day) && minute >= first || begins((day + 6) % 7) && minute < behind;
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function minuteAfter(at: number): number {
  return (Math.floor(at / MINUTE_MS) + 1) * MINUTE_MS;
}
