import { assertEquals } from "@std/assert";
import type { TSchema } from "typebox";
import { FROM_CHARGER } from "../../src/v16/from_charger.ts";
import { FROM_GATEWAY } from "../../src/v16/from_gateway.ts";
import { restNamesOf } from "../../src/ocpp/protocol.ts";
import { LENIENT_RULES } from "../../src/v16/lenient_rules.ts";
import { readLeniently } from "../../src/ocpp/lenient.ts";
import { checkerOf } from "../../src/ocpp/schema.ts";

Deno.test("all 28 messages of OCPP 1.6 and the 11 of the security white paper are there", () => {
  const names = new Set([...Object.keys(FROM_CHARGER), ...Object.keys(FROM_GATEWAY)]);
  assertEquals([Object.keys(FROM_CHARGER).length, Object.keys(FROM_GATEWAY).length, names.size], [
    14,
    26,
    39,
  ]);
  const names_in_rest = restNamesOf(FROM_GATEWAY);
  assertEquals(names_in_rest.get("get_installed_certificate_ids"), "GetInstalledCertificateIds");
  assertEquals(names_in_rest.get("remote_start"), "RemoteStartTransaction");
});

Deno.test("requests are checked by the letter of the spec", () => {
  const good: [keyof typeof FROM_GATEWAY, unknown][] = [
    ["CancelReservation", { reservationId: 1 }],
    ["ClearChargingProfile", {}],
    ["GetCompositeSchedule", { connectorId: 0, duration: 60, chargingRateUnit: "W" }],
    ["GetLocalListVersion", {}],
    ["CertificateSigned", { certificateChain: "PEM" }],
    ["ExtendedTriggerMessage", { requestedMessage: "SignChargePointCertificate" }],
  ];
  const bad: [keyof typeof FROM_GATEWAY, unknown][] = [
    ["CancelReservation", {}],
    ["ClearChargingProfile", { chargingProfilePurpose: "Max" }],
    ["GetCompositeSchedule", { connectorId: -1, duration: 60 }],
    ["GetLocalListVersion", { x: 1 }],
    ["CertificateSigned", { cert: "PEM" }],
    ["ExtendedTriggerMessage", { requestedMessage: "DiagnosticsStatusNotification" }],
    ["SendLocalList", { listVersion: 0, updateType: "Full" }],
    ["ReserveNow", {
      connectorId: 1,
      idTag: "x".repeat(21),
      expiryDate: "2026-06-15T12:00:00Z",
      reservationId: 1,
    }],
  ];
  const check = (name: keyof typeof FROM_GATEWAY, value: unknown) =>
    checkerOf(FROM_GATEWAY[name].request as TSchema).check(value);
  for (const [name, value] of good) assertEquals(check(name, value), true, name);
  for (const [name, value] of bad) assertEquals(check(name, value), false, name);
});

Deno.test("a composite schedule with many decimals is shown as it came", () => {
  const frame =
    '{"status":"Accepted","connectorId":1,"scheduleStart":"2026-06-15T12:00:00Z","chargingSchedule":{"chargingRateUnit":"A",' +
    '"chargingSchedulePeriod":[{"startPeriod":0,"limit":10.55}]}}';
  const checker = checkerOf(FROM_GATEWAY.GetCompositeSchedule.response);
  const expected = { action: "GetCompositeSchedule", checker, rules: LENIENT_RULES };
  assertEquals(readLeniently(JSON.parse(frame), expected).payload, JSON.parse(frame));
});
