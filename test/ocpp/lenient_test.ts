import { assertEquals, assertThrows } from "@std/assert";
import type { TSchema } from "typebox";
import * as authorize from "../../src/v16/authorize.ts";
import * as boot from "../../src/v16/boot_notification.ts";
import * as configuration from "../../src/v16/get_configuration.ts";
import * as meter from "../../src/v16/meter_values.ts";
import * as start from "../../src/v16/start_transaction.ts";
import * as status from "../../src/v16/status_notification.ts";
import * as stop from "../../src/v16/stop_transaction.ts";
import { OcppError } from "../../src/ocpp/error.ts";
import { LENIENT_RULES as rules } from "../../src/v16/lenient_rules.ts";
import { readLeniently } from "../../src/ocpp/lenient.ts";
import { checkerOf } from "../../src/ocpp/schema.ts";

/** Returns the payload of a frame as it is read leniently. */
function read(schema: TSchema, frame: string): unknown {
  const [, , action, payload] = JSON.parse(frame);
  return readLeniently(payload, { action, checker: checkerOf(schema), rules }).payload;
}

function codeOf(schema: TSchema, frame: string): string {
  return assertThrows(() => read(schema, frame), OcppError).code;
}

Deno.test("readLeniently gives a valid payload back as it is", () => {
  const payload = { idTag: "A" };
  assertEquals(
    readLeniently(payload, { action: "Authorize", checker: checkerOf(authorize.request), rules }),
    { payload, forgiven: [] },
  );
});

Deno.test("readLeniently drops unknown fields (Q30)", () => {
  assertEquals(
    read(authorize.request, '[2,"1","Authorize",{"idTag":"A","connectorId":1,"__proto__":{"polluted":1}}]'),
    { idTag: "A" },
  );
  assertEquals(({} as { polluted?: number }).polluted, undefined);
});

Deno.test("readLeniently keeps overlong serial numbers whole (Q11), but not a megabyte (A13)", () => {
  const serial = "S".repeat(34);
  const frame =
    `[2,"1","BootNotification",{"chargePointVendor":"","chargePointModel":"M","chargePointSerialNumber":"${serial}"}]`;
  assertEquals((read(boot.request, frame) as boot.Boot).chargePointSerialNumber, serial);
  const huge = `[2,"1","BootNotification",{"chargePointVendor":"${
    "V".repeat(1_000_000)
  }","chargePointModel":"M"}]`;
  assertEquals(codeOf(boot.request, huge), "PropertyConstraintViolation");
});

Deno.test("readLeniently names the right code", () => {
  assertEquals(
    codeOf(boot.request, '[2,"1","BootNotification",{"chargePointVendor":"V"}]'),
    "OccurenceConstraintViolation",
  );
  assertEquals(codeOf(boot.request, '[2,"1","BootNotification",[]]'), "TypeConstraintViolation");
  assertEquals(
    codeOf(boot.request, '[2,"1","BootNotification",{"chargePointVendor":{},"chargePointModel":"M"}]'),
    "TypeConstraintViolation",
  );
  assertEquals(
    codeOf(authorize.request, `[2,"1","Authorize",{"idTag":"${"x".repeat(21)}"}]`),
    "PropertyConstraintViolation",
  );
  const nested = `[2,"1","Authorize",{"idTag":${"[".repeat(40)}${"]".repeat(40)}}]`;
  assertEquals(codeOf(authorize.request, nested), "FormationViolation");
});

Deno.test("readLeniently keeps error codes that OCPP does not know (Q12), and the status of OCPP 1.5 (X18)", () => {
  const frame = '[2,"1","StatusNotification",{"connectorId":1,"errorCode":"Error","status":"Occupied"}]';
  assertEquals(read(status.request, frame), { connectorId: 1, errorCode: "Error", status: "Occupied" });
  const cased = '[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"suspendedEv"}]';
  assertEquals((read(status.request, cased) as { status: string }).status, "SuspendedEV");
  const bogus = '[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Bogus"}]';
  assertEquals(codeOf(status.request, bogus), "PropertyConstraintViolation");
});

Deno.test("readLeniently turns numbers into text and text into numbers (Q25)", () => {
  const frame =
    '[2,"1","MeterValues",{"connectorId":"1","transactionId":null,"meterValue":[{"timestamp":"2026-01-01T00:00:00Z","sampledValue":[{"value":1.5}]}]}]';
  const expected = {
    connectorId: 1,
    meterValue: [{ timestamp: "2026-01-01T00:00:00Z", sampledValue: [{ value: "1.5" }] }],
  };
  assertEquals(read(meter.request, frame), expected);
});

Deno.test("readLeniently keeps empty samples, odd units, odd times and huge ids in MeterValues (Q14, Q16, Q24, Q26)", () => {
  const frame =
    '[2,"1","MeterValues",{"connectorId":1,"transactionId":9223372036854775807,"meterValue":[{"timestamp":"1970","sampledValue":[]},{"timestamp":"2026-01-01T00:00:00","sampledValue":[{"value":"1","unit":"Hertz"}]}]}]';
  assertEquals(read(meter.request, frame), JSON.parse(frame)[3]);
});

Deno.test("readLeniently lets a StopTransaction pass whatever it lacks (Q35, Q36), a StartTransaction without register (E48)", () => {
  const frame = `[2,"1","StopTransaction",{"transactionId":null,"idTag":"${
    "x".repeat(21)
  }","reason":"Fritz"}]`;
  assertEquals(read(stop.request, frame), { idTag: "x".repeat(21), reason: "Fritz" });
  const begun =
    '[2,"1","StartTransaction",{"connectorId":1,"idTag":"A","meterStart":null,"timestamp":"2026-01-01T00:00:00Z"}]';
  assertEquals(read(start.request, begun), { connectorId: 1, idTag: "A", timestamp: "2026-01-01T00:00:00Z" });
  assertEquals(
    codeOf(start.request, '[2,"1","StartTransaction",{"connectorId":1,"meterStart":0,"timestamp":"x"}]'),
    "OccurenceConstraintViolation",
  );
});

Deno.test("readLeniently coerces what GetConfiguration answers (Q20)", () => {
  const frame = '[3,"1","GetConfiguration",{"configurationKey":[{"key":"K","readonly":0,"value":7}]}]';
  assertEquals(read(configuration.response, frame), {
    configurationKey: [{ key: "K", readonly: false, value: "7" }],
  });
});
