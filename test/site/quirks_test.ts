import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { isTimeZone, zoneMinutes } from "../../src/site/quirks.ts";
import { reportedTime } from "../../src/site/reported_time.ts";
import { TestCharger } from "../kit/charger.ts";

async function since(charger: TestCharger, timestamp: string): Promise<string | undefined> {
  await charger.receive(
    `[2,"1","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Charging","timestamp":"${timestamp}"}]`,
  );
  return charger.record.connectors[0]?.since;
}

Deno.test("A stamp without zone is UTC, or in the charger's zone (Q15)", async () => {
  const cases: [number | string, string, string][] = [
    [0, "2026-06-15T11:00:00", "2026-06-15T11:00:00.000Z"],
    [120, "2026-06-15T11:00:00", "2026-06-15T09:00:00.000Z"],
    ["Europe/Berlin", "2026-06-15T11:00:00", "2026-06-15T09:00:00.000Z"],
    ["Europe/Berlin", "2026-01-15T11:00:00", "2026-01-15T10:00:00.000Z"],
    ["Europe/Berlin", "2026-06-15T11:00:00Z", "2026-06-15T11:00:00.000Z"],
    ["Europe/Berlin", "2026-06-15T11:00:00+04", "2026-06-15T07:00:00.000Z"],
  ];
  for (const [time_zone, stamp, expected] of cases) {
    await using charger = await TestCharger.make({ quirks: { time_zone } });
    assertEquals(await since(charger, stamp), expected, stamp);
  }
});

Deno.test("zoneMinutes is right on both sides of a change of the clocks", () => {
  assertEquals(zoneMinutes("Europe/Berlin", Date.UTC(2026, 2, 29, 1, 59)), 60);
  assertEquals(zoneMinutes("Europe/Berlin", Date.UTC(2026, 2, 29, 3, 0)), 120);
  assertEquals([isTimeZone("Europe/Berlin"), isTimeZone("Mars/Base"), isTimeZone(90)], [true, false, true]);
});

Deno.test("reportedTime always gives a time, whatever the charger writes (Q14)", async () => {
  await using charger = await TestCharger.make({ quirks: { time_zone: "America/New_York" } });
  for (
    const text of [
      "1970-01-01T00:00:00Z",
      "0001-01-01T00:00:00",
      "",
      null,
      5,
      "2099-01-01T00:00:00Z",
      "0001-01-01",
    ]
  ) {
    assertEquals(reportedTime(text, charger.context), { at: charger.clock, doubtful: true }, String(text));
  }
  fc.assert(fc.property(fc.string(), (text) => Number.isFinite(reportedTime(text, charger.context).at)));
});

Deno.test("chargers' odd frames are answered (chapter 3)", async () => {
  await using charger = await TestCharger.make();
  const frames: [string, unknown][] = [
    // Q10, Q11: no vendor, a long serial number
    [
      '[2,"1","BootNotification",{"chargePointVendor":"","chargePointModel":"M","chargePointSerialNumber":"EVL0123456789012345678901234567890"}]',
      undefined,
    ],
    // Q12, Q13: an errorCode of the maker's; Faulted with NoError and info "null"
    ['[2,"2","StatusNotification",{"connectorId":1,"errorCode":"Error","status":"Faulted"}]', {}],
    [
      '[2,"3","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Faulted","info":"null"}]',
      {},
    ],
    // X18: a status of OCPP 1.5
    ['[2,"4","StatusNotification",{"connectorId":2,"errorCode":"NoError","status":"Occupied"}]', {}],
    // Q16, Q24, Q25, Q28: no transaction, no samples, a number
    [
      '[2,"5","MeterValues",{"connectorId":1,"transactionId":9223372036854775807,"meterValue":[{"timestamp":"2026-06-15T12:00:00Z","sampledValue":[]}]}]',
      {},
    ],
    [
      '[2,"6","MeterValues",{"connectorId":1,"transactionId":-1,"meterValue":[{"timestamp":"2026-06-15T12:00:00Z","sampledValue":[{"value":5}]}]}]',
      {},
    ],
    // Q26: words of the maker's
    [
      '[2,"7","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-06-15T12:00:00Z","sampledValue":[{"value":"5","unit":"Celcius","measurand":"Current.import"}]}]}]',
      {},
    ],
    // Q34, Q35: a transaction that never was
    [
      '[2,"8","StopTransaction",{"transactionId":-1,"meterStop":9500,"timestamp":"2026-06-15T12:00:00Z"}]',
      {},
    ],
    // Q36: an idTag of 21 characters
    [
      '[2,"9","StopTransaction",{"transactionId":0,"meterStop":1,"timestamp":"2026-06-15T12:00:01Z","idTag":"123456789012345678901"}]',
      { idTagInfo: { status: "Invalid" } },
    ],
    // a status that came with a later edition of the white paper
    ['[2,"10","LogStatusNotification",{"status":"AcceptedCanceled","requestId":1}]', {}],
    // DataTransfer with any JSON as data
    ['[2,"11","DataTransfer",{"vendorId":"X","messageId":"m","data":{"a":[1]}}]', {
      status: "UnknownVendorId",
    }],
  ];
  for (const [frame, expected] of frames) {
    const answer = await charger.receive(frame);
    if (expected !== undefined) assertEquals(answer, expected as Record<string, unknown>, frame);
  }
  assertEquals(charger.record.serial_number?.length, 34);
  assertEquals(charger.record.connectors.map(({ status }) => status), ["Faulted", "Occupied"]);
});
