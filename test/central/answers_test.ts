// Answers of chargers to commands: OCA's schemas decide what is an answer, and REST hands it over.
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { TSchema } from "typebox";
import { OcppError } from "../../src/ocpp/error.ts";
import { readLeniently } from "../../src/ocpp/lenient.ts";
import { checkerOf } from "../../src/ocpp/schema.ts";
import { RawClient } from "../../src/ocpp/client/raw_client.ts";
import { FROM_GATEWAY } from "../../src/v16/from_gateway.ts";
import { LENIENT_RULES } from "../../src/v16/lenient_rules.ts";
import { startTestGateway } from "../kit/gateway.ts";
import { officialSchema, payloadsOf } from "../kit/schemas.ts";

const BOOT = { chargePointVendor: "V", chargePointModel: "M" };

/** A gateway with a charger that answers a command by a frame without its id, such as `[3, payload]`. */
async function chargerSite() {
  const site = await startTestGateway();
  const charger = await RawClient.connect(site.ws_url, { path: "CP1" });
  await charger.call("BootNotification", BOOT);
  return {
    site,
    charger,
    async command(body: Record<string, unknown>, [type, ...rest]: unknown[]) {
      const asked = site.rest("POST", "/ocpp/chargers/CP1/action/", body);
      const sent = await charger.next();
      charger.send([type, sent[1], ...rest]);
      return { sent: sent[3], ...await asked };
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await charger.drop();
      await site[Symbol.asyncDispose]();
    },
  };
}

const SCHEDULE = { action: "get_composite_schedule", payload: { connectorId: 1, duration: 600 } };

Deno.test("A composite schedule with limit -1, as MicroOcpp answers, is handed over with a warning", async () => {
  await using place = await chargerSite();
  const answer = {
    status: "Accepted",
    connectorId: 1,
    scheduleStart: "2026-06-15T12:00:00Z",
    chargingSchedule: {
      duration: 600,
      chargingRateUnit: "W",
      chargingSchedulePeriod: [{ startPeriod: 0, limit: -1 }],
    },
  };
  const { status, body } = await place.command(SCHEDULE, [3, answer]);
  assertEquals([status, body.response], [200, answer]);
  assertEquals(body.warnings, ["chargingSchedule.chargingSchedulePeriod.0.limit must be at least 0"]);
});

Deno.test("A composite schedule without periods, as SAP's simulator answers, is handed over with a warning", async () => {
  await using place = await chargerSite();
  const chargingSchedule = { chargingRateUnit: "A", chargingSchedulePeriod: [] };
  const answer = { status: "Accepted", connectorId: 1, chargingSchedule };
  const { status, body } = await place.command(SCHEDULE, [3, answer]);
  assertEquals([status, body.response], [200, answer]);
  assertEquals(body.warnings, ["chargingSchedule.chargingSchedulePeriod must have at least 1 item"]);
});

Deno.test("An answer without oddities has no warnings", async () => {
  await using place = await chargerSite();
  const { body } = await place.command({ action: "clear_cache" }, [3, { status: "Accepted" }]);
  assertEquals([body.status, body.warnings], ["Accepted", undefined]);
});

Deno.test("A charger's error text of many lines becomes one sentence, and the whole is in the details", async () => {
  await using place = await chargerSite();
  const text =
    "-1 is less than the minimum of 0\n\nFailed validating 'minimum' in schema:\n    {'type': 'integer'}";
  const error = [4, "PropertyConstraintViolation", text, { cause: "connectorId" }];
  const { status, body } = await place.command({ action: "clear_cache" }, error);
  assertEquals([status, body.code], [502, "PropertyConstraintViolation"]);
  assertEquals(
    body.error,
    "The charger answered PropertyConstraintViolation: -1 is less than the minimum of 0",
  );
  assertEquals((body as { details?: unknown }).details, { errorDescription: text, cause: "connectorId" });
});

Deno.test("confirm beside the payload deletes the last root certificate, as confirm inside it does", async () => {
  await using place = await chargerSite();
  const root = { hashAlgorithm: "SHA256", issuerNameHash: "ab", issuerKeyHash: "cd", serialNumber: "01" };
  const read = {
    action: "get_installed_certificate_ids",
    payload: { certificateType: "CentralSystemRootCertificate" },
  };
  await place.command(read, [3, { status: "Accepted", certificateHashData: [root] }]);
  const command = { action: "delete_certificate", payload: { certificateHashData: root } };
  assertEquals((await place.site.rest("POST", "/ocpp/chargers/CP1/action/", command)).status, 409);
  const { sent, body } = await place.command({ ...command, confirm: true }, [3, { status: "Accepted" }]);
  assertEquals([sent, body.status], [{ certificateHashData: root }, "Accepted"]);
});

Deno.test("Every answer that OCA's schema allows is read, and only a composite schedule is ever odd", () => {
  for (const [action, { response }] of Object.entries(FROM_GATEWAY)) {
    const expected = { action, checker: checkerOf(response as TSchema), rules: LENIENT_RULES };
    const official = checkerOf(officialSchema(`${action}.conf`));
    fc.assert(
      fc.property(payloadsOf(`${action}.conf`), (payload) => {
        assert(official.check(payload), JSON.stringify(official.violations(payload)[0]));
        const { payload: read, forgiven } = readLeniently(payload, expected);
        assertEquals(read, payload);
        if (action !== "GetCompositeSchedule") assertEquals(forgiven, []);
      }),
      { numRuns: 50 },
    );
  }
});

Deno.test("An answer with a status that OCA's schema does not have is refused", () => {
  for (const [action, { response }] of Object.entries(FROM_GATEWAY)) {
    const official = officialSchema(`${action}.conf`) as { required?: string[] };
    if (!official.required?.includes("status")) continue;
    const expected = { action, checker: checkerOf(response as TSchema), rules: LENIENT_RULES };
    let refused = false;
    try {
      readLeniently({ status: "Perhaps" }, expected);
    } catch (error) {
      refused = error instanceof OcppError;
    }
    assert(refused, action);
  }
});
