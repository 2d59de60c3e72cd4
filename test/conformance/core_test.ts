// Core: charging (OCA's compliance cases TC_001 to TC_007, TC_023, TC_024, TC_032 to TC_039, TC_064).
import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { cases, time } from "../kit/site.ts";

cases("Core: charging", {}, (it) => {
  it("a cold boot is Accepted, and Heartbeat tells the time (TC_001)", async (site) => {
    await using charger = await site.charger();
    const { status, interval, currentTime } = charger.booted;
    assertEquals(status, "Accepted");
    assert(Number.isInteger(interval) && interval > 0);
    assertMatch(currentTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/);
    for (const connectorId of [0, 1, 2]) await charger.status(connectorId, "Available");
    const heartbeat = await charger.call("Heartbeat");
    assertEquals(Object.keys(heartbeat), ["currentTime"]);
    const { connectors, registration, vendor } = await charger.view();
    assertEquals([registration, vendor], ["Accepted", "Vendor"]);
    assertEquals(connectors.map((each: { status: string }) => each.status), Array(3).fill("Available"));
  });

  it("a session: plug in, identify, charge (TC_003)", async (site) => {
    await using charger = await site.charger();
    const tag = await site.tag();
    await charger.status(1, "Preparing");
    assertEquals(await charger.authorize(tag), { idTagInfo: { status: "Accepted" } });
    const { idTagInfo, transactionId } = await charger.start(tag);
    await charger.status(1, "Charging");
    assertEquals(idTagInfo, { status: "Accepted" });
    assertGreater(transactionId, 0);
    const { status, transaction_id } = await charger.connector(1);
    assertEquals([status, transaction_id], ["Charging", transactionId]);
  });

  it("a session: identify first, then plug in (TC_004_1)", async (site) => {
    await using charger = await site.charger();
    const tag = await site.tag();
    assertEquals((await charger.authorize(tag)).idTagInfo.status, "Accepted");
    await charger.status(1, "Preparing");
    const transaction_id = await charger.charge(tag);
    assertEquals((await charger.view()).transaction.transaction_id, transaction_id);
  });

  it("identified, but no car comes: no session (TC_004_2)", async (site) => {
    await using charger = await site.charger();
    const tag = await site.tag();
    assertEquals((await charger.authorize(tag)).idTagInfo.status, "Accepted");
    await charger.status(1, "Preparing");
    await charger.status(1, "Available");
    assertEquals(await site.transactionsOf(charger.charger_id), []);
    assertEquals((await charger.connector(1)).status, "Available");
  });

  it("the car is unplugged: StopTransaction with EVDisconnected ends the session (TC_005_1)", async (site) => {
    await using charger = await site.charger();
    const id = await charger.charge(await site.tag());
    await charger.status(1, "SuspendedEV");
    assertEquals(await charger.stop(id, { reason: "EVDisconnected" }), {});
    await charger.status(1, "Finishing");
    await charger.status(1, "Available");
    const { state, stop_reason, energy_wh, flags } = await site.transaction(id);
    assertEquals([state, stop_reason, energy_wh, flags], ["completed", "EVDisconnected", 1000, []]);
  });

  it("a cached tag starts without Authorize (TC_007)", async (site) => {
    await using charger = await site.charger();
    await charger.status(1, "Preparing");
    assertGreater(await charger.charge(await site.tag()), 0);
  });

  it("Authorize of an unknown tag is Invalid (TC_023_1)", async (site) => {
    await using charger = await site.charger();
    assertEquals(await charger.authorize("NOBODY"), { idTagInfo: { status: "Invalid" } });
  });

  it("Authorize of an expired tag is Expired (TC_023_2)", async (site) => {
    await using charger = await site.charger();
    const tag = await site.tag({ expires_at: time(-60) });
    assertEquals((await charger.authorize(tag)).idTagInfo.status, "Expired");
  });

  it("Authorize of a blocked tag is Blocked (TC_023_3)", async (site) => {
    await using charger = await site.charger();
    const tag = await site.tag({ allowed: false });
    assertEquals(await charger.authorize(tag), { idTagInfo: { status: "Blocked" } });
  });

  it("a connector lock that fails is visible (TC_024)", async (site) => {
    await using charger = await site.charger();
    await charger.status(1, "Preparing");
    await charger.status(1, "Faulted", { errorCode: "ConnectorLockFailure" });
    const { status, error_code } = await charger.connector(1);
    assertEquals([status, error_code], ["Faulted", "ConnectorLockFailure"]);
    assertEquals(await site.transactionsOf(charger.charger_id), []);
  });

  it("power loss during a session: after the boot, StopTransaction with PowerLoss ends it once (TC_032_1)", async (site) => {
    await using charger = await site.charger();
    const id = await charger.charge(await site.tag());
    await charger.wire.drop();
    await using back = await charger.again();
    assertEquals((await back.boot()).status, "Accepted");
    assertEquals((await site.transaction(id)).state, "active", "a boot alone ends nothing");
    for (const [connector, status] of [[0, "Available"], [1, "Finishing"], [2, "Available"]] as const) {
      await back.status(connector, status);
    }
    assertEquals(await back.stop(id, { reason: "PowerLoss", meterStop: 1700 }), {});
    const all = await site.transactionsOf(charger.charger_id);
    assertEquals(
      all.map(({ state, stop_reason, energy_wh, flags }) => [state, stop_reason, energy_wh, flags]),
      [
        ["completed", "PowerLoss", 700, []],
      ],
    );
  });

  it("an offline start of four hours ago with a valid tag is Accepted (TC_037_1)", async (site) => {
    await using charger = await site.charger();
    const tag = await site.tag();
    await charger.wire.drop();
    await using back = await charger.again();
    const timestamp = time(-240);
    const { idTagInfo, transactionId } = await back.start(tag, { timestamp });
    assertEquals(idTagInfo.status, "Accepted");
    await back.status(1, "Charging");
    const { start_time, start_received, state } = await site.transaction(transactionId);
    assertEquals([start_time, state], [timestamp, "active"]);
    assert(Date.parse(start_received) - Date.parse(start_time) >= 4 * 3_600_000);
  });

  it("an offline start with an invalid tag is Invalid and has an id all the same (TC_037_3)", async (site) => {
    await using charger = await site.charger();
    const { idTagInfo, transactionId } = await charger.start("NOBODY", { timestamp: time(-240) });
    assertEquals(idTagInfo, { status: "Invalid" });
    assertGreater(transactionId, 0);
    await charger.status(1, "Charging");
    assertEquals(await charger.stop(transactionId, { reason: "DeAuthorized" }), {});
    await charger.status(1, "Finishing");
    const { state, stop_reason, id_tag_status } = await site.transaction(transactionId);
    assertEquals([state, stop_reason, id_tag_status], ["completed", "DeAuthorized", "Invalid"]);
  });

  it("a session that was offline altogether keeps the charger's times (TC_039)", async (site) => {
    await using charger = await site.charger();
    const [start, stop] = [time(-240), time(-180)];
    const { idTagInfo, transactionId } = await charger.start(await site.tag(), { timestamp: start });
    assertEquals(idTagInfo.status, "Accepted");
    assertEquals(await charger.stop(transactionId, { timestamp: stop, reason: "Local" }), {});
    const { state, start_time, stop_time, stop_reason } = await site.transaction(transactionId);
    assertEquals([state, start_time, stop_time, stop_reason], ["completed", start, stop, "Local"]);
  });

  it("DataTransfer of an unknown vendor is UnknownVendorId, without data (TC_064)", async (site) => {
    await using charger = await site.charger();
    const request = { vendorId: "com.example.unknown", messageId: "Hello", data: "x" };
    assertEquals(await charger.call("DataTransfer", request), { status: "UnknownVendorId" });
  });
});
