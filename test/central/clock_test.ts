// Time on a machine whose clock may be wrong.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Clock } from "../../src/central/clock.ts";
import { shiftStart } from "../../src/central/clock_watch.ts";
import { RawClient } from "../../src/simulator/raw_client.ts";
import type { Transaction } from "../../src/store/store.ts";
import { startTestGateway } from "../helper.ts";

const T = Date.UTC(2026, 5, 1, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A machine whose clocks the test winds. */
class Machine {
  wall: number;
  mono = 1000;
  synchronized = false;
  readonly clock: Clock;

  constructor(wall: number, stored = 0) {
    this.wall = wall;
    const parts = { wall: () => this.wall, mono: () => this.mono, synchronized: () => this.synchronized };
    this.clock = new Clock(parts);
    this.clock.remember(stored);
  }

  /** Time goes by. */
  pass(ms: number): void {
    this.wall += ms;
    this.mono += ms;
  }

  get now(): number {
    return this.clock.now();
  }
}

Deno.test("the system's clock is trusted while nothing speaks against it", () => {
  const machine = new Machine(T, T - HOUR);
  assert(machine.clock.trusted && machine.clock.settled);
  machine.pass(5000);
  assertEquals(machine.clock.look(), null);
  assertEquals(machine.now, T + 5000);
  assertEquals(machine.clock.describe().source, "system");
});

Deno.test("a clock before 2025 is not trusted", () => {
  const machine = new Machine(Date.UTC(1970, 0, 1));
  assert(!machine.clock.trusted);
  assertEquals(machine.clock.describe().reason, "The system's clock is not set");
});

Deno.test("a clock that is behind what was stored is not trusted, and time goes on from there", () => {
  const machine = new Machine(T - 30 * DAY, T);
  assert(!machine.clock.trusted);
  assertEquals(machine.now, T);
  machine.pass(HOUR);
  assertEquals(machine.now, T + HOUR);
  assertMatch(machine.clock.describe().reason!, /behind what was recorded/);
});

Deno.test("a time server's step makes the clock right again, and is told with its size", () => {
  const machine = new Machine(Date.UTC(2000, 0, 1), T);
  machine.pass(HOUR);
  machine.wall = T + 3 * DAY;
  machine.synchronized = true;
  const step = machine.clock.look();
  assertEquals(step && [step.from, step.to], [T + HOUR, T + 3 * DAY]);
  assert(machine.clock.trusted && machine.clock.settled);
  assertEquals(machine.clock.describe().source, "synchronized");
});

Deno.test("a small correction is no step", () => {
  const machine = new Machine(T, T);
  machine.pass(1000);
  machine.wall -= 1500;
  assertEquals(machine.clock.look(), null);
  assert(machine.clock.trusted);
});

Deno.test("a clock that falls back is not trusted any more, and our time does not", () => {
  const machine = new Machine(T, T);
  machine.pass(1000);
  machine.wall -= 2 * HOUR;
  assertEquals(machine.clock.look(), null);
  assert(!machine.clock.trusted);
  assertEquals(machine.now, T + 1000);
  machine.wall += 2 * HOUR;
  machine.clock.look();
  assert(machine.clock.trusted);
});

Deno.test("after a leap ahead that nobody confirms nothing is deleted for a day", () => {
  const machine = new Machine(T, T);
  machine.pass(1000);
  machine.wall += 400 * DAY;
  assert(machine.clock.look() !== null);
  assert(machine.clock.trusted && !machine.clock.settled);
  machine.pass(DAY + 1000);
  machine.clock.look();
  assert(machine.clock.settled);
});

Deno.test("after a long time off nothing is deleted until a time server has spoken", () => {
  const machine = new Machine(T + 90 * DAY, T);
  assert(machine.clock.trusted && !machine.clock.settled);
  machine.synchronized = true;
  machine.clock.look();
  assert(machine.clock.settled);
});

Deno.test("the operator's time runs on whatever the system's clock does, until a time server speaks", () => {
  const machine = new Machine(Date.UTC(1970, 0, 1));
  machine.clock.set(T);
  assert(machine.clock.trusted);
  machine.pass(HOUR);
  assertEquals(machine.now, T + HOUR);
  machine.wall = T + 300 * DAY;
  assertEquals(machine.clock.look(), null);
  assertEquals(machine.now, T + HOUR);
  assertEquals(machine.clock.describe().source, "operator");
  machine.synchronized = true;
  machine.clock.look();
  assertEquals(machine.now, T + 300 * DAY);
});

Deno.test("shiftStart moves only sessions that began while time was not trusted", () => {
  const step = { at: T, from: 10 * DAY, to: T };
  const session = (received: number, started: number) => ({
    start_received: new Date(received).toISOString(),
    start_time: new Date(started).toISOString(),
    energy: { start_at: started },
    flags: [],
  } as unknown as Transaction);
  const ours = session(10 * DAY - HOUR, 10 * DAY - HOUR);
  assert(shiftStart(ours, 9 * DAY, step));
  assertEquals(Date.parse(ours.start_time), T - HOUR);
  assertEquals([ours.energy.start_at, ours.flags], [T - HOUR, ["clock"]]);
  const own_clock = session(10 * DAY - HOUR, T - HOUR);
  assert(shiftStart(own_clock, 9 * DAY, step));
  assertEquals(Date.parse(own_clock.start_time), T - HOUR);
  assert(!shiftStart(session(8 * DAY, 8 * DAY), 9 * DAY, step));
});

Deno.test("BootNotification is Pending while the clock is not trusted; the browser's time lets chargers in", async () => {
  const wall = Date.UTC(1970, 0, 2);
  await using site = await startTestGateway({ now: () => wall });
  await using client = await RawClient.connect(site.ws_url, { path: "CP1" });
  const boot = { chargePointVendor: "V", chargePointModel: "M" };
  assertEquals((await client.call("BootNotification", boot))[2].status, "Pending");
  assertEquals((await site.rest("GET", "/ocpp/clock/")).body.trusted, false);
  assertMatch((await site.rest("GET", "/healthz")).body.alarms[0], /clock is not set: set it in the admin/);
  assertEquals((await site.rest("POST", "/ocpp/clock/", { now: "1999-01-01T00:00:00Z" })).status, 400);
  const { status, body } = await site.rest("POST", "/ocpp/clock/", { now: new Date(T).toISOString() });
  assertEquals([status, body.source, body.trusted], [200, "operator", true]);
  assertEquals(body.steps.length, 1);
  const [, , answer] = await client.call("BootNotification", boot);
  assertEquals(answer.status, "Accepted");
  assertEquals(answer.currentTime.slice(0, 16), "2026-06-01T12:00");
  assertEquals((await site.rest("GET", "/healthz")).body.alarms, undefined);
});

Deno.test("a session that began without a clock has the right duration once the time is set", async () => {
  const wall = Date.UTC(1970, 0, 2);
  await using site = await startTestGateway({ now: () => wall });
  await using client = await RawClient.connect(site.ws_url, { path: "CP1" });
  await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  const timestamp = new Date(site.gateway.services.now()).toISOString();
  const start = { connectorId: 1, idTag: "T", meterStart: 0, timestamp };
  const { transactionId } = (await client.call("StartTransaction", start))[2];
  await site.rest("POST", "/ocpp/clock/", { now: new Date(T).toISOString() });
  const { body } = await site.rest("GET", `/ocpp/transactions/${transactionId}/`);
  assert(Math.abs(Date.parse(body.start_time) - T) < 60_000, body.start_time);
  assert(body.flags.includes("clock"));
});
