// Time on a machine whose clock may be wrong.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Clock, type Step } from "../../src/machine/clock.ts";
import { shiftStart } from "../../src/machine/clock_monitor.ts";
import { Housekeeping } from "../../src/services/housekeeping.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import type { Transaction } from "../../src/store/store.ts";
import { eventually } from "../kit/eventually.ts";
import { startTestGateway, type TestGateway } from "../kit/gateway.ts";

const T = Date.UTC(2026, 5, 1, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A machine whose clocks the test winds. */
class Machine {
  wall: number;
  mono = 1000;
  synchronized = false;
  /** Confirmations by time servers, by the system's clock. */
  confirmed: number[] = [];
  readonly clock: Clock;

  constructor(wall: number, stored = 0) {
    this.wall = wall;
    const confirmations = () => this.synchronized ? [this.wall] : this.confirmed;
    const parts = { wall: () => this.wall, mono: () => this.mono, confirmations };
    this.clock = new Clock(parts);
    this.clock.remember(stored);
  }

  /** The system's clock steps. */
  step(ms: number): Step | null {
    this.wall += ms;
    return this.clock.check();
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
  assertEquals(machine.clock.check(), null);
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
  const step = machine.clock.check();
  assertEquals(step && [step.from, step.to], [T + HOUR, T + 3 * DAY]);
  assert(machine.clock.trusted && machine.clock.settled);
  assertEquals(machine.clock.describe().source, "synchronized");
});

Deno.test("a small correction is no step", () => {
  const machine = new Machine(T, T);
  machine.pass(1000);
  machine.wall -= 1500;
  assertEquals(machine.clock.check(), null);
  assert(machine.clock.trusted);
});

Deno.test("a clock that falls back is not trusted any more, and our time does not", () => {
  const machine = new Machine(T, T);
  machine.pass(1000);
  machine.wall -= 2 * HOUR;
  assertEquals(machine.clock.check(), null);
  assert(!machine.clock.trusted);
  assertEquals(machine.now, T + 1000);
  machine.wall += 2 * HOUR;
  machine.clock.check();
  assert(machine.clock.trusted);
});

Deno.test("a leap beyond a day that nobody confirms is not used for an hour, and nothing is deleted for a day", () => {
  const machine = new Machine(T, T);
  machine.pass(1000);
  assertEquals(machine.step(400 * DAY), null);
  assert(machine.clock.trusted && !machine.clock.settled);
  assertEquals([machine.now, machine.clock.describe().source], [T + 1000, "held"]);
  machine.pass(HOUR - 1000);
  assertEquals(machine.clock.check(), null);
  assertMatch(machine.clock.describe().reason!, /leapt ahead to 2027-07-06 and is not used/);
  machine.pass(2000);
  const step = machine.clock.check()!;
  assertEquals([step.to - step.from, step.leapt_to], [400 * DAY, undefined]);
  assertEquals([machine.now, machine.clock.settled], [T + 400 * DAY + HOUR + 2000, false]);
  machine.pass(DAY);
  machine.clock.check();
  assert(machine.clock.settled);
});

Deno.test("a clock that comes back from a leap was right before, however far the leap was", () => {
  const machine = new Machine(T, T);
  assertEquals(machine.step(18_000 * DAY), null);
  machine.pass(5000);
  assertEquals([machine.clock.check(), machine.step(-18_000 * DAY)], [null, null]);
  assertEquals([machine.now, machine.clock.settled, machine.clock.describe().source], [
    T + 5000,
    true,
    "system",
  ]);
  assertEquals(machine.clock.leap(), null);
  const leapt_to = machine.wall + 2 * HOUR;
  assertEquals(machine.step(2 * HOUR)?.to, leapt_to);
  machine.pass(3000);
  assertEquals(machine.step(-2 * HOUR), {
    at: T + 8000,
    from: leapt_to + 3000,
    to: T + 8000,
    leapt_to,
  });
  assertEquals([machine.now, machine.clock.trusted, machine.clock.leap()], [T + 8000, true, null]);
});

Deno.test("a clock comes back from a leap on a leap, by either way", () => {
  const machine = new Machine(T, T);
  machine.step(2 * HOUR);
  machine.step(50 * DAY);
  assertEquals(machine.now, T + 2 * HOUR);
  machine.step(-50 * DAY);
  assertEquals([machine.now, machine.clock.settled], [T + 2 * HOUR, true]);
  machine.step(50 * DAY);
  const step = machine.step(-50 * DAY - 2 * HOUR);
  assertEquals([step?.from, step?.to], [T + 2 * HOUR, T]);
  assertEquals([machine.clock.trusted, machine.clock.settled, machine.clock.leap()], [true, true, null]);
});

Deno.test("after a day a clock that goes back over a leap has fallen behind", () => {
  const machine = new Machine(T, T);
  machine.step(2 * HOUR);
  machine.pass(DAY + 1000);
  machine.clock.check();
  machine.step(-2 * HOUR);
  assert(!machine.clock.trusted);
});

Deno.test("a time server's word counts for the time since the last step of the clock", () => {
  const machine = new Machine(T, T - HOUR);
  machine.confirmed = [T - 100];
  machine.clock.check();
  assertEquals(machine.clock.describe().source, "synchronized");
  machine.step(18_000 * DAY);
  assertEquals([machine.now, machine.clock.describe().source], [T, "held"]);
  machine.step(-18_000 * DAY);
  assertEquals(machine.clock.describe().source, "synchronized");
  machine.step(3 * DAY);
  assertEquals(machine.now, T);
  machine.pass(1000);
  machine.confirmed = [machine.wall - 10];
  assertEquals(machine.clock.check()?.to, T + 3 * DAY + 1000);
  assert(machine.clock.settled);
  machine.step(-3 * DAY); // the word is about a time that is not yet
  assert(!machine.clock.trusted);
});

Deno.test("after a long time off nothing is deleted until a time server has spoken", () => {
  const machine = new Machine(T + 90 * DAY, T);
  assert(machine.clock.trusted && !machine.clock.settled);
  machine.synchronized = true;
  machine.clock.check();
  assert(machine.clock.settled);
});

Deno.test("the operator's time runs on whatever the system's clock does, until a time server speaks", () => {
  const machine = new Machine(Date.UTC(1970, 0, 1));
  machine.clock.set(T);
  assert(machine.clock.trusted);
  machine.pass(HOUR);
  assertEquals(machine.now, T + HOUR);
  machine.wall = T + 300 * DAY;
  assertEquals(machine.clock.check(), null);
  assertEquals(machine.now, T + HOUR);
  assertEquals(machine.clock.describe().source, "operator");
  machine.synchronized = true;
  machine.clock.check();
  assertEquals(machine.now, T + 300 * DAY);
});

Deno.test("shiftStart moves only sessions that began by the time before the step", () => {
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
  assertMatch((await site.rest("GET", "/healthz")).body.alarms![0]!, /clock is not set: set it in the admin/);
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

/** A gateway whose wall clock the test winds, with one session under way. */
async function chargingSite(config: { data_dir?: string; kv?: string } = {}, wall = T) {
  const clock = { wall };
  const site = await startTestGateway({ config, now: () => clock.wall });
  const { maintenance, now } = site.gateway.services;
  const client = await RawClient.connect(site.ws_url, { path: "CP1" });
  await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  /** The charger's clock is the gateway's: it has it from the answer to a Heartbeat. */
  const time = async () => (await client.call("Heartbeat"))[2].currentTime;
  return {
    site,
    client,
    now,
    watch: maintenance.clock_monitor,
    step(ms: number): void {
      clock.wall += ms;
      maintenance.clock_monitor.check();
    },
    async start(): Promise<number> {
      const start = { connectorId: 1, idTag: "T", meterStart: 0, timestamp: await time() };
      return (await client.call("StartTransaction", start))[2].transactionId;
    },
    /** Ends the session; returns how long it was, and its flags. */
    async stop(transactionId: number): Promise<[ms: number, flags: string[]]> {
      await client.call("StopTransaction", { transactionId, meterStop: 10, timestamp: await time() });
      const { body } = await site.rest("GET", `/ocpp/transactions/${transactionId}/`);
      return [Date.parse(body.stop_time) - Date.parse(body.start_time), body.flags];
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await client.drop();
      await site[Symbol.asyncDispose]();
    },
  };
}

const MINUTE = 60_000;

function about(expected: number, [ms]: [ms: number, flags: string[]]): void {
  assert(Math.abs(ms - expected) < MINUTE, `${ms} ms, not ${expected}`);
}

Deno.test("a session is as long as it was when the clock steps ahead while it charges, and back again", async () => {
  await using place = await chargingSite();
  const across = await place.start();
  place.step(2 * HOUR);
  const stopped = await place.stop(across);
  about(0, stopped);
  assert(stopped[1].includes("clock"));
  const both = await place.start();
  place.step(3 * HOUR);
  place.step(-3 * HOUR); // our time does not go back by itself
  place.watch.set(place.now() - 3 * HOUR);
  about(0, await place.stop(both));
});

Deno.test("a session is as long as it was when the clock falls back while it charges", async () => {
  await using place = await chargingSite();
  const transaction = await place.start();
  const before = place.now();
  place.step(-2 * HOUR);
  assert(place.now() >= before, "our time does not go back");
  about(0, await place.stop(transaction));
});

Deno.test("a session over a power cut keeps its beginning when the clock learns how long that was", async () => {
  const data_dir = await Deno.makeTempDir();
  const config = { data_dir, kv: `${data_dir}/gateway.db` };
  let transaction: number;
  {
    await using place = await chargingSite(config);
    transaction = await place.start();
  }
  {
    await using place = await chargingSite(config, T + 1000); // the machine goes on from the time it has stored
    const later = await place.client.call("StartTransaction", {
      connectorId: 2,
      idTag: "T",
      meterStart: 0,
      timestamp: new Date(place.now()).toISOString(),
    });
    place.step(5 * HOUR); // a time server speaks
    about(5 * HOUR, await place.stop(transaction));
    about(0, await place.stop(later[2].transactionId));
  }
  await Deno.remove(data_dir, { recursive: true });
});

Deno.test("nothing expires and nothing is swept while the clock is not settled", async () => {
  await using place = await chargingSite();
  const { services } = place.site.gateway;
  const { store } = services;
  const soon = new Date(T + DAY).toISOString();
  await store.reservations.put({
    reservation_id: 1,
    charger_id: "CP1",
    connector_id: 1,
    id_tag: "T",
    parent_id_tag: null,
    expires_at: soon,
    state: "active",
    created_at: soon,
    ended_at: null,
    reason: null,
    transaction_id: null,
  });
  await store.jobs.put({
    job_id: 1,
    charger_id: "CP1",
    action: "GetLog",
    request_id: 1,
    state: "running",
    history: [],
    location: "",
    file_name: null,
    file: null,
    created_at: soon,
    ended_at: null,
  });
  place.step(800 * DAY); // nobody has confirmed that
  const watch = new Housekeeping({ ...services, sweep_ms: 1 });
  watch.start();
  for (let count = 0; count < 20; count++) await place.client.call("Heartbeat");
  assertEquals([store.reservations.get("CP1/1")?.state, store.jobs.get("1")?.state], ["active", "running"]);
  place.watch.set(T + 800 * DAY);
  while (store.jobs.get("1")?.state === "running") await place.client.call("Heartbeat");
  assertEquals([store.reservations.get("CP1/1")?.state, store.jobs.get("1")?.state], ["expired", "unknown"]);
  await watch.stop();
});

/** A gateway whose wall clock and monotonic clock the test winds, with its database in a folder. */
async function winding() {
  const data_dir = await Deno.makeTempDir();
  const time = { wall: T, mono: 1000, confirmed: [] as number[] };
  const clock = { mono: () => time.mono, confirmations: () => time.confirmed };
  const config = { data_dir, kv: `${data_dir}/gateway.db` };
  return {
    time,
    start: () => startTestGateway({ config, now: () => time.wall, clock }),
    pass(ms: number): void {
      time.wall += ms;
      time.mono += ms;
    },
    [Symbol.asyncDispose]: () => Deno.remove(data_dir, { recursive: true }),
  };
}

/** A charger that takes its time from the gateway. */
async function chargerOf(site: TestGateway, path = "CP1") {
  const client = await RawClient.connect(site.ws_url, { path });
  const boot = await client.call("BootNotification", { chargePointVendor: "V", chargePointModel: "M" });
  const time = async (): Promise<string> => (await client.call("Heartbeat"))[2].currentTime;
  return {
    boot: boot[2],
    time,
    async start(connectorId = 1): Promise<number> {
      const start = { connectorId, idTag: "T", meterStart: 0, timestamp: await time() };
      return (await client.call("StartTransaction", start))[2].transactionId;
    },
    async stop(transactionId: number): Promise<void> {
      await client.call("StopTransaction", { transactionId, meterStop: 10, timestamp: await time() });
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await client.drop();
    },
  };
}

async function timesOf(site: TestGateway, transactionId: number): Promise<(number | null)[]> {
  const { body } = await site.rest("GET", `/ocpp/transactions/${transactionId}/`);
  const { start_time, stop_time } = body;
  return [start_time, stop_time].map((at) => at === null ? null : (Date.parse(at) - T) / MINUTE);
}

/** Returns a time after T as it is sent to chargers. */
function sent(after: number): string {
  return new Date(T + after).toISOString().replace(".000", "");
}

const FIFTY_YEARS = 18_262 * DAY;

Deno.test("chargers are not told a leap of fifty years, and a running session keeps its times", async () => {
  await using place = await winding();
  await using site = await place.start();
  const { clock_monitor, alarms } = site.gateway.services.maintenance;
  await using charger = await chargerOf(site);
  const transaction = await charger.start();
  place.pass(MINUTE);
  place.time.wall += FIFTY_YEARS;
  clock_monitor.check();
  assertEquals(await charger.time(), sent(MINUTE));
  await using another = await chargerOf(site, "CP2");
  assertEquals([another.boot.status, another.boot.currentTime], [
    "Accepted",
    sent(MINUTE),
  ]);
  assertEquals((await site.rest("GET", "/ocpp/clock/")).body.source, "held");
  assertMatch(alarms.all().map(({ text }) => text).join(), /leapt ahead to 2076-05-31 and is not used/);
  place.pass(MINUTE);
  place.time.wall -= FIFTY_YEARS;
  clock_monitor.check();
  assertEquals([alarms.all(), await charger.time()], [[], sent(2 * MINUTE)]);
  await charger.stop(transaction);
  assertEquals(await timesOf(site, transaction), [0, 2]);
  assertEquals((await site.rest("GET", "/ocpp/clock/")).body.steps, []);
});

Deno.test("what a leap of some hours has moved is moved back when the clock comes back", async () => {
  await using place = await winding();
  await using site = await place.start();
  const { clock_monitor } = site.gateway.services.maintenance;
  await using charger = await chargerOf(site);
  const [before, across] = [await charger.start(1), await charger.start(2)];
  place.pass(5 * MINUTE);
  place.time.wall += 3 * HOUR;
  clock_monitor.check();
  assertEquals((await timesOf(site, before))[0], 180);
  const inside = await charger.start(3);
  place.pass(MINUTE);
  await charger.stop(across);
  await charger.stop(inside);
  assertEquals(await timesOf(site, inside), [185, 186]);
  const running = await charger.start(2);
  place.time.wall -= 3 * HOUR;
  clock_monitor.check();
  await eventually(async () => (await timesOf(site, inside))[0] === 5);
  place.pass(MINUTE);
  await charger.stop(before);
  await charger.stop(running);
  assertEquals(await Promise.all([before, across, inside, running].map((id) => timesOf(site, id))), [
    [0, 7],
    [0, 6],
    [5, 6],
    [6, 7],
  ]);
  const from = new Date(T + 4 * MINUTE).toISOString();
  const { body } = await site.rest("GET", `/ocpp/transactions/?from=${from}`);
  assertEquals(body.transactions.map((one: { transaction_id: number }) => one.transaction_id), [
    running,
    inside,
  ]);
});

Deno.test("a leap beyond a day is used once a time server or an admin confirms it", async () => {
  await using place = await winding();
  await using site = await place.start();
  const { clock_monitor, alarms } = site.gateway.services.maintenance;
  await using charger = await chargerOf(site);
  const transaction = await charger.start();
  place.time.wall += 3 * DAY;
  clock_monitor.check();
  assertEquals(await charger.time(), sent(0));
  place.pass(MINUTE);
  place.time.confirmed = [place.time.wall];
  clock_monitor.check();
  assertEquals([alarms.all(), await charger.time()], [[], sent(3 * DAY + MINUTE)]);
  await charger.stop(transaction);
  assertEquals(await timesOf(site, transaction), [3 * 24 * 60, 3 * 24 * 60 + 1]);
  place.time.wall += 30 * DAY;
  clock_monitor.check();
  assertEquals(await charger.time(), sent(3 * DAY + MINUTE));
  await site.rest("POST", "/ocpp/clock/", { now: new Date(place.time.wall).toISOString() });
  assertEquals([alarms.all(), await charger.time()], [[], sent(33 * DAY + MINUTE)]);
});

Deno.test("a gateway that is restarted during a leap goes on as before, whichever way the clock went", async () => {
  await using place = await winding();
  let transaction: number;
  {
    await using site = await place.start();
    await using charger = await chargerOf(site);
    transaction = await charger.start();
    place.time.wall += FIFTY_YEARS;
    site.gateway.services.maintenance.clock_monitor.check();
  }
  place.pass(10 * MINUTE);
  {
    await using site = await place.start();
    await using charger = await chargerOf(site);
    assertEquals(await charger.time(), sent(10 * MINUTE));
    assertEquals((await site.rest("GET", "/ocpp/clock/")).body.source, "held");
  }
  place.time.wall += MINUTE - FIFTY_YEARS;
  await using site = await place.start();
  await using charger = await chargerOf(site);
  assertEquals((await site.rest("GET", "/ocpp/clock/")).body.source, "system");
  await charger.stop(transaction);
  assertEquals(await timesOf(site, transaction), [0, 11]);
});

Deno.test("a leap of some hours that ends while the gateway is off is taken back at its start", async () => {
  await using place = await winding();
  let [running, ended] = [0, 0];
  {
    await using site = await place.start();
    await using charger = await chargerOf(site);
    running = await charger.start(1);
    place.time.wall += 3 * HOUR;
    site.gateway.services.maintenance.clock_monitor.check();
    ended = await charger.start(2);
    place.pass(MINUTE);
    await charger.stop(ended);
  }
  place.pass(MINUTE);
  place.time.wall -= 3 * HOUR;
  await using site = await place.start();
  await using charger = await chargerOf(site);
  assertEquals([charger.boot.status, await charger.time()], [
    "Accepted",
    sent(2 * MINUTE),
  ]);
  await eventually(async () => (await timesOf(site, ended))[0] === 0);
  await charger.stop(running);
  assertEquals([await timesOf(site, running), await timesOf(site, ended)], [[0, 2], [0, 1]]);
});
