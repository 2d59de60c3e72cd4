// Limits of circuits from outside: over a restart, over steps of the clock, and back when they end.
import { assert, assertEquals } from "@std/assert";
import { tempDir } from "../faults/gateway_process.ts";
import { eventually } from "../kit/eventually.ts";
import type { TestGateway } from "../kit/gateway.ts";
import { Charger, live, place, startSite, Time } from "./load_site.ts";

async function limit(gateway: TestGateway, body: Record<string, unknown>): Promise<void> {
  const { status, body: answer } = await gateway.rest("PUT", "/ocpp/circuits/site/limit/", body);
  assertEquals(status, 200, JSON.stringify(answer));
}

async function limitsOf(gateway: TestGateway): Promise<number[]> {
  const { body } = await gateway.rest("GET", "/ocpp/circuits/site/");
  return body.limits.map(({ limit_a }: { limit_a: number }) => limit_a);
}

Deno.test("a limit from outside reaches the car, is in the decision log, and gives back when it ends", async () => {
  const time = new Time();
  await using gateway = await startSite(time);
  await using charger = new Charger("A", "obeys", time);
  await place(gateway, [charger], { max_current_a: 40 });
  await charger.connect(gateway.ws_url);
  await eventually(async () => (await live(gateway)).connectors[0]!.safe_alone);
  await charger.start();
  await eventually(() => charger.most() === 32);
  await limit(gateway, { limit_a: 16, valid_s: 30, source: "grid" });
  await eventually(() => charger.most() === 16);
  const newest = async () => (await gateway.rest("GET", "/ocpp/load/log/")).body.decisions[0]!;
  await eventually(async () => (await newest()).to_a === 16);
  const { reason, reason_values = {}, to_a } = await newest();
  assertEquals([reason, reason_values.source, reason_values.circuit, to_a], ["outside", "grid", "site", 16]);
  assert(Date.parse(String(reason_values.until)) > time.wall());
  time.pass(31);
  await eventually(() => charger.most() === 32);
  await eventually(() => gateway.gateway.services.store.outside_limits.size === 0);
});

Deno.test("a limit from outside holds through a restart and until its own end", async () => {
  const time = new Time();
  await using folder = await tempDir();
  {
    await using gateway = await startSite(time, folder.path);
    await place(gateway, [], { max_current_a: 40 });
    await limit(gateway, { limit_a: 16, valid_s: 600, source: "length" });
    await limit(gateway, { limit_a: 20, expires_at: iso(time.wall() + 900_000), source: "clock" });
    await limit(gateway, { limit_a: 5, valid_s: 60, source: "short" });
  }
  time.pass(300);
  await using gateway = await startSite(time, folder.path);
  assertEquals(await limitsOf(gateway), [20, 16]);
  time.pass(301);
  assertEquals(await limitsOf(gateway), [20]);
  time.pass(300);
  assertEquals(await limitsOf(gateway), []);
});

Deno.test("a clock that leaps ends no limit from outside early; one of a given length is not made longer either", async () => {
  const time = new Time();
  await using gateway = await startSite(time);
  await place(gateway, [], { max_current_a: 40 });
  await limit(gateway, { limit_a: 16, valid_s: 600, source: "length" });
  await limit(gateway, { limit_a: 20, expires_at: iso(time.wall() + 600_000), source: "clock" });
  time.leap(3 * 3600);
  assertEquals(await limitsOf(gateway), [16, 20]);
  time.leap(-4 * 3600);
  assertEquals(await limitsOf(gateway), [16, 20]);
  time.pass(601);
  assertEquals(await limitsOf(gateway), [20], "an hour is left by the clock");
  time.pass(3600);
  assertEquals(await limitsOf(gateway), []);
});

Deno.test("a clock that is set back while the gateway is down makes no limit from outside longer", async () => {
  const time = new Time();
  await using folder = await tempDir();
  {
    await using gateway = await startSite(time, folder.path);
    await place(gateway, [], { max_current_a: 40 });
    await limit(gateway, { limit_a: 16, valid_s: 600, source: "length" });
    time.pass(500);
  }
  time.leap(-3600);
  await using gateway = await startSite(time, folder.path, { confirmed: true });
  assertEquals(await limitsOf(gateway), [16]);
  time.pass(101);
  assertEquals(await limitsOf(gateway), []);
});

function iso(at: number): string {
  return new Date(at).toISOString();
}
