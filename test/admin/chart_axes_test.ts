import { assertEquals } from "@std/assert";
import { drawAxes } from "../../src/admin/components/chart/axes.ts";
import type { ChartData } from "../../src/admin/components/chart/chart_data.ts";
import { frameOf } from "../../src/admin/components/chart/frame.ts";
import { settings } from "../../src/admin/live.ts";

const HOUR = 3_600_000;

/** Returns the texts at the axes of a chart, the times before the values. */
function textsAt(from: string, to: string, more: Partial<ChartData> & { width?: number } = {}): string[] {
  settings.value = { time_zone: "Europe/Madrid" } as never;
  const range = { from: Date.parse(from), to: Date.parse(to) };
  const times = [range.from, range.to];
  const data: ChartData = {
    times,
    unit: "kW",
    series: [{ label: "", kind: "line", colour: 0, values: [0, 11] }],
    sessions: [],
    states: [],
    ...more,
  };
  const content = { data, range, view: range, now: range.to };
  const texts: string[] = [];
  const ctx = new Proxy({} as CanvasRenderingContext2D, {
    get: (_, name) => (text: string) => name === "fillText" && texts.push(text),
    set: () => true,
  });
  drawAxes(ctx, frameOf(more.width ?? 700, 300, content), { content, colour: () => "" });
  return texts;
}

Deno.test("the times of an axis are whole hours of the site's zone, also where its clocks change", () => {
  assertEquals(textsAt("2026-10-24T22:00Z", "2026-10-25T23:00Z").slice(0, 10), [
    ...["00:00", "Oct 25", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "00:00"],
  ]);
});

Deno.test("the values of an axis are round, with the unit", () => {
  const texts = textsAt("2026-06-01T00:00Z", "2026-06-01T01:00Z");
  assertEquals(texts.filter((text) => text.endsWith("kW")), [
    "0.0 kW",
    "2.5 kW",
    "5.0 kW",
    "7.5 kW",
    "10.0 kW",
  ]);
});

Deno.test("the axis of a year has months, as many as fit, and that of a month the days of its bars", () => {
  const year = ["2025-12-31T23:00Z", "2026-12-31T23:00Z"] as const;
  assertEquals(textsAt(...year, { width: 1200 }).slice(0, 3), ["Jan", "Feb", "Mar"]);
  assertEquals(textsAt(...year, { width: 340 }).slice(0, 4), ["Jan", "Apr", "Jul", "Oct"]);
  const days = Array.from(
    { length: 30 },
    (_, day) => Date.parse("2026-05-31T22:00Z") + (day * 24 + 12) * HOUR,
  );
  const bars: Partial<ChartData> = {
    times: days,
    unit: "kWh",
    series: [{ label: "", kind: "bars", colour: 0, values: days.map(() => 5) }],
  };
  assertEquals(textsAt("2026-05-31T22:00Z", "2026-06-30T22:00Z", bars).slice(0, 3), ["1", "4", "7"]);
});
