// The numbers and times of charts: the locale's dates, 24 hours, in the site's zone.
import { locale } from "../../i18n.ts";
import { number } from "../../format.ts";
import { siteZone } from "../../zone.ts";
import type { Range, Value } from "./chart_data.ts";

const DAY = 86_400_000;

/** Returns a format of times, ms since 1970. */
export function timeFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const clock = options.hour ? { hourCycle: "h23" as const } : {};
  return new Intl.DateTimeFormat(locale(), { ...options, ...clock, timeZone: siteZone() });
}

/** Returns the labels of ticks that are `step` ms apart; a new day tells its date below the hour. */
export function tickTexts(times: readonly number[], step: number): string[] {
  if (step >= 27 * DAY) return texts(times, { month: "short" });
  if (step >= DAY) return texts(times, { day: "numeric", month: "short" });
  const hours = texts(times, {
    hour: "2-digit",
    minute: "2-digit",
    ...(step < 60_000 ? { second: "2-digit" } : {}),
  });
  const days = texts(times, { day: "numeric", month: "short" });
  return hours.map((hour, index) =>
    index === 0 || days[index] !== days[index - 1] ? `${hour}\n${days[index]}` : hour
  );
}

/** Returns the labels of bars for days: the shorter, the more there are. */
export function dayTexts(times: readonly number[], count: number): string[] {
  return texts(times, count <= 8 ? { weekday: "short", day: "numeric" } : { day: "numeric" });
}

function texts(times: readonly number[], options: Intl.DateTimeFormatOptions): string[] {
  const format = timeFormat(options);
  return times.map((at) => format.format(at));
}

/** Returns the text of a bucket's time, or of a bar's. */
export function momentText(at: number, { from, to }: Range, bars: boolean): string {
  const days = (to - from) / DAY;
  if (bars && days > 2) return timeFormat({ weekday: "long", day: "numeric", month: "long" }).format(at);
  if (bars) {
    const hour = timeFormat({ hour: "2-digit", minute: "2-digit" });
    return `${hour.format(at - 1_800_000)} – ${hour.format(at + 1_800_000)}`;
  }
  if (days > 60) return timeFormat({ day: "numeric", month: "long", year: "numeric" }).format(at);
  const second = days < 0.1 ? { second: "2-digit" as const } : {};
  return timeFormat({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", ...second }).format(
    at,
  );
}

/** Returns the text of a range. */
export function rangeText({ from, to }: Range, whole_days: boolean): string {
  const options: Intl.DateTimeFormatOptions = whole_days
    ? { day: "numeric", month: "short", year: "numeric" }
    : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
  return timeFormat(options).formatRange(from, to - 1);
}

/** Returns the text of a value with its unit; "–" for a gap. */
export function valueText(value: Value, unit: string): string {
  if (value === null || value === undefined) return "–";
  return `${number(value, decimalsOf(unit))} ${unit}`.trim();
}

function decimalsOf(unit: string): number {
  return { "kW": 2, "kWh": 2, "A": 1, "V": 0, "°C": 1, "%": 0 }[unit] ?? 1;
}
