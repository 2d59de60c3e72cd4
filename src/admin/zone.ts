// Times on the clocks of the site's zone. By Intl, since not all browsers have Temporal. Times are ms since 1970, "wall" is
// what clocks show: `2026-10-25T02:30`, as inputs of times have it.
import { settings } from "./live.ts";

const PROBE = 129_600_000; // no zone changes its clocks twice in so many ms
const browser_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Returns the name of the site's time zone; the browser's until the settings are loaded. */
export function siteZone(): string {
  return settings.value?.time_zone ?? browserZone();
}

/** Returns the name of the browser's time zone. */
export function browserZone(): string {
  return browser_zone;
}

/** Returns what the zone's clocks show at a time, to the minute. */
export function wallAt(at: number, zone = siteZone()): string {
  return new Date(at + offsetAt(at, zone)).toISOString().slice(0, 16);
}

/**
 * Returns the time at which the zone's clocks show `wall`, or the first instant of a day: the earlier one where they show it
 * twice. Where they skip it, it counts from before the change.
 */
export function timeOf(wall: string, zone = siteZone()): number {
  const local = Date.parse(`${wall.includes("T") ? wall : `${wall}T00:00`}Z`);
  const [before, after] = [local - offsetAt(local - PROBE, zone), local - offsetAt(local + PROBE, zone)];
  const shown = [before, after].filter((at) => at + offsetAt(at, zone) === local);
  return shown.length > 0 ? Math.min(...shown) : before;
}

/** Returns the day `YYYY-MM-DD` of a time. */
export function dayAt(at: number, zone = siteZone()): string {
  return wallAt(at, zone).slice(0, 10);
}

/** Returns the day so many days after a day. */
export function dayAfter(day: string, days = 1): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10);
}

/** Returns the ms by which the zone's clocks are ahead of UTC. */
function offsetAt(at: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("sv", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
    formats.set(zone, format);
  }
  const shown = format.format(at).replace(" ", "T"); // in Swedish: 2026-10-25 02:30:00
  return Date.parse(`${shown}Z`) - Math.floor(at / 1000) * 1000;
}
