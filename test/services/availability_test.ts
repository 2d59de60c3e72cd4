// Availability: sums against an independent count, over two months in which clocks change and a time with the gateway off.
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { AvailabilityService } from "../../src/services/availability.ts";
import { Events } from "../../src/site/events.ts";
import { newCharger } from "../../src/store/new_charger.ts";
import { Store } from "../../src/store/store.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway } from "../kit/gateway.ts";
import { type Json, Site, time } from "../kit/site.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Begin of March 2026 and of April and May in Madrid: March has 743 hours. */
const MARCH = Date.parse("2026-02-28T23:00:00Z");
const APRIL = Date.parse("2026-03-31T22:00:00Z");
const MAY = Date.parse("2026-04-30T22:00:00Z");

type State = "up" | "faulted" | "down" | "unknown";

/** A service over a store in memory, whose clocks a test moves. */
async function rig(at: number) {
  const clock = { at, mono: 0 };
  const now = () => clock.at;
  const store = await Store.open({ path: ":memory:", window_ms: 0, now });
  await store.changeSettings({ time_zone: "Europe/Madrid" });
  await store.chargers.put(newCharger("CP1", "Accepted", at));
  const events = new Events((error) => {
    throw error;
  });
  const mono = () => clock.mono;
  const begin = () => {
    const service = new AvailabilityService({ store, events, now, every_ms: 3_600_000, mono });
    service.start();
    return service;
  };
  const connector = (status: string) =>
    events.emit("connector", "CP1", () => ({ connector_id: 1, status }) as never);
  return { clock, store, events, begin, connector };
}

Deno.test("availability is the sum of the time in each state, by month of the site's zone", async () => {
  const { clock, store, events, begin, connector } = await rig(MARCH + 5 * DAY);
  let service = begin();
  // the states, counted apart from the service
  const timeline: [from: number, state: State][] = [[clock.at, "unknown"]];
  const now_in = (state: State) => timeline.push([clock.at, state]);
  let disconnections = 0, seed = 7;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  let state: State = "unknown";
  while (clock.at < MAY - 3 * DAY) {
    clock.at += 1 + random(30 * 3600) * 1000;
    if (state === "unknown" || state === "down") {
      events.emit("connected", "CP1", () => ({ charger_id: "CP1" }));
      connector("Available");
      state = "up";
    } else if (random(3) === 0) {
      events.emit("disconnected", "CP1", () => ({ charger_id: "CP1", code: 1006 }));
      disconnections++;
      state = "down";
    } else {
      state = state === "up" ? "faulted" : "up";
      connector(state === "faulted" ? "Faulted" : "Available");
    }
    now_in(state);
    if (random(20) === 0) { // the gateway is off for up to two days
      clock.at += MINUTE;
      await service.stop();
      now_in("unknown");
      clock.at += random(48 * 3600) * 1000;
      service = begin();
      state = "unknown";
    }
  }
  const sum = (wanted: State[], [from, to]: [number, number]) =>
    timeline.reduce((ms, [begun, state], n) => {
      const ended = timeline[n + 1]?.[0] ?? clock.at;
      const shared = Math.max(0, Math.min(ended, to) - Math.max(begun, from));
      return ms + (wanted.includes(state) ? shared : 0);
    }, 0);
  let told = 0;
  for (const [month, span] of [["2026-03", [MARCH, APRIL]], ["2026-04", [APRIL, MAY]]] as const) {
    const sums = (await service.sumsOf("CP1", month))!;
    assertEquals(
      [sums.up_ms, sums.down_ms, sums.unknown_ms],
      [sum(["up", "faulted"], [...span]), sum(["down"], [...span]), sum(["unknown"], [...span])],
      month,
    );
    assertEquals(sums.faulted_ms, sum(["faulted"], [...span]));
    assertEquals(sums.connectors.map(({ faulted_ms }) => faulted_ms), [sums.faulted_ms]);
    told += sums.disconnections;
  }
  assertEquals(told, disconnections);
  const april = (await service.sumsOf("CP1", "2026-04"))!;
  assertEquals(april.from, APRIL);
  assertEquals(april.up_ms + april.down_ms + april.unknown_ms, clock.at - APRIL);
  await service.stop();
  await store.close();
});

Deno.test("a whole month with 743 hours is counted as such, and a step of the clock is no time", async () => {
  const { clock, store, events, begin } = await rig(MARCH - MINUTE);
  const service = begin();
  events.emit("connected", "CP1", () => ({ charger_id: "CP1" }));
  clock.at = APRIL + DAY;
  const hours = async (month: string) => (await service.sumsOf("CP1", month))!.up_ms / 3_600_000;
  assertEquals([await hours("2026-03"), await hours("2026-04")], [743, 24]);
  const [from, to] = [clock.at, clock.at + 5 * DAY];
  clock.at = to;
  events.emit("clock", undefined, () => ({ last_step: { from: iso(from), to: iso(to) } }) as never);
  clock.at += 3_600_000;
  assertEquals(await hours("2026-04"), 25);
  await service.stop();
  await store.close();
});

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

Deno.test("the time in which the gateway waits for a charger after a start is unknown", async () => {
  const { clock, store, begin } = await rig(APRIL);
  const first = begin();
  await first.stop();
  const service = begin();
  clock.at += DAY;
  assertEquals((await service.sumsOf("CP1", "2026-04"))!.unknown_ms, DAY);
  await service.stop();
  await store.close();
});

Deno.test("GET /ocpp/availability/ tells connected time, disconnections and faults", async () => {
  await using gateway = await startTestGateway({ settings: { time_zone: "Europe/Madrid" } });
  const site = new Site(gateway);
  const charger = await site.charger();
  const report = (status: string, errorCode: string) =>
    charger.call("StatusNotification", { connectorId: 1, status, errorCode, timestamp: time() });
  await report("Faulted", "GroundFailure");
  await report("Available", "NoError");
  await charger[Symbol.asyncDispose]();
  const row: Json = await eventually(async () => {
    const { availability } = await site.get("/ocpp/availability/");
    return availability[0]?.disconnections === 1 && availability[0].down_s > 0 && availability[0];
  });
  assertEquals([row.charger_id, row.faults, row.connectors[0].connector_id], ["CP1", 1, 1]);
  assert(row.up_s > 0 && row.faulted_s > 0 && row.faulted_s <= row.up_s);
  assertAlmostEquals(row.uptime, row.up_s / (row.up_s + row.down_s));
  const csv = await site.get("/ocpp/availability/?format=csv");
  assertEquals(csv.trim().split("\r\n").length, 3);
  assertEquals((await site.get("/ocpp/availability/?month=2020-01")).availability, []);
  assertEquals((await site.rest("GET", "/ocpp/availability/?month=2020-13")).status, 400);
  await site.ask("DELETE", "/ocpp/chargers/CP1/");
  assertEquals((await site.get("/ocpp/availability/")).availability, []);
});
