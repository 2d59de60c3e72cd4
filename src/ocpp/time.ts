// Parsing of the times of chargers (OCPP 1.6 §3.15: ISO 8601), and formatting of times.

const ISO =
  /^\s*(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?\s*$/i;
const EARLIEST = Date.UTC(2000, 0, 1);

/**
 * Parses a time into ms since 1970. Accepts any number of fraction digits, `+02`, and a missing zone, which counts as
 * `zone_minutes` east of UTC (evcc#10399, ocpp-go#237, steve#136). Returns NaN for an invalid time, and for one before
 * 2000, which is of a clock that was never set (MicroOcpp#311).
 */
export function readTime(text: unknown, zone_minutes = 0): number {
  if (typeof text !== "string") return NaN;
  const usual = readUsual(text);
  if (usual >= EARLIEST) return usual;
  const match = ISO.exec(text);
  if (!match) return NaN;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) =>
    Number(digits ?? 0)
  ) as number[];
  const ms = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000);
  const local = Date.UTC(year!, month! - 1, day, hour, minute, second, ms);
  if (month! > 12 || new Date(local).getUTCDate() !== day) return NaN;
  const time = local - zoneOf(match[8], zone_minutes) * 60_000;
  return time >= EARLIEST ? time : NaN;
}

/** Tells whether a text is a time as nearly all chargers write it: `2026-03-01T08:00:00Z` or `…00.000Z`, up to day 28. */
export function isUsualTime(text: string): boolean {
  return !Number.isNaN(readUsual(text));
}

/** Parses `2026-03-01T08:00:00Z` and `…00.000Z` fast, without a pattern; NaN for anything else, and for the last days of months. */
function readUsual(text: string): number {
  const { length } = text;
  if ((length !== 20 && length !== 24) || text.charCodeAt(length - 1) !== 90 || text.charCodeAt(10) !== 84) {
    return NaN;
  }
  const year = digits(text, 0) * 100 + digits(text, 2);
  const [month, day] = [digits(text, 5), digits(text, 8)];
  const [hour, minute, second] = [digits(text, 11), digits(text, 14), digits(text, 17)];
  const ms = length === 20 ? 0 : digits(text, 20) * 10 + digits(text, 21) % 10;
  const isOdd = month < 1 || month > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59;
  return isOdd || !hasSeparators(text) ? NaN : Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

function hasSeparators(text: string): boolean {
  return text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45 && text.charCodeAt(13) === 58 &&
    text.charCodeAt(16) === 58 && (text.length === 20 || text.charCodeAt(19) === 46);
}

/** Parses two digits; NaN if they are not digits. */
function digits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? NaN : tens * 10 + ones;
}

function zoneOf(zone: string | undefined, fallback: number): number {
  if (zone === undefined) return fallback;
  if (zone.toUpperCase() === "Z") return 0;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  return (zone[0] === "-" ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
}

/** Formats a time as ISO 8601 in UTC with milliseconds, as it is stored and shown. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Formats a time as ISO 8601 in UTC without fractions, which some chargers cannot parse. */
export function toOcppTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19) + "Z";
}
