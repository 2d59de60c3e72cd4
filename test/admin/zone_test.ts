// The site's zone in the browser is that of the gateway.
import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { dayAfter, dayAt, timeOf, wallAt } from "../../src/admin/zone.ts";
import { intervalAt, labelAt } from "../../src/calendar.ts";

const iso = (wall: string, zone: string) => new Date(timeOf(wall, zone)).toISOString().slice(0, 16);

Deno.test("timeOf is right where clocks show a time twice, or skip it, and where a day has no midnight", () => {
  assertEquals(iso("2026-10-25", "Europe/Madrid"), "2026-10-24T22:00");
  assertEquals(iso("2026-10-26", "Europe/Madrid"), "2026-10-25T23:00");
  assertEquals(iso("2026-10-25T02:30", "Europe/Madrid"), "2026-10-25T00:30");
  assertEquals(iso("2026-03-29T02:30", "Europe/Madrid"), "2026-03-29T01:30");
  assertEquals(iso("2026-07-01", "Asia/Kathmandu"), "2026-06-30T18:15");
  assertEquals(iso("2026-04-24", "Africa/Cairo"), "2026-04-23T22:00");
  assertEquals(iso("2026-04-05T01:45", "Australia/Lord_Howe"), "2026-04-04T14:45");
});

Deno.test("dayAt and timeOf agree with the gateway's calendar in any zone", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Intl.supportedValuesOf("timeZone")),
      fc.integer({ min: Date.UTC(2012, 0), max: Date.UTC(2037, 11) }),
      (zone, at) => {
        const { from, to } = intervalAt("day", at, zone);
        const day = dayAt(at, zone);
        assertEquals(day, labelAt("day", at, zone));
        assertEquals([timeOf(day, zone), timeOf(dayAfter(day), zone)], [from, to], `${zone} ${day}`);
        assertEquals(wallAt(timeOf(wallAt(at, zone), zone), zone), wallAt(at, zone));
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("dayAfter goes over the ends of months and years", () => {
  assertEquals([dayAfter("2028-02-28"), dayAfter("2026-12-31"), dayAfter("2026-03-29", -1)], [
    "2028-02-29",
    "2027-01-01",
    "2026-03-28",
  ]);
});
