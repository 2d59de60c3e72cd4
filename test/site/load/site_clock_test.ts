import { assertEquals } from "@std/assert";
import { DAYS, SiteClock } from "../../../src/site/load/site_clock.ts";
import type { ScheduledLimit } from "../../../src/store/store.ts";

const HOUR = 3_600_000;

function entry(from: string, to: string, days: readonly string[] = DAYS): ScheduledLimit {
  return { days: [...days], from, to, limit_a: 10, limit_w: null };
}

/** Returns the spans of a day and the next in which an entry holds, as UTC, by looking at each minute. */
function spans(limit: ScheduledLimit, day: string, zone: string): string[] {
  const clock = new SiteClock(zone);
  const start = Date.parse(`${day}T00:00:00Z`);
  const found: [number, number][] = [];
  for (let at = start; at < start + 48 * HOUR; at += 60_000) {
    if ([...clock.within([limit], { from: at, to: at })].length === 0) continue;
    const last = found.at(-1);
    if (last?.[1] === at) last[1] = at + 60_000;
    else found.push([at, at + 60_000]);
  }
  for (const [from, to] of found) {
    if (from > start && to < start + 48 * HOUR) assertEquals(clock.endOf(limit, from), to, "its end");
  }
  return found.map((span) => span.map((at) => new Date(at).toISOString().slice(8, 16)).join(" – "));
}

Deno.test("a schedule holds by the site's clocks, and one over midnight belongs to the day on which it begins", () => {
  assertEquals(spans(entry("08:00", "20:00", ["fri"]), "2026-11-26", "UTC"), ["27T08:00 – 27T20:00"]);
  assertEquals(spans(entry("22:00", "06:00", ["fri"]), "2026-11-27", "Asia/Tokyo"), ["27T13:00 – 27T21:00"]);
  assertEquals(spans(entry("12:00", "12:00", ["fri"]), "2026-11-27", "UTC"), ["27T12:00 – 28T12:00"]);
  assertEquals(spans(entry("00:00", "00:00", ["sat"]), "2026-11-27", "UTC"), ["28T00:00 – 29T00:00"]);
});

Deno.test("where clocks go forward, a schedule in the hour that is left out does not hold that day", () => {
  const madrid = "Europe/Madrid"; // 2026-03-29, 02:00 to 03:00 is left out
  assertEquals(spans(entry("02:15", "02:45", ["sun"]), "2026-03-28", madrid), []);
  assertEquals(spans(entry("22:00", "06:00", ["sat"]), "2026-03-28", madrid), ["28T21:00 – 29T04:00"]);
  assertEquals(spans(entry("01:00", "02:30", ["sun"]), "2026-03-28", madrid), ["29T00:00 – 29T01:00"]);
});

Deno.test("where clocks go back, a schedule in the hour that comes twice holds twice", () => {
  const madrid = "Europe/Madrid"; // 2026-10-25, 02:00 to 03:00 comes twice
  assertEquals(spans(entry("02:15", "02:45", ["sun"]), "2026-10-24", madrid), [
    "25T00:15 – 25T00:45",
    "25T01:15 – 25T01:45",
  ]);
  assertEquals(spans(entry("22:00", "06:00", ["sat"]), "2026-10-24", madrid), ["24T20:00 – 25T05:00"]);
});

Deno.test("the end of a schedule that follows itself is the last one; one of all days has none", () => {
  const clock = new SiteClock("UTC");
  const friday = Date.parse("2026-11-27T10:00:00Z");
  const end = clock.endOf(entry("00:00", "00:00", ["fri", "sat", "sun"]), friday);
  assertEquals(new Date(end!).toISOString(), "2026-11-30T00:00:00.000Z");
  assertEquals(clock.endOf(entry("00:00", "00:00"), friday), null);
});

Deno.test("a schedule within a span is found although it holds for a minute only", () => {
  const clock = new SiteClock("UTC");
  const at = Date.parse("2026-11-27T10:00:30Z");
  const found = (minutes: number) =>
    [...clock.within([entry("10:03", "10:04")], { from: at, to: at + minutes * 60_000 })].length;
  assertEquals([found(2), found(3), found(9)], [0, 1, 1]);
});
