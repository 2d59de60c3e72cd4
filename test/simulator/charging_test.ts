import { assertAlmostEquals, assertEquals } from "@std/assert";
import { type SimulatedCharger, simulatedCharger } from "../kit/simulated_charger.ts";

function profile(limit: number, rest: Record<string, unknown> = {}, schedule: Record<string, unknown> = {}) {
  return {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: "TxDefaultProfile",
    chargingProfileKind: "Relative",
    ...rest,
    chargingSchedule: {
      chargingRateUnit: "A",
      chargingSchedulePeriod: [{ startPeriod: 0, limit }],
      ...schedule,
    },
  };
}

async function set(b: SimulatedCharger, connectorId: number, csChargingProfiles: object): Promise<string> {
  return (await b.call("SetChargingProfile", { connectorId, csChargingProfiles })).status;
}

/** Returns the energy, Wh, of the next `s` seconds. */
async function flow(b: SimulatedCharger, s: number, connector = 1): Promise<number> {
  const meter = b.sim.charger.meters.of(b.sim.charger.connector(connector)!);
  const before = meter.register_wh;
  await b.clock.advance(s * 1000);
  return meter.register_wh - before;
}

const car = { battery_wh: 100_000, soc: 10, max_power_w: 22_080, want_wh: 90_000 };

async function charging(config = {}): Promise<SimulatedCharger> {
  const b = await simulatedCharger({ interval: 3600, ...config });
  b.sim.plugIn(1, car);
  await b.sim.presentTag("TAG");
  await b.clock.settle();
  b.newMessages();
  return b;
}

Deno.test("a charging profile limits the power until it ends", async () => {
  await using b = await charging();
  assertAlmostEquals(await flow(b, 36), 220.8, 0.1);
  assertEquals(
    await set(b, 1, profile(16, { chargingProfilePurpose: "TxProfile", transactionId: 1 }, { duration: 72 })),
    "Accepted",
  );
  assertAlmostEquals(await flow(b, 72), 110.4 + 220.8, 0.1);
});

Deno.test("a limit under 6 A suspends charging (SuspendedEVSE) until the profile is cleared", async () => {
  await using b = await charging();
  assertEquals(await set(b, 0, profile(5)), "Accepted");
  assertEquals(await flow(b, 60), 0);
  assertEquals(await b.call("ClearChargingProfile", { stackLevel: 3 }), { status: "Unknown" });
  assertEquals(await b.call("ClearChargingProfile", {}), { status: "Accepted" });
  assertEquals(b.newMessages(), ["1 SuspendedEVSE", "1 Charging"]);
});

Deno.test("ChargePointMaxProfile is shared by the charging connectors", async () => {
  await using b = await charging({ connectors: 2 });
  assertEquals(
    await set(
      b,
      0,
      profile(32, { chargingProfilePurpose: "ChargePointMaxProfile", chargingProfileKind: "Absolute" }),
    ),
    "Accepted",
  );
  assertAlmostEquals(await flow(b, 36), 220.8, 0.1);
  b.sim.plugIn(2, car);
  await b.sim.presentTag("OTHER", 2);
  await b.clock.settle();
  assertAlmostEquals(await flow(b, 36), 110.4, 0.1);
  b.sim.unplug(2);
  assertAlmostEquals(await flow(b, 36), 220.8, 0.1);
});

Deno.test("SetChargingProfile is Rejected for a profile that cannot be installed", async () => {
  await using b = await charging({ connectors: 2 });
  const tx = { chargingProfilePurpose: "TxProfile" };
  assertEquals(await set(b, 0, profile(10, tx)), "Rejected");
  assertEquals(await set(b, 2, profile(10, tx)), "Rejected");
  assertEquals(await set(b, 1, profile(10, { ...tx, transactionId: 99 })), "Rejected");
  assertEquals(await set(b, 1, profile(10, { chargingProfilePurpose: "ChargePointMaxProfile" })), "Rejected");
  assertEquals(await set(b, 9, profile(10)), "Rejected");
  assertEquals(await set(b, 1, profile(10, { stackLevel: 99 })), "Rejected");
  assertEquals(await set(b, 1, profile(10, { chargingProfileKind: "Recurring" })), "Rejected");
  assertEquals(
    await set(b, 1, profile(10, {}, { chargingSchedulePeriod: [{ startPeriod: 5, limit: 10 }] })),
    "Rejected",
  );
});

Deno.test("a profile replaces those of the same id, and of the same purpose and stack level", async () => {
  await using b = await charging();
  await set(b, 1, profile(10, { chargingProfileId: 1 }));
  await set(b, 1, profile(11, { chargingProfileId: 2 }));
  await set(b, 1, profile(12, { chargingProfileId: 2, stackLevel: 4 }));
  assertEquals(b.sim.charger.charging.profiles.map(({ profile }) => profile.chargingProfileId), [2]);
  await set(b, 1, profile(13, { chargingProfileId: 3, stackLevel: 1 }));
  assertEquals(await b.call("ClearChargingProfile", { id: 3, stackLevel: 9 }), { status: "Accepted" });
  assertEquals(b.sim.charger.charging.profiles.length, 1);
});

Deno.test("RemoteStartTransaction brings a TxProfile, which ends with the session", async () => {
  await using b = await simulatedCharger();
  const chargingProfile = profile(8, { chargingProfilePurpose: "TxProfile" });
  await b.call("RemoteStartTransaction", { idTag: "T", connectorId: 1, chargingProfile });
  b.sim.plugIn(1, car);
  await b.clock.settle();
  assertAlmostEquals(await flow(b, 3600), 230 * 8 * 3, 5);
  b.sim.unplug(1);
  assertEquals(b.sim.charger.charging.profiles, []);
});

Deno.test("GetCompositeSchedule returns the coming periods, of one connector and of all", async () => {
  await using b = await charging({ connectors: 2 });
  await set(
    b,
    1,
    profile(16, { chargingProfilePurpose: "TxProfile" }, {
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }, { startPeriod: 100, limit: 10 }],
    }),
  );
  const schedule = async (request: object) =>
    (await b.call("GetCompositeSchedule", request)).chargingSchedule.chargingSchedulePeriod;
  assertEquals(await schedule({ connectorId: 1, duration: 300 }), [
    { startPeriod: 0, limit: 16, numberPhases: 3 },
    { startPeriod: 100, limit: 10, numberPhases: 3 },
  ]);
  assertEquals(await schedule({ connectorId: 0, duration: 300, chargingRateUnit: "W" }), [
    { startPeriod: 0, limit: 48 * 690, numberPhases: 3 },
    { startPeriod: 100, limit: 42 * 690, numberPhases: 3 },
  ]);
  assertEquals((await b.call("GetCompositeSchedule", { connectorId: 5, duration: 300 })).status, "Rejected");
});

Deno.test("minChargingRate: a connector whose share is less waits until there is more", async () => {
  await using b = await charging({ connectors: 2 });
  b.sim.plugIn(2, car);
  await b.sim.presentTag("OTHER", 2);
  await b.clock.settle();
  await set(b, 0, profile(32, {}, { minChargingRate: 10 }));
  const max = { chargingProfileId: 2, chargingProfilePurpose: "ChargePointMaxProfile" };
  const most = (limit: number) => set(b, 0, profile(limit, { ...max, chargingProfileKind: "Absolute" }));
  await most(16);
  assertEquals([b.sim.status(1), b.sim.status(2)], ["Charging", "SuspendedEVSE"]);
  assertAlmostEquals(await flow(b, 36), 16 * 230 * 3 / 100, 0.1);
  await most(20);
  assertEquals([b.sim.status(1), b.sim.status(2)], ["Charging", "Charging"]);
  assertAlmostEquals(await flow(b, 36, 2), 10 * 230 * 3 / 100, 0.1);
  await most(16);
  b.sim.stopSession(1);
  await b.clock.settle();
  assertAlmostEquals(await flow(b, 36, 2), 16 * 230 * 3 / 100, 0.1);
});
