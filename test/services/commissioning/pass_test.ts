import { assert, assertEquals, assertMatch } from "@std/assert";
import { eventually } from "../../kit/eventually.ts";
import { only, SLOW, startSite } from "./site.ts";

const CHARGER_STEPS = [
  "connection",
  "boot",
  "configuration",
  "clock",
  "trigger_heartbeat",
  "trigger_status",
  "trigger_meter_values",
  "trigger_diagnostics_status",
  "trigger_firmware_status",
];
const CONNECTOR_STEPS = [
  "plug_in",
  "tag",
  "unplug",
  "remote_start",
  "meter",
  "limit",
  "failsafe",
  "link_cut",
  "remote_stop",
  "unlock",
  "leave",
  "availability",
];

Deno.test("a commissioning of a good charger passes in every step and leaves the charger as it was", async () => {
  await using site = await startSite();
  const record = await site.commission({ installer: "Rosa" });
  const reasons = site.test.gateway.services.commissionings.results(record)
    .filter(({ result }) => result === "fail" || result === "skip").map(({ step, reason }) =>
      `${step}: ${reason.en}`
    );
  assertEquals(reasons, []);
  assertEquals(Object.keys(site.verdicts(record)), [
    ...CHARGER_STEPS,
    ...CONNECTOR_STEPS,
    "reset",
    "as_it_was",
  ]);
  assertEquals([record.state, record.installer, record.current], ["done", "Rosa", null]);
  const { store } = site.test.gateway.services;
  assertEquals([...store.profiles.values()], []);
  assertEquals(site.sim.charger.charging.profiles, []);
  assertEquals(store.transactions.active(), []);
  const frames = await store.commissioning_frames.get("1/remote_start/1");
  assert(frames!.frames.some(({ text }) => text.includes("RemoteStartTransaction")));
});

Deno.test("a commissioning sees the password that is in force", async () => {
  await using site = await startSite({
    charger: { password: "sixteen characters" },
    prepare: (_sim, { rest }) =>
      rest("POST", "/ocpp/chargers/", { charger_id: "NEW-1", password: "sixteen characters" }),
  });
  const record = await site.commission({ ...only("connection"), options: { security_profile: 1 } });
  const { result, figures } = site.result(record, "connection");
  assertEquals([result, figures.security_profile, figures.auth, figures.tls], ["pass", 1, "password", "no"]);
});

const TRIED = only("plug_in", "remote_start", "failsafe");

Deno.test("a commissioning proves the limit that holds without the gateway", async () => {
  await using site = await startSite({ charger: SLOW.charger });
  const record = await site.commission({ ...TRIED, options: SLOW.options });
  const { result, reason, figures } = site.result(record, "failsafe");
  assertEquals([result, figures.limit_a, figures.failsafe_a, figures.alone_a], ["pass", 10, 6, 6], reason.en);
  assertMatch(reason.es, /sin el gateway el vehículo toma 6 A; el límite seguro es 6 A/);
  assertEquals(site.sim.charger.charging.profiles, []);
});

Deno.test("a commissioning proves the fail-safe limit of a charger under load management, which sends nothing meanwhile", async () => {
  await using site = await startSite({
    charger: SLOW.charger,
    prepare: async (_sim, { rest, gateway }) => {
      await gateway.services.store.changeSettings({ load_limit_validity: 3 });
      await rest("POST", "/ocpp/circuits/", { name: "yard", max_current_a: 63 });
      await rest("POST", "/ocpp/chargers/", { charger_id: "NEW-1", circuit: "yard", failsafe_current_a: 8 });
    },
  });
  const record = await site.commission({ ...TRIED, options: SLOW.options });
  const { result, reason, figures } = site.result(record, "failsafe");
  assertEquals([result, figures.failsafe_a, figures.alone_a], ["pass", 8, 8], reason.en);
  const { load } = site.test.gateway.services;
  await eventually(() => load.connectors("NEW-1")[0]!.reason !== "commissioning", "the cap is gone");
});
