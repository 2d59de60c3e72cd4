// Smart charging (TC_056 to TC_067; X23).
import { assert, assertEquals } from "@std/assert";
import type { WireCharger } from "../kit/wire_charger.ts";
import { cases, type Json, time } from "../kit/site.ts";

const ACCEPTED = { status: "Accepted" };

/** A profile as an operator writes it. */
function profile(more: Json = {}, schedule: Json = {}): Json {
  return {
    stackLevel: 0,
    chargingProfilePurpose: "TxDefaultProfile",
    chargingProfileKind: "Absolute",
    validFrom: time(-1),
    validTo: time(60),
    ...more,
    chargingSchedule: {
      duration: 300,
      startSchedule: time(),
      chargingRateUnit: "A",
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 6, numberPhases: 3 }],
      ...schedule,
    },
  };
}

/** A Relative TxProfile. */
function relative(): Json {
  const { validFrom: _from, validTo: _to, ...made } = profile({
    chargingProfilePurpose: "TxProfile",
    chargingProfileKind: "Relative",
  });
  delete made.chargingSchedule.startSchedule;
  return made;
}

function set(charger: WireCharger, connectorId: number, csChargingProfiles: Json) {
  return charger.answerCommand("set_charging_profile", { connectorId, csChargingProfiles }, ACCEPTED);
}

async function installed(charger: WireCharger): Promise<number[]> {
  return (await charger.list("profiles")).map((each) => each.profile.chargingProfileId);
}

cases("Smart charging", {}, (it) => {
  for (const [unit, limit] of [["A", 6], ["W", 6000]] as const) {
    it(`a central TxDefaultProfile, Absolute, in ${unit}, is sent as it was set (TC_056)`, async (site) => {
      await using charger = await site.charger();
      const period = { startPeriod: 0, limit, numberPhases: 3 };
      const wanted = profile({}, { chargingRateUnit: unit, chargingSchedulePeriod: [period] });
      const { action, request, body } = await set(charger, 1, wanted);
      const { chargingProfileId, ...sent } = request.csChargingProfiles;
      assertEquals([action, request.connectorId, body.status], ["SetChargingProfile", 1, "Accepted"]);
      assertEquals(sent, wanted);
      for (const name of ["transactionId", "recurrencyKind"]) assertEquals(name in sent, false, name);
      assertEquals(await installed(charger), [chargingProfileId]);
    });
  }

  it("a TxProfile for the running session, Absolute: our transactionId, validity and start (TC_057)", async (site) => {
    await using charger = await site.charger();
    const transactionId = await charger.charge(await site.tag());
    const wanted = profile({ chargingProfilePurpose: "TxProfile" });
    const { chargingProfileId, ...sent } = (await set(charger, 1, wanted)).request.csChargingProfiles;
    assertEquals(sent, { ...wanted, transactionId });
    assertEquals(await installed(charger), [chargingProfileId]);
    await charger.stop(transactionId);
    assertEquals(await installed(charger), [], "a TxProfile ends with its session");
  });

  it("a TxProfile for the running session, Relative: no startSchedule (TC_057)", async (site) => {
    await using charger = await site.charger();
    const transactionId = await charger.charge(await site.tag());
    const { chargingProfileId: _id, ...sent } =
      (await set(charger, 1, relative())).request.csChargingProfiles;
    assertEquals(sent, { ...relative(), transactionId });
    const absolute = {
      ...relative(),
      chargingSchedule: { ...relative().chargingSchedule, startSchedule: time() },
    };
    const payload = { connectorId: 1, csChargingProfiles: absolute };
    assertEquals((await site.command(charger.charger_id, "set_charging_profile", payload)).status, 400);
  });

  it("remote start with a profile: TxProfile without transactionId, from second 0 (TC_059)", async (site) => {
    await using charger = await site.charger();
    const idTag = await site.tag();
    const chargingProfile = { ...relative(), chargingProfileId: 590 };
    const payload = { connectorId: 1, idTag, chargingProfile };
    const { request } = await charger.answerCommand("remote_start", payload, ACCEPTED);
    assertEquals(request, payload);
    assertEquals("transactionId" in request.chargingProfile, false);
    await charger.authorize(idTag);
    await charger.charge(idTag);
    assertEquals(await installed(charger), [590]);
  });

  it("a composite schedule is shown (TC_066)", async (site) => {
    await using charger = await site.charger();
    const asked = { connectorId: 1, duration: 300, chargingRateUnit: "A" };
    const reply = {
      status: "Accepted",
      connectorId: 1,
      scheduleStart: time(),
      chargingSchedule: {
        duration: 300,
        chargingRateUnit: "A",
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
      },
    };
    const { action, request, body } = await charger.answerCommand("get_composite_schedule", asked, reply);
    assertEquals([action, request, body.response], ["GetCompositeSchedule", asked, reply]);
  });

  it("three profiles are cleared by id, by criteria, and all: three exact requests (TC_067)", async (site) => {
    await using charger = await site.charger();
    await charger.charge(await site.tag());
    await set(charger, 0, profile({ chargingProfilePurpose: "ChargePointMaxProfile" }));
    await set(charger, 1, profile());
    await set(charger, 1, profile({ chargingProfilePurpose: "TxProfile" }));
    const ids = await installed(charger);
    assertEquals(new Set(ids).size, 3);
    const criteria = { connectorId: 1, chargingProfilePurpose: "TxDefaultProfile", stackLevel: 0 };
    const filters: [Json, number[]][] = [[{ id: ids[0] }, ids.slice(1)], [criteria, ids.slice(2)], [{}, []]];
    for (const [filter, left] of filters) {
      const { action, request, body } = await charger.answerCommand(
        "clear_charging_profile",
        filter,
        ACCEPTED,
      );
      assertEquals([action, request, body.status], ["ClearChargingProfile", filter, "Accepted"]);
      assertEquals(await installed(charger), left);
    }
  });

  it("limits of one decimal pass, however floats hold them; two decimals are refused (X23)", async (site) => {
    await using charger = await site.charger();
    const limited = (limit: number) => profile({}, { chargingSchedulePeriod: [{ startPeriod: 0, limit }] });
    for (const limit of [16.1, 0.7, 32.3, 6000.0]) {
      const { csChargingProfiles } = (await set(charger, 1, limited(limit))).request;
      assertEquals(csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0].limit, limit);
    }
    const payload = { connectorId: 1, csChargingProfiles: limited(10.55) };
    const { status, body } = await site.command(charger.charger_id, "set_charging_profile", payload);
    assertEquals(status, 400);
    assert(body.error.includes("limit"), body.error);
    await charger.assertSilent();
  });
});
