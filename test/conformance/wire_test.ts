// Messages that are wrong (abuse A01 to A13, A15, A16): one socket, one gateway.
import { assert, assertEquals, assertLess } from "@std/assert";
import { ERROR_CODES } from "../../src/ocpp/error.ts";
import { abuse } from "./bystander.ts";
import { WireCharger } from "../kit/wire_charger.ts";
import { frameOf } from "../kit/raw_socket.ts";
import { cases, time } from "../kit/site.ts";

const MEGABYTE = "x".repeat(1_000_000);

/** Sends texts that get no answer, and shows it: the next frame answers the good CALL behind them. */
async function unanswered(charger: WireCharger, texts: string[]): Promise<void> {
  for (const text of texts) {
    charger.wire.sendText(text);
    await charger.call("Heartbeat");
  }
}

/** The frame that answers a text. */
// deno-lint-ignore no-explicit-any
async function answerTo(charger: WireCharger, text: string): Promise<any[]> {
  charger.wire.sendText(text);
  return await charger.wire.next();
}

cases("Wire: messages", { settings: { max_message_bytes: 2_097_152 } }, (it) => {
  abuse(it, "what is no message gets no answer; the next good CALL does (A01)", async (site) => {
    await using charger = await WireCharger.connect(site);
    await unanswered(charger, ["garbage", "{}", '"x"', "null", "[]", "[2]", "", " ", "[", "[2,"]);
  });

  abuse(it, "a payload that is missing, null, or followed by more is answered (A02, A03)", async (site) => {
    await using charger = await WireCharger.connect(site);
    for (const text of ['[2,"a","Heartbeat"]', '[2,"a","Heartbeat",null]', '[2,"a","Heartbeat",{},1]']) {
      const [type, id, payload] = await answerTo(charger, text);
      assertEquals([type, id, typeof payload.currentTime], [3, "a", "string"]);
    }
  });

  abuse(
    it,
    "unknown actions, names of Object's own, and other letter case are NotImplemented (A04, A05)",
    async (site) => {
      await using charger = await WireCharger.connect(site);
      for (const action of ["Nope", "__proto__", "constructor", "toString", "", "heartbeat", "HEARTBEAT"]) {
        assertEquals(await charger.refused(action), "NotImplemented", action);
      }
    },
  );

  abuse(it, "an id that is a number is echoed; null, empty and objects get no answer (A06)", async (site) => {
    await using charger = await WireCharger.connect(site);
    assertEquals((await charger.exchange("Heartbeat", {}, 5))[1], 5);
    const ids = ["null", '""', "{}", "[]", "true"];
    await unanswered(charger, ids.map((id) => `[2,${id},"Heartbeat",{}]`));
  });

  abuse(
    it,
    "long ids: echoed up to 255 characters, beyond without an answer, and not kept whole (A07)",
    async (site) => {
      await using charger = await WireCharger.connect(site);
      for (const length of [37, 255]) {
        const id = "i".repeat(length);
        assertEquals((await charger.exchange("Heartbeat", {}, id))[1], id);
      }
      const ids = [1000, 100_000].map((length) => "i".repeat(length));
      await unanswered(charger, ids.map((id) => `[2,"${id}","Heartbeat",{}]`));
      assertLess(JSON.stringify((await charger.view()).log).length, 100_000);
    },
  );

  abuse(
    it,
    "unknown message types, and answers that nobody waits for, are ignored (A08, A09)",
    async (site) => {
      await using charger = await WireCharger.connect(site);
      await unanswered(
        charger,
        ["0", "5", "6", '"2"', "2.5", "null"].map((type) => `[${type},"a","Heartbeat",{}]`),
      );
      await unanswered(charger, ['[3,"zz",{}]', '[4,"zz","GenericError","",{}]', '[3,"zz"]', '[4,"zz"]']);
    },
  );

  const nonsense: [string, unknown][] = [
    ["an unknown status", { status: "Foo" }],
    ["no status", {}],
    ["an array", []],
    ["a text", "Accepted"],
    ["a number for the status", { status: 5 }],
  ];
  for (const [what, payload] of nonsense) {
    abuse(
      it,
      `an answer with ${what}: 502 with the raw answer, and no CALLERROR to the charger (A10)`,
      async (site) => {
        await using charger = await site.charger();
        const asked = site.command(charger.charger_id, "clear_cache");
        charger.wire.send([3, (await charger.next("ClearCache")).id, payload]);
        const { status, body } = await asked;
        assertEquals([status, body.code, body.details], [502, "InvalidResponse", payload]);
        await charger.assertSilent();
      },
    );
  }

  abuse(it, "__proto__ and constructor as keys pollute nothing (A11)", async (site) => {
    await using charger = await WireCharger.connect(site);
    const evil = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';
    const boot = `"chargePointVendor":"V","chargePointModel":"M",${evil}`;
    assertEquals((await answerTo(charger, `[2,"a","BootNotification",{${boot}}]`))[2].status, "Accepted");
    const transfer = await answerTo(
      charger,
      `[2,"b","DataTransfer",{"vendorId":"V","data":{${evil}},${evil}}]`,
    );
    assertEquals(transfer[2], { status: "UnknownVendorId" });
    await answerTo(
      charger,
      `[2,"c","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available",${evil}}]`,
    );
    const path = `/ocpp/chargers/${charger.charger_id}/`;
    await site.rest("PATCH", path, JSON.parse(`{"config":{${evil}}}`));
    assertEquals(({} as { polluted?: number }).polluted, undefined);
    assertEquals((await charger.view()).polluted, undefined);
  });

  for (const depth of [10_000, 200_000]) {
    abuse(it, `nesting of ${depth} is refused or answered, and breaks nothing (A12)`, async (site) => {
      await using charger = await site.charger();
      const deep = "[".repeat(depth) + "]".repeat(depth);
      const frames = [
        `[2,"a","Heartbeat",{"x":${deep}}]`,
        `[2,"a","BootNotification",{"chargePointVendor":"V","chargePointModel":"M","x":${deep}}]`,
        `[2,"a","MeterValues",{"connectorId":1,"meterValue":${deep}}]`,
        `[2,"a","DataTransfer",{"vendorId":"V","data":${deep}}]`,
        `[2,"a","Authorize",${deep}]`,
      ];
      for (const frame of frames) {
        const [type, id, code] = await answerTo(charger, frame);
        assertEquals(id, "a");
        assert(type === 3 || ERROR_CODES.includes(code), `${frame.slice(0, 30)}: ${code}`);
      }
      await unanswered(charger, [deep, `[2,${deep},"Heartbeat",{}]`]);
      const asked = site.command(charger.charger_id, "data_transfer", { vendorId: "V" });
      const { id } = await charger.next("DataTransfer");
      charger.wire.sendText(`[3,"${id}",{"status":"Accepted","data":${deep},"x":${deep}}]`);
      assert([200, 502].includes((await asked).status));
      await charger.assertSilent();
      assertEquals((await site.rest("GET", charger.path)).status, 200);
    });
  }

  abuse(it, "a megabyte of text in a field is refused, and not kept (A13)", async (site) => {
    await using charger = await WireCharger.connect(site);
    const session = { connectorId: 1, meterStart: 0, timestamp: time() };
    const report = { connectorId: 1, errorCode: "NoError", status: "Available" };
    const calls: [string, object][] = [
      ["BootNotification", { chargePointVendor: MEGABYTE, chargePointModel: "M" }],
      ["Authorize", { idTag: MEGABYTE }],
      ["StartTransaction", { ...session, idTag: MEGABYTE }],
      ["StatusNotification", { ...report, info: MEGABYTE }],
      ["StatusNotification", { ...report, vendorErrorCode: MEGABYTE }],
      ["MeterValues", {
        connectorId: 1,
        meterValue: [{ timestamp: time(), sampledValue: [{ value: MEGABYTE }] }],
      }],
    ];
    for (const [action, payload] of calls) {
      assertEquals(await charger.refused(action, payload), "PropertyConstraintViolation", action);
    }
    assertLess(JSON.stringify(await charger.view()).length, 2_100_000);
  });

  abuse(it, "fields that OCPP does not know are not kept, however long (A13)", async (site) => {
    await using charger = await WireCharger.connect(site);
    const boot = { chargePointVendor: "V", chargePointModel: "M", serial: MEGABYTE };
    assertEquals((await charger.call("BootNotification", boot)).status, "Accepted");
    await charger.status(1, "Available", { nonsense: MEGABYTE });
  });

  abuse(it, "a binary frame closes the socket with 1003 (A15)", async (site) => {
    await using charger = await WireCharger.connect(site);
    charger.wire.sendBinary(new TextEncoder().encode('[2,"1","Heartbeat",{}]'));
    assertEquals((await charger.wire.closed).code, 1003);
  });

  abuse(it, "text that is no UTF-8 closes the socket (A16)", async (site) => {
    await using charger = await WireCharger.connect(site);
    charger.wire.sendBytes(frameOf(new Uint8Array([0x5b, 0xff, 0xfe, 0x5d])));
    const { code } = await charger.wire.closed;
    assert(code === 1007 || code === 1006, `closed with ${code}`);
  });
});
