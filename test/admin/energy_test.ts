import { assertAlmostEquals, assertEquals } from "@std/assert";
import { monthEnergy, withSeen } from "../../src/admin/pages/overview/energy.ts";
import type { Session } from "../../src/admin/types.ts";

const NOON = new Date(2026, 7, 15, 12, 0).getTime();
const HOUR = 3_600_000;

function session(transaction_id: number, from: number, to: number | null, energy_wh: number): Session {
  const stop_time = to === null ? null : new Date(to).toISOString();
  const state = to === null ? "active" : "completed";
  return { transaction_id, start_time: new Date(from).toISOString(), stop_time, energy_wh, state } as Session;
}

Deno.test("monthEnergy spreads a session over its time, and cuts it at midnight and at the month's beginning", () => {
  const midnight = new Date(2026, 7, 15).getTime();
  const overnight = session(1, midnight - HOUR, midnight + HOUR, 10_000);
  const { today_wh, month_wh, slots, slot_now } = monthEnergy([overnight], [], NOON);
  assertAlmostEquals(today_wh, 5000, 1e-6);
  assertAlmostEquals(month_wh, 10_000, 1e-6);
  assertAlmostEquals(slots[0]!, 5000, 1e-6);
  assertAlmostEquals(slots[3]!, 5000, 1e-6);
  assertEquals(slots[4], 0);
  assertEquals(slot_now, 48);
  const first = new Date(2026, 7, 1).getTime();
  assertAlmostEquals(
    monthEnergy([session(2, first - HOUR, first + HOUR, 8000)], [], NOON).month_wh,
    4000,
    1e-6,
  );
});

Deno.test("monthEnergy counts a running session once, with its newest figure", () => {
  const stored = session(3, NOON - HOUR, null, 1000);
  const running = session(3, NOON - HOUR, null, 3000);
  assertAlmostEquals(monthEnergy([stored], [running], NOON).today_wh, 3000, 1e-6);
});

Deno.test("withSeen puts what the gateway has seen of today in place of what sessions let suppose", () => {
  const supposed = monthEnergy([session(4, NOON - HOUR, NOON, 4000)], [], NOON);
  const seen = [
    { at: new Date(NOON - HOUR).toISOString(), power_w: 7000, simulated_w: 1 },
    { at: new Date(NOON - 24 * HOUR).toISOString(), power_w: 9000, simulated_w: 2 },
  ];
  const { slots } = withSeen(supposed, seen, "real", NOON);
  assertEquals(slots.slice(43, 49).map(Math.round), [0, 7000, 4000, 4000, 4000, 0]);
  assertEquals(withSeen(supposed, seen, "all", NOON).slots[44], 7001);
});
