// Days with 23 and 25 hours, offsets of 30 and 45 minutes, and days that a zone left out.
import { assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import {
  Calendar,
  type CalendarUnit,
  clockHourFrom,
  intervalAt,
  isTimeZone,
  labelAt,
  readInterval,
} from "../src/calendar.ts";

const HOUR = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString().replace(".000Z", "Z");
const around = (unit: CalendarUnit, at: string, zone: string) => {
  const { from, to } = intervalAt(unit, Date.parse(at), zone);
  return [iso(from), iso(to)];
};
const hours = (text: string, zone: string) => {
  const { from, to } = readInterval(text, zone)!;
  return (to - from) / HOUR;
};

Deno.test("readInterval has 23 and 25 hours where clocks change, and months with them", () => {
  assertEquals(hours("2026-03-29", "Europe/Madrid"), 23);
  assertEquals(hours("2026-10-25", "Europe/Madrid"), 25);
  assertEquals(hours("2026-10-24", "Europe/Madrid"), 24);
  assertEquals(hours("2026-10-04", "Australia/Lord_Howe"), 23.5);
  assertEquals(hours("2026-04-05", "Australia/Lord_Howe"), 24.5);
  assertEquals(hours("2026-10", "Europe/Madrid"), 31 * 24 + 1);
  assertEquals(hours("2026-03", "Europe/Madrid"), 31 * 24 - 1);
  assertEquals(hours("2026-10", "America/Monterrey"), 31 * 24);
  assertEquals(hours("2024-02", "UTC"), 29 * 24);
});

Deno.test("readInterval starts a day at its first instant, also in zones with 45 minutes and without midnight", () => {
  assertEquals(iso(readInterval("2026-07-01", "Asia/Kathmandu")!.from), "2026-06-30T18:15:00Z");
  assertEquals(iso(readInterval("2026-04-24", "Africa/Cairo")!.from), "2026-04-23T22:00:00Z"); // 00:00 is skipped
  assertEquals(hours("2011-12-29", "Pacific/Apia"), 24);
  assertEquals(hours("2011-12-30", "Pacific/Apia"), 0); // it was left out
});

Deno.test("readInterval has null for what is no day and no month", () => {
  for (
    const text of ["2026-02-29", "2026-13", "2026-00", "2026", "2026-1-1", "26-01", "2026-01-01T00:00", ""]
  ) {
    assertEquals(readInterval(text, "UTC"), null, text);
  }
});

Deno.test("intervalAt puts 23:30 on the day when clocks change, and the last millisecond of a month into it", () => {
  assertEquals(around("day", "2026-10-25T22:30:00Z", "Europe/Madrid"), [
    "2026-10-24T22:00:00Z",
    "2026-10-25T23:00:00Z",
  ]);
  assertEquals(around("month", "2026-10-31T22:59:59.999Z", "Europe/Madrid"), [
    "2026-09-30T22:00:00Z",
    "2026-10-31T23:00:00Z",
  ]);
});

Deno.test("intervalAt tells both hours apart that clocks show twice, and skips the one that they do not show", () => {
  assertEquals(around("hour", "2026-10-25T00:30:00Z", "Europe/Madrid"), [
    "2026-10-25T00:00:00Z",
    "2026-10-25T01:00:00Z",
  ]);
  assertEquals(around("hour", "2026-10-25T01:30:00Z", "Europe/Madrid"), [
    "2026-10-25T01:00:00Z",
    "2026-10-25T02:00:00Z",
  ]);
  assertEquals(around("hour", "2026-07-01T00:00:00Z", "Asia/Kathmandu"), [
    "2026-06-30T23:15:00Z",
    "2026-07-01T00:15:00Z",
  ]);
  // from 2:00 back to 1:30: the hour of one o'clock has 90 minutes
  assertEquals(around("hour", "2026-04-04T15:15:00Z", "Australia/Lord_Howe"), [
    "2026-04-04T14:00:00Z",
    "2026-04-04T15:30:00Z",
  ]);
});

Deno.test("intervalAt crosses a day that was left out, and a date that came twice", () => {
  assertEquals(around("day", "2011-12-30T09:59:59Z", "Pacific/Apia"), [
    "2011-12-29T10:00:00Z",
    "2011-12-30T10:00:00Z",
  ]);
  assertEquals(around("day", "2011-12-30T10:00:00Z", "Pacific/Apia"), [
    "2011-12-30T10:00:00Z",
    "2011-12-31T10:00:00Z",
  ]);
  // St. John's went from 00:01 back to 23:01
  assertEquals(around("day", "2010-11-07T03:00:00Z", "America/St_Johns"), [
    "2010-11-07T02:30:00Z",
    "2010-11-08T03:30:00Z",
  ]);
});

Deno.test("intervalAt: intervals of each unit follow each other without gap and overlap, in any zone", () => {
  const zones = Intl.supportedValuesOf("timeZone");
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2037, 11) }),
      fc.constantFrom<CalendarUnit>("hour", "day", "month"),
      (zone, at, unit) => {
        const { from, to } = intervalAt(unit, at, zone);
        return from <= at && at < to && intervalAt(unit, to - 1, zone).from === from &&
          intervalAt(unit, from, zone).to === to && intervalAt(unit, to, zone).from === to;
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("Calendar.intervalsOf yields the hours of a day, the days of a month and the months of a year", () => {
  const calendar = new Calendar("Europe/Madrid");
  const count = (unit: CalendarUnit, text: string) =>
    [...calendar.intervalsOf(unit, readInterval(text, "Europe/Madrid")!)].length;
  assertEquals(count("hour", "2026-10-25"), 25);
  assertEquals(count("hour", "2026-03-29"), 23);
  assertEquals(count("day", "2026-10"), 31);
  const year = { from: Date.parse("2025-12-31T23:00:00Z"), to: Date.parse("2026-12-31T23:00:00Z") };
  const months = [...calendar.intervalsOf("month", year)].map(({ from }) =>
    labelAt("month", from, "Europe/Madrid")
  );
  assertEquals([months.length, months[0], months.at(-1)], [12, "2026-01", "2026-12"]);
  assertEquals([...calendar.intervalsOf("day", { from: 5, to: 5 })], []);
});

Deno.test("labelAt names the day, the month and the hour with its offset", () => {
  const at = Date.parse("2026-10-25T01:30:00Z");
  assertEquals(labelAt("day", at, "Europe/Madrid"), "2026-10-25");
  assertEquals(labelAt("month", at, "Europe/Madrid"), "2026-10");
  assertEquals(labelAt("hour", at, "Europe/Madrid"), "2026-10-25T02:00+01:00");
});

Deno.test("clockHourFrom is once a day, also on days when clocks skip or repeat the hour", () => {
  const from = (at: string, zone = "Europe/Madrid") => iso(clockHourFrom(2, Date.parse(at), zone));
  assertEquals(from("2026-07-01T12:00:00Z"), "2026-07-02T00:00:00Z");
  assertEquals(from("2026-07-02T00:00:00Z"), "2026-07-02T00:00:00Z");
  assertEquals(from("2026-07-02T00:59:59Z"), "2026-07-02T00:59:59Z"); // within the hour: at once
  assertEquals(from("2026-07-02T01:00:00Z"), "2026-07-03T00:00:00Z");
  assertEquals(from("2026-03-28T20:00:00Z"), "2026-03-29T01:00:00Z"); // 3:00, since 2:00 is skipped
  assertEquals(from("2026-03-29T01:30:00Z"), "2026-03-29T01:30:00Z");
  assertEquals(from("2026-10-24T20:00:00Z"), "2026-10-25T00:00:00Z"); // the first of two
  assertEquals(from("2026-10-25T01:00:00Z"), "2026-10-26T01:00:00Z");
  assertThrows(() => from("2026-01-01T00:00:00Z", "Mars/Base"), RangeError);
});

Deno.test("isTimeZone knows the names of the tz database as they are spelled", () => {
  for (const name of ["UTC", "Europe/Madrid", "America/Monterrey", "Asia/Kathmandu"]) {
    assertEquals(isTimeZone(name), true, name);
  }
  for (const name of ["", "Mars/Base", "+02:00", "europe/madrid", "CEST "]) {
    assertEquals(isTimeZone(name), false, name);
  }
});
