import { assertEquals } from "@std/assert";
import {
  barsOf,
  bucketTimes,
  type EnergyRow,
  linesOf,
  oneLimit,
  withGaps,
} from "../../src/admin/components/chart/chart_data.ts";
import { movedRange } from "../../src/admin/components/chart/gestures.ts";

const START = Date.parse("2026-11-20T00:00:00Z");
const MINUTE = 60_000;

Deno.test("withGaps leaves a gap where values stop coming, and none where they are rare", () => {
  const _ = undefined;
  assertEquals(withGaps([1, 2, null, null, null, 3, 4]), [1, 2, null, null, null, 3, 4]);
  assertEquals(withGaps([1, null, null, 2, null, null, 3]), [1, _, _, 2, _, _, 3]);
  assertEquals(withGaps([1, null, 2, 3, 4]), [1, _, 2, 3, 4]);
  assertEquals(withGaps([null, null, 5, null]), [null, null, 5, null]);
  assertEquals(withGaps([]), []);
});

Deno.test("linesOf divides watts, keeps the bounds, and shows the last value of the bucket that is now", () => {
  const series = {
    connector_id: 2,
    measurand: "Power.Active.Import",
    unit: "W",
    phase: null,
    location: "Outlet",
    readings: 6,
    min: [1000, 2000],
    mean: [1500, 2500],
    max: [2000, 3000],
    last: [1900, 2900],
  };
  const summed = {
    from: new Date(START).toISOString(),
    to: new Date(START + 10 * MINUTE).toISOString(),
    step_ms: 5 * MINUTE,
    series: [series],
  };
  const now = START + 6 * MINUTE;
  const [line] = linesOf(summed, { now, label: ({ connector_id }) => `C${connector_id}` });
  assertEquals(line, {
    label: "C2",
    kind: "line",
    colour: 0,
    values: [1.5, 2.9],
    low: [1, 2],
    high: [2, 3],
  });
  assertEquals(bucketTimes(summed, now), [START + 2.5 * MINUTE, now]);
});

Deno.test("movedRange keeps what is below each finger there", () => {
  const range = { from: 0, to: 1_000_000 };
  assertEquals(movedRange(range, [0.5], [0.75]), { from: -250_000, to: 750_000 });
  assertEquals(movedRange(range, [0.4, 0.6], [0.3, 0.7]), { from: 250_000, to: 750_000 });
  assertEquals(movedRange(range, [0.2, 0.8], [0.35, 0.65]), { from: -500_000, to: 1_500_000 });
});

Deno.test("barsOf has a bar for each day: zero where nothing was charged, none for days to come", () => {
  const day = 24 * 60 * MINUTE;
  const spans = [0, 1, 2].map((index) => ({ from: START + index * day, to: START + (index + 1) * day }));
  const rows = [{ from: new Date(START + day).toISOString(), energy_wh: 12_345 }] as EnergyRow[];
  const { times, series } = barsOf(rows, { spans, now: START + 1.5 * day, label: "Energy" });
  assertEquals(times[0], START + day / 2);
  assertEquals(series[0]!.values, [0, 12.345, null]);
});

Deno.test("oneLimit joins limits that never differ, and keeps those that do", () => {
  const limit = (label: string, values: (number | null | undefined)[]) => ({
    label,
    kind: "limit" as const,
    colour: 0,
    values,
  });
  const same = [limit("1", [11, null, undefined]), limit("2", [null, null, 11])];
  assertEquals(oneLimit(same, "Limit").map(({ label, values }) => [label, values]), [["Limit", [
    11,
    null,
    11,
  ]]]);
  const differ = [limit("1", [11]), limit("2", [16])];
  assertEquals(oneLimit(differ, "Limit"), differ);
});
