// Times as people write them in spreadsheets.

/** The order of day and month where both are numbers: day first, or month first; null: not known. */
export type DateOrder = "dmy" | "mdy" | null;

const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/i;
const TIME = String.raw`(?:[T,\s]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*([ap]\.?\s?m\.?)?)?`;
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})${TIME}$`, "i");
const YEAR_LAST = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)${TIME}$`, "i");
const CENTURY = 2000; // of a year of two digits

/** Thrown for a time that has two meanings: `3/4/2027` is a day of March or of April. */
export class AmbiguousTime extends Error {
  override readonly name = "AmbiguousTime";
}

/**
 * Returns the time that a text means, ISO 8601 in UTC; null: none. A text without a zone is in `time_zone`, a day alone means its
 * end: what is written as valid until a day is valid on it. Throws AmbiguousTime.
 */
export function readWrittenTime(text: string, time_zone: string, order: DateOrder): string | null {
  if (ISO.test(text)) return Number.isNaN(Date.parse(text)) ? null : new Date(text).toISOString();
  const parts = partsOf(text, order);
  if (!parts) return null;
  try {
    const { year, month, day, hour, minute, second } = parts;
    const date = Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
    const plainTime = hour === null
      ? undefined
      : Temporal.PlainTime.from({ hour, minute, second }, { overflow: "reject" });
    const zoned = plainTime
      ? date.toZonedDateTime({ timeZone: time_zone, plainTime })
      : date.add({ days: 1 }).toZonedDateTime(time_zone);
    return new Date(zoned.epochMilliseconds).toISOString();
  } catch {
    return null;
  }
}

/** Returns the order that some texts show by a number over 12; null: none, or both. */
export function orderIn(texts: readonly string[]): DateOrder {
  const orders = new Set<DateOrder>();
  for (const text of texts) {
    const [, first, separator, second] = YEAR_LAST.exec(text) ?? [];
    if (first === undefined || separator === ".") continue;
    if (Number(first) > 12) orders.add("dmy");
    if (Number(second) > 12) orders.add("mdy");
  }
  return orders.size === 1 ? [...orders][0]! : null;
}

/** Returns the order of a language: `es` has the day first, `en-US` the month. */
export function orderOf(language_tag: string): DateOrder {
  try {
    const parts = new Intl.DateTimeFormat(language_tag).formatToParts(0).map(({ type }) => type);
    return parts.indexOf("day") < parts.indexOf("month") ? "dmy" : "mdy";
  } catch {
    return null;
  }
}

function partsOf(text: string, order: DateOrder) {
  const first = YEAR_FIRST.exec(text);
  if (first) {
    const [, year, , month, day, ...time] = first;
    return { year: Number(year), month: Number(month), day: Number(day), ...timeOf(time) };
  }
  const last = YEAR_LAST.exec(text);
  if (!last) return null;
  const [, one, separator, two, year, ...time] = last;
  const { day, month } = dayAndMonth(Number(one), Number(two), separator === "." ? "dmy" : order);
  return { year: Number(year) + (year!.length === 2 ? CENTURY : 0), month, day, ...timeOf(time) };
}

function dayAndMonth(one: number, two: number, order: DateOrder): { day: number; month: number } {
  if (one > 12 || order === "dmy") return { day: one, month: two };
  if (two > 12 || order === "mdy" || one === two) return { day: two, month: one };
  throw new AmbiguousTime(`${one} and ${two} may each be the month`);
}

function timeOf([hour, minute, second, half]: (string | undefined)[]) {
  if (hour === undefined) return { hour: null, minute: 0, second: 0 };
  const afternoon = half?.toLowerCase().startsWith("p") ? 12 : 0;
  const whole = half === undefined ? Number(hour) : Number(hour) % 12 + afternoon;
  return { hour: whole, minute: Number(minute), second: Number(second ?? 0) };
}
