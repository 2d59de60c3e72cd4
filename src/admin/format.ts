// Numbers, times and units by Intl.
import { language, locale } from "./i18n.ts";
import { now } from "./live.ts";
import { dayAt, siteZone } from "./zone.ts";

const cache = new Map<string, unknown>();

function cached<T>(key: string, make: (locale: string) => T): T {
  const name = `${language.value} ${key}`;
  if (!cache.has(name)) cache.set(name, make(locale()));
  return cache.get(name) as T;
}

/** Formats a number with a fixed count of decimals. */
export function number(value: number, decimals = 0): string {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return cached(`n${decimals}`, (locale) => new Intl.NumberFormat(locale, digits)).format(value);
}

/** Formats watts as kW. */
export function kw(watts: number | null | undefined): string {
  return watts === null || watts === undefined ? "–" : `${number(watts / 1000, 1)} kW`;
}

/** Formats watt-hours as kWh. */
export function kwh(wh: number | null | undefined): string {
  return wh === null || wh === undefined ? "–" : `${number(wh / 1000, wh >= 1e6 ? 0 : 1)} kWh`;
}

/** Formats date and time in the site's time zone. */
export function when(iso: string | null | undefined): string {
  return iso ? timeFormat({ dateStyle: "medium", timeStyle: "short" }).format(new Date(iso)) : "–";
}

/** Formats the time of day. */
export function clock(iso: string | number): string {
  return timeFormat({ timeStyle: "medium" }).format(new Date(iso));
}

/** Formats the time of day without seconds, with the date if it is not today. */
export function shortTime(iso: string | null | undefined): string {
  if (!iso) return "–";
  if (dayAt(Date.parse(iso)) !== dayAt(now.value)) return when(iso);
  return timeFormat({ timeStyle: "short" }).format(new Date(iso));
}

function timeFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const timeZone = siteZone();
  const key = `${timeZone} ${JSON.stringify(options)}`;
  return cached(key, (locale) => new Intl.DateTimeFormat(locale, { ...options, timeZone }));
}

/** Formats a time as its age ("2 minutes ago"); a component that calls it redraws as time passes. */
export function ago(iso: string | null | undefined): string {
  if (!iso) return "–";
  const seconds = Math.max(0, Math.round((now.value - Date.parse(iso)) / 1000));
  const format = cached(
    "ago",
    (locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }),
  );
  if (seconds < 60) return format.format(-seconds, "second");
  if (seconds < 5400) return format.format(-Math.round(seconds / 60), "minute");
  if (seconds < 129_600) return format.format(-Math.round(seconds / 3600), "hour");
  return format.format(-Math.round(seconds / 86_400), "day");
}

/** Formats a duration in ms as hours and minutes. */
export function duration(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours} h ${String(minutes % 60).padStart(2, "0")} min` : `${minutes} min`;
}
