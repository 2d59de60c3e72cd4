// A commissioning that is broken off, resumed, repeated; and what it leaves behind.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Refusal } from "../../../src/site/context.ts";
import type { Commissioning } from "../../../src/store/store.ts";
import { FAST, only, type Site, startSite } from "./site.ts";

const SESSION = ["plug_in", "remote_start", "meter", "remote_stop", "leave", "as_it_was"];

function latest({ test }: Site): Commissioning {
  return test.gateway.services.store.commissionings.all().at(-1)!;
}

Deno.test("a commissioning that is broken off ends its session and is resumed where it stood", async () => {
  await using site = await startSite({ charger: { configuration: { MeterValueSampleInterval: "5" } } });
  const { commissionings, store } = site.test.gateway.services;
  const measuring = site.reached("meter");
  const options = { ...FAST, samples: 100, meter_s: 10 };
  const begun = await commissionings.begin("NEW-1", { ...only(...SESSION), options });
  await measuring;
  await site.sim.until(() => site.sim.charger.configuration.text("MeterValueSampleInterval") === "1");
  await commissionings.breakOff(begun);
  const broken = latest(site);
  assertEquals([broken.state, broken.current], ["broken_off", null]);
  assertMatch(broken.reason!.en, /interrupted it/);
  assertEquals(site.verdicts(broken), { plug_in: "pass", remote_start: "pass" });
  assertEquals(site.sim.charger.configuration.text("MeterValueSampleInterval"), "5");
  await site.sim.until(() => store.transactions.active().length === 0 && site.sim.status() === "Finishing");
  site.sim.unplug();
  await site.sim.reached("Available");
  await commissionings.resume({ ...broken, options: FAST });
  await commissionings.finished(broken);
  const done = latest(site);
  assertEquals(done.state, "done");
  assertEquals(site.verdicts(done), Object.fromEntries(SESSION.map((step) => [step, "pass"])));
  assertEquals(site.sim.charger.configuration.text("MeterValueSampleInterval"), "5");
});

Deno.test("a step that failed is repeated with what needs it; the others keep their results", async () => {
  let deaf = true;
  await using site = await startSite({ hands: { plug_in: ({ sim }, id) => deaf || sim.plugIn(id) } });
  const { commissionings } = site.test.gateway.services;
  const steps = ["connection", "plug_in", "unlock"];
  const failed = await site.commission({ ...only(...steps), options: { guided_s: 0.3 } });
  assertEquals(site.verdicts(failed), { connection: "observation", plug_in: "fail", unlock: "skip" });
  assertMatch(site.result(failed, "unlock").reason.en, /Requires the step: Plug in/);
  deaf = false;
  await commissionings.repeat({ ...failed, options: FAST }, "plug_in", 1);
  await commissionings.finished(failed);
  assertEquals(site.verdicts(latest(site)), { connection: "observation", plug_in: "pass", unlock: "pass" });
  await assertRejects(() => commissionings.repeat(latest(site), "dance", 1), Refusal, "dance");
});

Deno.test("a step that the installer leaves out is skipped", async () => {
  await using site = await startSite({ hands: { plug_in: () => {} } });
  const { commissionings } = site.test.gateway.services;
  const asked = site.reached("plug_in", "plug_in");
  const record = await commissionings.begin("NEW-1", { ...only("plug_in", "availability"), options: FAST });
  await asked;
  commissionings.skip(record);
  await commissionings.finished(record);
  assertEquals(site.verdicts(latest(site)), { plug_in: "skip", availability: "pass" });
  assertMatch(site.result(record, "plug_in").reason.es, /omitió/);
});

Deno.test("each connector is tested, and one that was out of service is so again", async () => {
  await using site = await startSite({ charger: { connectors: 2 } });
  const { central, store } = site.test.gateway.services;
  await central.send("NEW-1", "ChangeAvailability", { connectorId: 2, type: "Inoperative" });
  await site.sim.reached("Unavailable", 2);
  const record = await site.commission(only("trigger_heartbeat", "availability", "as_it_was"));
  assertEquals(record.before.inoperative, [2]);
  assertEquals(site.verdicts(record), {
    trigger_heartbeat: "pass",
    availability: "pass",
    "availability 2": "pass",
    as_it_was: "pass",
  });
  const states = store.chargers.get("NEW-1")!.connectors.map(({ status }) => status);
  assertEquals(states, ["Available", "Available", "Unavailable"]);
});

Deno.test("a charger that stays away breaks the commissioning off", async () => {
  await using site = await startSite({ hands: { plug_in: ({ sim }) => sim.charger.power.down("drop") } });
  const options = { guided_s: 0.3, return_s: 0.3 };
  const record = await site.commission({ ...only("plug_in", "availability", "reset"), options });
  assertEquals(record.state, "broken_off");
  assertMatch(record.reason!.en, /not connected/);
  assertEquals(site.verdicts(record), { plug_in: "fail" });
});

Deno.test("a commissioning is refused while the charger is away, busy or under test", async () => {
  await using site = await startSite({ hands: { plug_in: () => {} } });
  const { commissionings, store } = site.test.gateway.services;
  await assertRejects(() => commissionings.begin("NOBODY", {}), Refusal, "not connected");
  await assertRejects(() => commissionings.begin("NEW-1", { connectors: [9] }), Refusal, "no connector 9");
  const record = await commissionings.begin("NEW-1", { ...only("plug_in"), options: FAST });
  await assertRejects(() => commissionings.begin("NEW-1", {}), Refusal, "already");
  await commissionings.breakOff(record);
  site.sim.plugIn();
  await site.sim.presentTag();
  await site.sim.until(() => store.transactions.active().length > 0);
  await assertRejects(() => commissionings.begin("NEW-1", {}), Refusal, "in a session");
});

Deno.test("a gateway that stops breaks its commissionings off, and says so after the restart", async () => {
  const site = await startSite({ hands: { plug_in: () => {} } });
  const { commissionings } = site.test.gateway.services;
  const asked = site.reached("plug_in", "plug_in");
  const record = await commissionings.begin("NEW-1", {
    ...only("plug_in"),
    options: { ...FAST, guided_s: 60 },
  });
  await asked;
  await site[Symbol.asyncDispose]();
  assertEquals(record.state, "broken_off");
  assert(record.reason!.en.includes("stopped"));
});

Deno.test("a commissioning that a power cut ended is broken off when the gateway is back", async () => {
  await using site = await startSite();
  const { commissionings, store } = site.test.gateway.services;
  const done = await site.commission(only("boot"));
  await store.commissionings.put({ ...done, state: "running" });
  await commissionings.start();
  assertEquals(latest(site).state, "broken_off");
  await commissionings.resume(latest(site));
  await commissionings.finished(done);
  assertEquals(latest(site).state, "done");
});

Deno.test("what a charger could not be told when it went away is put back when it is there again", async () => {
  await using site = await startSite({ charger: { configuration: { MeterValueSampleInterval: "5" } } });
  const { power, configuration } = site.sim.charger;
  const interval = () => configuration.text("MeterValueSampleInterval");
  const leave = site.sim.subscribe(() => interval() === "1" && site.sim.session() && power.down("drop"));
  const options = { return_s: 0.3, meter_s: 0.3 };
  const record = await site.commission({ ...only("plug_in", "remote_start", "meter", "limit"), options });
  assertEquals([record.state, record.before.configuration], ["broken_off", {
    MeterValueSampleInterval: "5",
  }]);
  leave();
  power.up();
  await site.sim.until(() => interval() === "5");
});

Deno.test("a connector that went away out of service is in service again when the charger is there again", async () => {
  await using site = await startSite();
  const { power } = site.sim.charger;
  const leave = site.sim.subscribe(() => site.sim.status() === "Unavailable" && power.down("drop"));
  const record = await site.commission({ ...only("availability", "as_it_was"), options: { return_s: 0.3 } });
  assertEquals([record.state, record.before.switched], ["broken_off", [1]]);
  leave();
  assertEquals(site.sim.status(), "Unavailable");
  power.up();
  await site.sim.reached("Available");
});
