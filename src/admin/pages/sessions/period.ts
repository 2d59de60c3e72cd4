// The periods of the page of sessions, in days of the site's zone.
import { locale } from "../../i18n.ts";
import { dayAfter, dayAt } from "../../zone.ts";

/** The periods in the order of their chips. */
export const PERIODS = ["all", "today", "month", "last_month", "one_month", "range"] as const;

/** A period. */
export type Period = typeof PERIODS[number];

/** The fields of an address that choose a period. */
export interface PeriodChoice {
  period?: string;
  /** `YYYY-MM`, of `one_month`. */
  month?: string;
  /** Days of `range`, the last one included. */
  from?: string;
  to?: string;
}

/** Returns the period of an address; one with days alone is a range. */
export function periodOf({ period, from, to }: PeriodChoice): Period {
  return PERIODS.find((one) => one === period) ?? (from || to ? "range" : "all");
}

/** Returns the month `YYYY-MM` of a period that is a whole one, else undefined. */
export function monthOf(choice: PeriodChoice): string | undefined {
  const current = dayAt(Date.now()).slice(0, 7);
  switch (periodOf(choice)) {
    case "month":
      return current;
    case "last_month":
      return dayAfter(`${current}-01`, -1).slice(0, 7);
    case "one_month":
      return /^\d{4}-\d\d$/.test(choice.month ?? "") ? choice.month : current;
    default:
      return undefined;
  }
}

/** Returns the first day of a period and the one behind its last; undefined: open at that end. */
export function daysOf(choice: PeriodChoice): [first?: string | undefined, behind?: string | undefined] {
  const month = monthOf(choice);
  if (month) return [`${month}-01`, `${dayAfter(`${month}-01`, 31).slice(0, 7)}-01`];
  const today = dayAt(Date.now());
  if (periodOf(choice) === "today") return [today, dayAfter(today)];
  return periodOf(choice) === "range" ? [choice.from, choice.to && dayAfter(choice.to)] : [];
}

/** Returns a month's name with its year. */
export function monthName(month: string): string {
  const format = new Intl.DateTimeFormat(locale(), { month: "long", year: "numeric", timeZone: "UTC" });
  return format.format(new Date(`${month}-15T00:00:00Z`));
}
