// Core: the operator's commands (TC_010 to TC_021, TC_026 to TC_031, TC_040, TC_061).
import { assert, assertEquals, assertGreater } from "@std/assert";
import { CORE_KEYS } from "../kit/core_keys.ts";
import { cases, type Json } from "../kit/site.ts";

/** The keys that every charger has to know (OCPP 1.6 §9.1). */
const REQUIRED_KEYS = [
  ...CORE_KEYS,
  "LocalAuthListEnabled",
  "LocalAuthListMaxLength",
  "SendLocalListMaxLength",
  "ChargeProfileMaxStackLevel",
  "ChargingScheduleAllowedChargingRateUnit",
  "ChargingScheduleMaxPeriods",
  "MaxChargingProfilesInstalled",
];

cases("Core: commands", {}, (it) => {
  it("clear cache: the charger's Accepted is shown (TC_061)", async (site) => {
    await using charger = await site.charger();
    const { action, request, status, body } = await charger.answerCommand("clear_cache", undefined, {
      status: "Accepted",
    });
    assertEquals([action, request, status, body.status], ["ClearCache", {}, 200, "Accepted"]);
  });

  it("remote start with the car plugged in (TC_010)", async (site) => {
    await using charger = await site.charger();
    const idTag = await site.tag();
    await charger.status(1, "Preparing");
    const start = { connectorId: 1, idTag };
    const obeyed = await charger.answerCommand("remote_start", start, { status: "Accepted" });
    assertEquals([obeyed.action, obeyed.request, obeyed.body.status], [
      "RemoteStartTransaction",
      start,
      "Accepted",
    ]);
    assertEquals(await charger.authorize(idTag), { idTagInfo: { status: "Accepted" } });
    assertGreater(await charger.charge(idTag), 0);
  });

  it("remote start first, then plug in (TC_011_1)", async (site) => {
    await using charger = await site.charger();
    const idTag = await site.tag();
    const { request } = await charger.answerCommand("remote_start", { idTag }, { status: "Accepted" });
    assertEquals(request, { idTag });
    assertEquals((await charger.authorize(idTag)).idTagInfo.status, "Accepted");
    await charger.status(1, "Preparing");
    assertGreater(await charger.charge(idTag), 0);
  });

  it("remote start, but no car comes: no session, and the next command goes out (TC_011_2)", async (site) => {
    await using charger = await site.charger();
    const idTag = await site.tag();
    await charger.answerCommand("remote_start", { connectorId: 1, idTag }, { status: "Accepted" });
    await charger.authorize(idTag);
    await charger.status(1, "Preparing");
    await charger.status(1, "Available");
    assertEquals(await site.transactionsOf(charger.charger_id), []);
    assertEquals((await charger.answerCommand("clear_cache", {}, { status: "Accepted" })).status, 200);
  });

  it("remote stop of the running session (TC_012)", async (site) => {
    await using charger = await site.charger();
    const transactionId = await charger.charge(await site.tag());
    const { action, request, body } = await charger.answerCommand("remote_stop", { transactionId }, {
      status: "Accepted",
    });
    assertEquals([action, request, body.status], ["RemoteStopTransaction", { transactionId }, "Accepted"]);
    assertEquals((await site.transaction(transactionId)).state, "active", "Accepted is not the end");
    assertEquals(await charger.stop(transactionId, { reason: "Remote" }), {});
    await charger.status(1, "Finishing");
    await charger.status(1, "Available");
    const { state, stop_reason } = await site.transaction(transactionId);
    assertEquals([state, stop_reason], ["completed", "Remote"]);
  });

  for (const [id, type] of [["TC_013", "Hard"], ["TC_014", "Soft"]]) {
    it(`${type} reset: the boot that follows is Accepted (${id})`, async (site) => {
      await using charger = await site.charger();
      const { action, request, body } = await charger.answerCommand("reset", { type }, {
        status: "Accepted",
      });
      assertEquals([action, request, body.status], ["Reset", { type }, "Accepted"]);
      await charger.wire.drop();
      await using back = await charger.again();
      assertEquals((await back.boot()).status, "Accepted");
    });
  }

  const unlocks = [
    ["TC_017_1", 1, "Unlocked"],
    ["TC_017_2", 1, "NotSupported"],
    ["TC_030", 1, "UnlockFailed"],
    ["TC_031", 99, "NotSupported"],
  ] as const;
  for (const [id, connectorId, status] of unlocks) {
    it(`unlock connector ${connectorId}: the charger's ${status} is shown (${id})`, async (site) => {
      await using charger = await site.charger();
      const { action, request, body } = await charger.answerCommand("unlock_connector", { connectorId }, {
        status,
      });
      assertEquals([action, request, body.status], ["UnlockConnector", { connectorId }, status]);
    });
  }

  it("unlock during a session: StopTransaction with UnlockCommand ends it (TC_018_1)", async (site) => {
    await using charger = await site.charger();
    const id = await charger.charge(await site.tag());
    const { body } = await charger.answerCommand("unlock_connector", { connectorId: 1 }, {
      status: "Unlocked",
    });
    assertEquals(body.status, "Unlocked");
    await charger.status(1, "Finishing");
    assertEquals(await charger.stop(id, { reason: "UnlockCommand" }), {});
    await charger.status(1, "Available");
    const { state, stop_reason } = await site.transaction(id);
    assertEquals([state, stop_reason], ["completed", "UnlockCommand"]);
  });

  it("get the whole configuration: the 28 required keys are kept, with readonly (TC_019_1)", async (site) => {
    await using charger = await site.charger();
    const configurationKey = REQUIRED_KEYS.map((key) => ({ key, readonly: key.includes("Max"), value: "1" }));
    const { request, body } = await charger.answerCommand("get_configuration", undefined, {
      configurationKey,
    });
    assert(request.key === undefined || request.key.length === 0);
    assertEquals(body.response, { configurationKey });
    const { keys, complete_at } = await site.get(`${charger.path}configuration/`);
    const kept = keys.map(({ key, readonly, value }: Json) => ({ key, readonly, value }));
    const byKey = (a: { key: string }, b: { key: string }) => a.key < b.key ? -1 : 1;
    assertEquals(kept.sort(byKey), configurationKey.toSorted(byKey));
    assert(complete_at !== null);
  });

  it("get one key: it alone is asked for (TC_019_2)", async (site) => {
    await using charger = await site.charger();
    const answer = { configurationKey: [{ key: "SupportedFeatureProfiles", readonly: true, value: "Core" }] };
    const key = ["SupportedFeatureProfiles"];
    const { request, body } = await charger.answerCommand("get_configuration", { key }, answer);
    assertEquals([request, body.response], [{ key }, answer]);
  });

  it("set MeterValueSampleInterval: the value is text, and mirrored when Accepted (TC_021)", async (site) => {
    await using charger = await site.charger();
    const change = { key: "MeterValueSampleInterval", value: "60" };
    const { action, request, body } = await charger.answerCommand("change_configuration", change, {
      status: "Accepted",
    });
    assertEquals([action, request, body.status], ["ChangeConfiguration", change, "Accepted"]);
    const { keys } = await site.get(`${charger.path}configuration/`);
    assertEquals(keys.map(({ key, value }: Json) => ({ key, value })), [change]);
  });

  it("remote start that the charger rejects: the operator sees Rejected (TC_026)", async (site) => {
    await using charger = await site.charger();
    const { status, body } = await charger.answerCommand("remote_start", { idTag: "ANY", connectorId: 1 }, {
      status: "Rejected",
    });
    assertEquals([status, body.status, body.response], [200, "Rejected", { status: "Rejected" }]);
  });

  it("remote stop of an unknown session is sent all the same, and Rejected shown (TC_028)", async (site) => {
    await using charger = await site.charger();
    const unknown = { transactionId: 424242 };
    const { request, body } = await charger.answerCommand("remote_stop", unknown, { status: "Rejected" });
    assertEquals([request, body.status], [unknown, "Rejected"]);
  });

  for (
    const [id, key, status] of [["TC_040_1", "NoSuchKey", "NotSupported"], [
      "TC_040_2",
      "HeartbeatInterval",
      "Rejected",
    ]]
  ) {
    it(`set ${key}: it is sent, ${status} shown, and nothing mirrored (${id})`, async (site) => {
      await using charger = await site.charger();
      const { request, body } = await charger.answerCommand("change_configuration", { key, value: "-1" }, {
        status,
      });
      assertEquals([request, body.status], [{ key, value: "-1" }, status]);
      assertEquals((await site.get(`${charger.path}configuration/`)).keys, []);
    });
  }
});
