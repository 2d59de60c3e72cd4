import { assert, assertEquals } from "@std/assert";
import { only, startSite } from "./site.ts";

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
