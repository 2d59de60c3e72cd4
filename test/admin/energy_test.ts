import { assertEquals } from "@std/assert";
import { type MonthEnergy, slotAt, slotsOf } from "../../src/admin/pages/overview/energy.ts";

const HOUR = 3_600_000;
/** A day of 23 hours in Madrid. */
const FROM = Date.UTC(2026, 2, 28, 23);
const DAY = { from: iso(FROM), to: iso(FROM + 23 * HOUR) };

function iso(at: number): string {
  return new Date(at).toISOString();
}

Deno.test("slotsOf puts what the gateway has seen of a day in place of the mean of its hour", () => {
  const rows = [{ from: iso(FROM + 2 * HOUR), energy_wh: 5000 }];
  const seen = [
    { at: iso(FROM + 2.25 * HOUR), power_w: 7000, simulated_w: 10 },
    { at: iso(FROM - HOUR), power_w: 9000, simulated_w: 20 },
    { at: iso(FROM + 23 * HOUR), power_w: 9000, simulated_w: 20 },
  ];
  const slots = slotsOf({ ...DAY, rows }, seen, "real");
  assertEquals([slots.length, slots.slice(7, 13)], [92, [0, 5000, 7000, 5000, 5000, 0]]);
  assertEquals(slotsOf({ ...DAY, rows }, seen, "all")[9], 7010);
});

Deno.test("slotAt is the quarter-hour of the day, and stays in it", () => {
  const energy: MonthEnergy = { today_wh: 0, month_wh: 0, complete: true, day: FROM, slots: new Array(92) };
  const at = [FROM, FROM + HOUR, FROM + 30 * HOUR, FROM - 1].map((time) => slotAt(time, energy));
  assertEquals(at, [0, 4, 91, 0]);
});
