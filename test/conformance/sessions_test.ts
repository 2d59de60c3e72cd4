// Sessions beyond the compliance tool (X08 to X10, X13 to X18, X21, X22).
import { assertEquals } from "@std/assert";
import { cases, type Json, time } from "../kit/site.ts";

cases("Sessions", {}, (it) => {
  it("StartTransaction twice, with another message id: the same transactionId, one session (X08)", async (site) => {
    await using charger = await site.charger();
    const tag = await site.tag();
    const timestamp = time();
    const first = await charger.start(tag, { timestamp });
    assertEquals(await charger.start(tag, { timestamp }), first);
    assertEquals((await site.transactionsOf(charger.charger_id)).length, 1);
  });

  it("StopTransaction twice: answered twice, the energy stands (X09)", async (site) => {
    await using charger = await site.charger();
    const id = await charger.charge(await site.tag());
    const timestamp = time();
    assertEquals(await charger.stop(id, { timestamp }), {});
    assertEquals(await charger.stop(id, { timestamp }), {});
    const { energy_wh, flags } = await site.transaction(id);
    assertEquals([energy_wh, flags], [1000, []]);
  });

  it("StopTransaction of ids never issued is answered, and an orphan is to be seen (X10)", async (site) => {
    await using charger = await site.charger();
    const ids = [987654, 0, -1, 2147483647];
    for (const id of ids) assertEquals(await charger.stop(id), {});
    const all = await site.transactionsOf(charger.charger_id);
    assertEquals(all.length, ids.length);
    for (const { state, energy_wh, flags } of all) {
      assertEquals([state, energy_wh, flags.includes("orphan")], ["completed", null, true]);
    }
  });

  it("two tags of one parent: one starts, the other stops (X13)", async (site) => {
    await using charger = await site.charger();
    const family = { parent_id_tag: "FAMILY13" };
    const [one, other] = [await site.tag(family), await site.tag(family)];
    const { transactionId } = await charger.start(one);
    const { idTagInfo } = await charger.stop(transactionId, { idTag: other });
    assertEquals(idTagInfo, { status: "Accepted", parentIdTag: "FAMILY13" });
    assertEquals((await site.transaction(transactionId)).state, "completed");
  });

  it("one tag on two connectors, one session a tag: ConcurrentTx, and stored all the same (X14)", async (site) => {
    await site.with({ single_transaction_per_tag: true }, async () => {
      await using charger = await site.charger();
      const tag = await site.tag();
      await charger.charge(tag);
      assertEquals((await charger.authorize(tag)).idTagInfo.status, "Accepted", "only at the start");
      const { idTagInfo, transactionId } = await charger.start(tag, { connectorId: 2 });
      assertEquals(idTagInfo.status, "ConcurrentTx");
      const { state, id_tag_status } = await site.transaction(transactionId);
      assertEquals([state, id_tag_status], ["active", "ConcurrentTx"]);
    });
  });

  it("tags compare without regard to case (X15)", async (site) => {
    await using charger = await site.charger();
    await site.ask("POST", "/ocpp/rfids/", { rfid: "AbCd1234" });
    for (const tag of ["abcd1234", "ABCD1234"]) {
      assertEquals((await charger.authorize(tag)).idTagInfo.status, "Accepted");
      assertEquals((await charger.start(tag)).idTagInfo.status, "Accepted");
    }
  });

  it("a tag that has expired meanwhile is Expired in StopTransaction.conf too (X16)", async (site) => {
    await using charger = await site.charger();
    const tag = await site.tag();
    const id = await charger.charge(tag);
    const expires_at = time(-1);
    await site.ask("PATCH", `/ocpp/rfids/${tag}/`, { expires_at });
    const { idTagInfo } = await charger.stop(id, { idTag: tag });
    assertEquals(idTagInfo.status, "Expired");
    assertEquals(
      Math.floor(Date.parse(idTagInfo.expiryDate) / 1000),
      Math.floor(Date.parse(expires_at) / 1000),
    );
    assertEquals((await site.transaction(id)).state, "completed");
  });

  it("a tag that is blocked: StartTransaction.conf says so (X17)", async (site) => {
    await using charger = await site.charger();
    const tag = await site.tag();
    await charger.charge(tag);
    await site.ask("PATCH", `/ocpp/rfids/${tag}/`, { allowed: false });
    assertEquals((await charger.start(tag, { connectorId: 2 })).idTagInfo.status, "Blocked");
    await charger.assertSilent();
  });

  it("error and recovery, connector 0, vendor's codes, and a status of OCPP 1.5 (X18)", async (site) => {
    await using charger = await site.charger();
    const fault = { errorCode: "OtherError", info: "door", vendorId: "V", vendorErrorCode: "E-42" };
    await charger.status(0, "Faulted", fault);
    await charger.status(1, "Faulted", { errorCode: "GroundFailure" });
    const { status, error_code, info, vendor_error_code } = await charger.connector(0);
    assertEquals([status, error_code, info, vendor_error_code], ["Faulted", "OtherError", "door", "E-42"]);
    await charger.status(1, "Available");
    const recovered = await charger.connector(1);
    assertEquals([recovered.status, recovered.error_code], ["Available", "NoError"]);
    await charger.status(1, "Occupied");
    assertEquals((await charger.connector(1)).status, "Occupied");
    const told = (await charger.view()).log.map(({ message }: Json) => message[3]?.status);
    assertEquals(told.filter((word: string) => word === "Faulted").length, 2, "the history is in the log");
  });

  it("an answer of more than 64 KiB, and MeterValues of more than 64 KiB, are stored whole (X21)", async (site) => {
    await using charger = await site.charger();
    const configurationKey = Array.from({ length: 300 }, (_, index) => {
      return { key: `Key${String(index).padStart(3, "0")}`, readonly: false, value: "v".repeat(300) };
    });
    const { body } = await charger.answerCommand("get_configuration", undefined, { configurationKey });
    assertEquals(body.response.configurationKey.length, 300);
    const { keys } = await site.get(`${charger.path}configuration/`);
    assertEquals([keys.length, keys[299].value.length], [300, 300]);
    const value = "9".repeat(200);
    const meterValue = [{
      timestamp: time(),
      sampledValue: Array(400).fill({ value, format: "SignedData" }),
    }];
    assertEquals(await charger.call("MeterValues", { connectorId: 1, meterValue }), {});
    const { readings } = await site.get(`${charger.path}readings/?limit=1000`);
    assertEquals([readings.length, readings[399].value], [400, value]);
  });

  it("StopTransaction with 2000 samples is answered, and each can be read (X22)", async (site) => {
    await using charger = await site.charger();
    const id = await charger.charge(await site.tag(), { timestamp: time(-60) });
    const transactionData = Array.from({ length: 2000 }, (_, second) => ({
      timestamp: time(-60 + second / 60),
      sampledValue: [{ value: String(1000 + second) }],
    }));
    assertEquals(await charger.stop(id, { transactionData, meterStop: 2999 }), {});
    const path = `${charger.path}readings/?transaction_id=${id}&limit=1000`;
    const first = await site.get(path);
    const rest = await site.get(`${path}&cursor=${encodeURIComponent(first.next)}`);
    const values = [...first.readings, ...rest.readings].map(({ value }: Json) => value);
    assertEquals(values, Array.from({ length: 2000 }, (_, second) => 1000 + second));
    assertEquals((await site.transaction(id)).energy_wh, 1999);
  });
});

cases(
  "Sessions, with a hurried clockwork",
  { hurried: true, settings: { stop_blocked_tags: true } },
  (it) => {
    it("with stop_blocked_tags a session whose tag is blocked is stopped (X17)", async (site) => {
      await using charger = await site.charger();
      const tag = await site.tag();
      const transactionId = await charger.charge(tag);
      await site.ask("PATCH", `/ocpp/rfids/${tag}/`, { allowed: false });
      const call = await charger.next("RemoteStopTransaction");
      assertEquals(call.payload, { transactionId });
      charger.answer(call, { status: "Accepted" });
      await charger.stop(transactionId, { reason: "Remote" });
      assertEquals((await site.transaction(transactionId)).state, "completed");
    });
  },
);
