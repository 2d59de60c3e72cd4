import { assertEquals } from "@std/assert";
import { statesOf } from "../../src/admin/components/chart/load_states.ts";

const range = { from: Date.parse("2026-11-20T00:00:00Z"), to: Date.parse("2026-11-21T00:00:00Z") };
const at = (hour: number) => `2026-11-20T${String(hour).padStart(2, "0")}:00:00.000Z`;
const hours = (spans: ReturnType<typeof statesOf>) =>
  spans.map(({ from, to, tone }) => [(from - range.from) / 3_600_000, (to - range.from) / 3_600_000, tone]);

Deno.test("statesOf tells what the charger was before its first change", () => {
  const back = [{ kind: "connected" as const, at: at(6), connector_id: null }];
  assertEquals(hours(statesOf(back, range, true)), [[0, 6, "grey"], [6, 24, "green"]]);
  const fault = [{ kind: "fault_ended" as const, at: at(3), connector_id: 1 }];
  assertEquals(hours(statesOf(fault, range, true)), [[0, 3, "red"], [3, 24, "green"]]);
});

Deno.test("statesOf shows faults of either connector until both have ended", () => {
  const changes = [
    { kind: "fault" as const, at: at(2), connector_id: 1 },
    { kind: "fault" as const, at: at(4), connector_id: 2 },
    { kind: "fault_ended" as const, at: at(6), connector_id: 1 },
    { kind: "fault_ended" as const, at: at(8), connector_id: 2 },
    { kind: "disconnected" as const, at: at(20), connector_id: null },
  ];
  const red = [[2, 4, "red"], [4, 6, "red"], [6, 8, "red"]];
  assertEquals(hours(statesOf(changes, range)), [[0, 2, "green"], ...red, [8, 20, "green"], [
    20,
    24,
    "grey",
  ]]);
});

Deno.test("statesOf says nothing where nothing is known", () => {
  assertEquals(statesOf([], range), []);
});
