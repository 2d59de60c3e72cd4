import { assert, assertEquals, assertRejects } from "@std/assert";
import { Refusal } from "../../src/site/context.ts";
import {
  compare,
  configurationOf,
  planWrites,
  valueOf,
  writeAll,
} from "../../src/site/configuration/configuration.ts";
import { TestCharger } from "../kit/charger.ts";

Deno.test("GetConfiguration keeps what the charger says, secrets masked (X29, Q20, Q21)", async () => {
  await using charger = await TestCharger.make();
  const answer = JSON.parse(
    '{"configurationKey":[{"key":"HeartbeatInterval","readonly":0,"value":300},' +
      '{"key":"AuthorizationKey","readonly":false,"value":"00112233"},{"key":"WifiPassword","readonly":false,"value":"pw"}],' +
      '"unknownKey":["Nope"]}',
  );
  await charger.command("GetConfiguration", {}, answer);
  const known = await configurationOf(charger.store, "CP1");
  assertEquals(valueOf(known, "heartbeatinterval"), "300");
  assertEquals(valueOf(known, "AuthorizationKey"), "***");
  assertEquals(valueOf(known, "WifiPassword"), "***");
  assertEquals(known.unknown, ["Nope"]);
  assertEquals(known.complete_at, "2026-06-15T12:00:00.000Z");
});

Deno.test("A configuration of more than 64 KiB is kept whole (X21)", async () => {
  await using charger = await TestCharger.make();
  const configurationKey = Array.from(
    { length: 400 },
    (_, i) => ({ key: `Key${i}x`, readonly: false, value: "v".repeat(490) }),
  );
  await charger.command("GetConfiguration", {}, { configurationKey });
  const known = await configurationOf(charger.store, "CP1");
  assertEquals(known.keys.length, 400);
  assert(JSON.stringify(known).length > 3 * 65_536);
  await charger.command("GetConfiguration", {}, { configurationKey: [{ key: "Only", readonly: false }] });
  assertEquals((await configurationOf(charger.store, "CP1")).keys.map(({ key, value }) => [key, value]), [[
    "Only",
    null,
  ]]);
});

Deno.test("ChangeConfiguration is mirrored when the charger has taken it", async () => {
  await using charger = await TestCharger.make();
  await charger.command("ChangeConfiguration", { key: "A", value: "1" }, { status: "Accepted" });
  await charger.command("ChangeConfiguration", { key: "a", value: "2" }, { status: "RebootRequired" });
  await charger.command("ChangeConfiguration", { key: "A", value: "3" }, { status: "Rejected" });
  await charger.command("ChangeConfiguration", { key: "B", value: "1" }, { status: "NotSupported" });
  const { keys } = await configurationOf(charger.store, "CP1");
  assertEquals(keys.map(({ key, value }) => [key, value]), [["A", "2"]]);
});

Deno.test("compare shows where two configurations differ; a standard speaks of its own keys only", () => {
  const key = (name: string, value: string | null) => ({ key: name, value, readonly: false, at: "" });
  const ours = {
    charger_id: "A",
    keys: [key("X", "1"), key("Y", "2"), key("Z", "3"), key("MyPassword", "***")],
    unknown: [],
    complete_at: null,
  };
  const other = {
    charger_id: "B",
    keys: [key("x", "1"), key("Y", "9"), key("W", "0")],
    unknown: [],
    complete_at: null,
  };
  assertEquals(compare(ours, other), [
    { key: "Y", value: "2", other: "9", readonly: false },
    { key: "W", value: null, other: "0", readonly: false },
    { key: "Z", value: "3", other: null, readonly: false },
  ]);
  assertEquals(compare(ours, { name: "site", values: { Y: "2", Z: "4" } }), [
    { key: "Z", value: "3", other: "4", readonly: false },
  ]);
});

Deno.test("A bulk write skips equal and read-only keys and names those that need a reboot", async () => {
  const key = (name: string, value: string, readonly = false) => ({ key: name, value, readonly, at: "" });
  const known = {
    charger_id: "A",
    keys: [key("Same", "1"), key("Fixed", "1", true), key("Old", "1")],
    unknown: [],
    complete_at: null,
  };
  const plan = planWrites(known, { same: "1", Fixed: "2", old: "2", New: "3" });
  assertEquals(plan, {
    writes: [{ key: "Old", value: "2" }, { key: "New", value: "3" }],
    equal: ["same"],
    readonly: ["Fixed"],
  });
  const result = await writeAll(
    plan,
    (name) => Promise.resolve(name === "New" ? "RebootRequired" : "Accepted"),
  );
  assertEquals(result, {
    results: [{ key: "Old", status: "Accepted" }, { key: "New", status: "RebootRequired" }],
    reboot: ["New"],
    equal: ["same"],
    readonly: ["Fixed"],
  });
});

Deno.test("SecurityProfile only rises (security white paper A00.FR.005)", async () => {
  await using charger = await TestCharger.make({ security_profile: 2 });
  const change = (value: string) =>
    charger.command("ChangeConfiguration", { key: "SecurityProfile", value }, { status: "Accepted" });
  await assertRejects(() => change("1"), Refusal, "Cannot lower");
  await assertRejects(() => change("x"), Refusal, "SecurityProfile");
  await change("3");
  assertEquals([charger.record.security_profile, charger.record.security_profile_sent], [2, 3]);
});
