// Days, weeks, months and years of the site's zone as spans of a chart.
import { dayAfter, dayAt, timeOf, wallAt } from "../../zone.ts";
import type { Range } from "./chart_data.ts";

const HOUR = 3_600_000;

/** A span that a chart shows. */
export const PERIODS = ["day", "week", "month", "year", "custom"] as const;
export type PeriodName = typeof PERIODS[number];

/** Returns the day, week (from Monday), month or year that contains a day `YYYY-MM-DD` of the site's zone. */
export function periodAt(name: Exclude<PeriodName, "custom">, day: string): Range {
  const first = firstDay(name, day);
  return { from: timeOf(first), to: timeOf(dayBehind(name, first)) };
}

/** Returns a day of the period before or after the one that contains `day`. */
export function nextPeriod(name: Exclude<PeriodName, "custom">, day: string, by: 1 | -1): string {
  const first = firstDay(name, day);
  return by === 1 ? dayBehind(name, first) : firstDay(name, dayAfter(first, -1));
}

/** Returns today in the site's zone. */
export function today(now: number): string {
  return dayAt(now);
}

function firstDay(name: Exclude<PeriodName, "custom">, day: string): string {
  if (name === "day") return day;
  if (name === "month") return `${day.slice(0, 7)}-01`;
  if (name === "year") return `${day.slice(0, 4)}-01-01`;
  return dayAfter(day, -((new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7));
}

function dayBehind(name: Exclude<PeriodName, "custom">, first: string): string {
  if (name === "day" || name === "week") return dayAfter(first, name === "day" ? 1 : 7);
  const [year, month] = first.split("-").map(Number) as [number, number];
  const date = new Date(Date.UTC(name === "year" ? year + 1 : year, name === "year" ? 0 : month, 1));
  return date.toISOString().slice(0, 10);
}

/** Returns the days of the site's zone that a range overlaps. */
export function daysOf({ from, to }: Range): Range[] {
  const days: Range[] = [];
  for (let day = dayAt(from); timeOf(day) < to; day = dayAfter(day)) {
    days.push({ from: timeOf(day), to: timeOf(dayAfter(day)) });
  }
  return days;
}

/** Returns the hours of a range, from the first full one on the zone's clocks. */
export function hoursOf({ from, to }: Range): Range[] {
  const minute = Number(wallAt(from).slice(14));
  const start = Math.floor(from / 60_000) * 60_000 - minute * 60_000;
  return Array.from({ length: Math.ceil((to - start) / HOUR) }, (_, hour) => {
    const begun = start + hour * HOUR;
    return { from: begun, to: begun + HOUR };
  });
}
