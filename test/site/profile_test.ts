import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { Refusal } from "../../src/site/context.ts";
import { profilesOf } from "../../src/site/smart_charging/profiles.ts";
import * as SetChargingProfile from "../../src/v16/set_charging_profile.ts";
import { checkerOf } from "../../src/ocpp/schema.ts";
import { TestCharger } from "../kit/charger.ts";

type Json = Record<string, unknown>;

function profile(more: Json = {}, schedule: Json = {}): Json {
  return {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: "TxDefaultProfile",
    chargingProfileKind: "Absolute",
    chargingSchedule: {
      startSchedule: "2026-06-15T00:00:00Z",
      chargingRateUnit: "A",
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }],
      ...schedule,
    },
    ...more,
  };
}

function set(charger: TestCharger, connectorId: number, csChargingProfiles: Json, status = "Accepted") {
  return charger.command("SetChargingProfile", { connectorId, csChargingProfiles }, { status });
}

function ids(charger: TestCharger): number[] {
  return profilesOf(charger.store, "CP1").map((installed) => installed.profile.chargingProfileId);
}

Deno.test("SetChargingProfile mirrors what the charger accepts, and replaces its like", async () => {
  await using charger = await TestCharger.make();
  await set(charger, 1, profile());
  await set(charger, 1, profile({ chargingProfileId: 2 }), "Rejected");
  assertEquals(ids(charger), [1]);
  await set(charger, 1, profile({ chargingProfileId: 3 }));
  assertEquals(ids(charger), [3], "same purpose, level and connector");
  await set(charger, 2, profile({ chargingProfileId: 4 }));
  assertEquals(ids(charger), [3, 4]);
});

Deno.test("SetChargingProfile refuses what does not fit together", async () => {
  await using charger = await TestCharger.make();
  const cases: [number, Json, string][] = [
    [1, profile({}, { chargingSchedulePeriod: [{ startPeriod: 5, limit: 6 }] }), "startPeriod must be 0"],
    [1, profile({}, { startSchedule: undefined }), "startSchedule is needed"],
    [1, profile({ chargingProfileKind: "Relative" }), "startSchedule must be left out"],
    [1, profile({ chargingProfilePurpose: "ChargePointMaxProfile" }), "connectorId must be 0"],
    [1, profile({ chargingProfilePurpose: "TxProfile" }), "no transaction is active"],
    [0, profile({ chargingProfilePurpose: "TxProfile" }), "connectorId must not be 0"],
    [1, profile({ transactionId: 7 }), "is allowed for TxProfile only"],
    [1, profile({ chargingProfileKind: "Recurring" }), "recurrencyKind"],
    [1, profile({}, { chargingSchedulePeriod: [{ startPeriod: 0, limit: 10.55 }] }), "limit"],
  ];
  for (const [connector, wrong, text] of cases) {
    await assertRejects(() => set(charger, connector, JSON.parse(JSON.stringify(wrong))), Refusal, text);
  }
  assertEquals(ids(charger), []);
});

Deno.test("limits of one decimal are valid, those of two are not (X23)", () => {
  const checker = checkerOf(SetChargingProfile.request);
  const withLimit = (limit: number) => ({
    connectorId: 0,
    csChargingProfiles: profile({}, { chargingSchedulePeriod: [{ startPeriod: 0, limit }] }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), (tenths) => checker.check(withLimit(tenths / 10))),
  );
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 100_000 }).filter((hundredths) => hundredths % 10 !== 0),
    (hundredths) => !checker.check(withLimit(hundredths / 100)),
  ));
});

Deno.test("A TxProfile is for the running transaction and goes with it (TC_057)", async () => {
  await using charger = await TestCharger.make();
  const id = await charger.start();
  const tx = profile({ chargingProfilePurpose: "TxProfile" });
  const sent = await set(charger, 1, tx);
  assertEquals((sent.csChargingProfiles as Json).transactionId, id);
  await assertRejects(() => set(charger, 1, { ...tx, transactionId: id + 1 }), Refusal, "is not active");
  assertEquals(ids(charger), [1]);
  await charger.call("StopTransaction", {
    transactionId: id,
    meterStop: 2000,
    timestamp: "2026-06-15T12:30:00Z",
  });
  assertEquals(ids(charger), []);
});

Deno.test("A TxProfile is refused for a session that began long before it was reported (OCPP 1.6 §5.16.1)", async () => {
  await using charger = await TestCharger.make();
  await charger.start({ timestamp: "2026-06-15T08:00:00Z" });
  const tx = profile({ chargingProfilePurpose: "TxProfile" });
  await assertRejects(() => set(charger, 1, tx), Refusal, "while the charger was offline");
  await charger.status("Charging");
  await set(charger, 1, tx);
});

Deno.test("ClearChargingProfile: an id alone counts, filters go together, none is all (errata 3.25, 3.26)", async () => {
  const fresh = async (charger: TestCharger) => {
    await charger.command("ClearChargingProfile", {}, { status: "Accepted" });
    await set(charger, 0, profile({ chargingProfileId: 1, chargingProfilePurpose: "ChargePointMaxProfile" }));
    await set(charger, 1, profile({ chargingProfileId: 2 }));
    await set(charger, 2, profile({ chargingProfileId: 3, stackLevel: 1 }));
  };
  await using charger = await TestCharger.make();
  const cases: [Json, number[]][] = [
    [{ id: 2, connectorId: 0 }, [1, 3]],
    [{ connectorId: 1 }, [1, 3]],
    [{ connectorId: 1, stackLevel: 1 }, [1, 2, 3]],
    [{ chargingProfilePurpose: "TxDefaultProfile" }, [1]],
    [{}, []],
  ];
  for (const [filter, left] of cases) {
    await fresh(charger);
    await charger.command("ClearChargingProfile", filter, { status: "Accepted" });
    assertEquals(ids(charger), left, JSON.stringify(filter));
  }
});

Deno.test("A profile of a remote start waits for its session (TC_059)", async () => {
  await using charger = await TestCharger.make();
  const rides = profile({ chargingProfilePurpose: "TxProfile", chargingProfileKind: "Relative" }, {
    startSchedule: undefined,
  });
  const chargingProfile = JSON.parse(JSON.stringify(rides));
  await charger.command("RemoteStartTransaction", { idTag: "TAG1", connectorId: 1, chargingProfile }, {
    status: "Accepted",
  });
  assertEquals(ids(charger), []);
  const id = await charger.start();
  assertEquals(profilesOf(charger.store, "CP1").map(({ transaction_id }) => transaction_id), [id]);
});
