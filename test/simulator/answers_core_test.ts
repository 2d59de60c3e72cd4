import { assertEquals, assertGreater, assertRejects } from "@std/assert";
import { CORE_KEYS } from "../kit/core_keys.ts";
import { OcppError } from "../../src/ocpp/error.ts";
import { simulatedCharger } from "../kit/simulated_charger.ts";

Deno.test("RemoteStartTransaction authorizes, waits for a car and starts; RemoteStopTransaction stops", async () => {
  await using b = await simulatedCharger();
  assertEquals(await b.call("RemoteStartTransaction", { idTag: "T", connectorId: 1 }), {
    status: "Accepted",
  });
  assertEquals(b.newMessages(), ["Authorize", "1 Preparing"]);
  b.sim.plugIn(1);
  await b.clock.settle();
  assertEquals(b.newMessages(), ["StartTransaction", "1 Charging"]);
  assertEquals(await b.call("RemoteStopTransaction", { transactionId: 99 }), { status: "Rejected" });
  assertEquals(await b.call("RemoteStopTransaction", { transactionId: 1 }), { status: "Accepted" });
  assertEquals(b.newMessages(), ["StopTransaction", "1 Finishing"]);
  assertEquals(b.central.of("StopTransaction")[0].reason, "Remote");
  b.sim.unplug(1);
  await b.clock.settle();
  assertEquals(b.newMessages(), ["1 Available"]);
});

Deno.test("RemoteStartTransaction expires when no car is plugged in within ConnectionTimeOut", async () => {
  await using b = await simulatedCharger({ configuration: { ConnectionTimeOut: "30" } });
  await b.call("RemoteStartTransaction", { idTag: "T" });
  await b.clock.advance(30_000);
  assertEquals(b.newMessages(), ["Authorize", "1 Preparing", "1 Available"]);
});

Deno.test("RemoteStartTransaction is Rejected when no session can begin", async () => {
  await using b = await simulatedCharger({ connectors: 2 });
  await b.charge(1);
  assertEquals(await b.call("RemoteStartTransaction", { idTag: "T", connectorId: 1 }), {
    status: "Rejected",
  });
  assertEquals(await b.call("RemoteStartTransaction", { idTag: "T", connectorId: 7 }), {
    status: "Rejected",
  });
  assertEquals(await b.call("RemoteStartTransaction", { idTag: "T" }), { status: "Accepted" });
  assertEquals(b.sim.status(2), "Preparing");
});

Deno.test("Reset Soft ends the session with SoftReset, reports it, reconnects and boots", async () => {
  await using b = await simulatedCharger();
  await b.charge();
  assertEquals(await b.call("Reset", { type: "Soft" }), { status: "Accepted" });
  await b.clock.advance(3_000);
  await b.sim.accepted;
  await b.clock.settle();
  assertEquals(b.newMessages(), [
    "StopTransaction",
    "1 Finishing",
    "BootNotification",
    "0 Available",
    "1 Finishing",
  ]);
  assertEquals(b.central.of("StopTransaction")[0].reason, "SoftReset");
});

Deno.test("Reset Hard drops the connection at once and stops the session after it has booted", async () => {
  await using b = await simulatedCharger();
  await b.charge();
  await b.call("Reset", { type: "Hard" });
  await b.clock.advance(3_000);
  await b.sim.accepted;
  await b.clock.settle();
  assertEquals(b.newMessages(), ["BootNotification", "0 Available", "1 Finishing", "StopTransaction"]);
  assertEquals(b.central.of("StopTransaction")[0].reason, "HardReset");
});

Deno.test("a Reset that fails is repeated ResetRetries times and then given up", async () => {
  for (const [retries, resets] of [["0", 4], ["1", 2], ["3", 1]] as const) {
    await using b = await simulatedCharger({ reset_failures: 3, configuration: { ResetRetries: retries } });
    const warnings: string[] = [];
    b.sim.subscribe((event) => event.type === "warning" && warnings.push(event.message));
    for (let count = 1; count <= resets; count++) {
      assertEquals(b.newMessages(), []);
      assertEquals(await b.call("Reset", { type: "Soft" }), { status: "Accepted" });
      await b.clock.advance(3_000);
    }
    await b.sim.accepted;
    await b.clock.settle();
    assertEquals(b.newMessages()[0], "BootNotification");
    assertEquals(warnings, Array(resets - 1).fill("The reset has failed"));
  }
});

Deno.test("ChangeAvailability is deferred to the end of a session and survives a reset", async () => {
  await using b = await simulatedCharger({ connectors: 2 });
  await b.charge(1);
  const inoperative = { connectorId: 0, type: "Inoperative" };
  assertEquals(await b.call("ChangeAvailability", inoperative), { status: "Scheduled" });
  assertEquals(b.newMessages(), ["0 Unavailable", "2 Unavailable"]);
  b.sim.unplug(1);
  await b.clock.settle();
  assertEquals(b.newMessages(), ["StopTransaction", "1 Finishing", "1 Unavailable"]);
  await b.call("Reset", { type: "Soft" });
  await b.clock.advance(3_000);
  await b.sim.accepted;
  await b.clock.settle();
  assertEquals(b.newMessages(), ["BootNotification", "0 Unavailable", "1 Unavailable", "2 Unavailable"]);
  assertEquals(await b.call("ChangeAvailability", { connectorId: 1, type: "Operative" }), {
    status: "Accepted",
  });
  assertEquals(await b.call("ChangeAvailability", { connectorId: 9, type: "Operative" }), {
    status: "Rejected",
  });
  assertEquals(b.newMessages(), ["1 Available"]);
});

Deno.test("UnlockConnector ends the session; an unknown connector is NotSupported", async () => {
  await using b = await simulatedCharger();
  await b.charge();
  assertEquals(await b.call("UnlockConnector", { connectorId: 2 }), { status: "NotSupported" });
  assertEquals(await b.call("UnlockConnector", { connectorId: 1 }), { status: "Unlocked" });
  assertEquals(b.central.of("StopTransaction")[0].reason, "UnlockCommand");
});

Deno.test("GetConfiguration returns all keys, or the requested and the unknown ones", async () => {
  await using b = await simulatedCharger({ connectors: 2 });
  const { configurationKey: all } = await b.call("GetConfiguration");
  for (const key of CORE_KEYS) {
    assertEquals(all.some((entry: { key: string }) => entry.key === key), true, key);
  }
  assertEquals(
    await b.call("GetConfiguration", { key: ["numberofconnectors", "Nope", "AuthorizationKey"] }),
    {
      configurationKey: [{ key: "NumberOfConnectors", readonly: true, value: "2" }, {
        key: "AuthorizationKey",
        readonly: false,
      }],
      unknownKey: ["Nope"],
    },
  );
});

Deno.test("ChangeConfiguration accepts valid values only", async () => {
  await using b = await simulatedCharger();
  const change = async (key: string, value: string) =>
    (await b.call("ChangeConfiguration", { key, value })).status;
  assertEquals(await change("MeterValueSampleInterval", "30"), "Accepted");
  assertEquals(await change("MeterValueSampleInterval", "-1"), "Rejected");
  assertEquals(await change("NumberOfConnectors", "3"), "Rejected");
  assertEquals(await change("StopTransactionOnInvalidId", "maybe"), "Rejected");
  assertEquals(await change("MeterValuesSampledData", "Voltage,Nonsense"), "Rejected");
  assertEquals(await change("ConnectorPhaseRotation", "0.NotApplicable,1.RST"), "RebootRequired");
  assertEquals(await change("Nope", "1"), "NotSupported");
  assertEquals(await change("HeartbeatInterval", "10"), "Accepted");
  b.newMessages();
  await b.clock.advance(20_000);
  assertEquals(b.newMessages(), ["Heartbeat", "Heartbeat"]);
});

Deno.test("TriggerMessage sends the requested message after its answer", async () => {
  await using b = await simulatedCharger();
  await b.charge();
  const trigger = async (requestedMessage: string, connectorId?: number) =>
    (await b.call("TriggerMessage", { requestedMessage, ...(connectorId ? { connectorId } : {}) })).status;
  assertEquals(await trigger("MeterValues", 1), "Accepted");
  assertEquals(await trigger("Heartbeat"), "Accepted");
  assertEquals(await trigger("StatusNotification", 1), "Accepted");
  assertEquals(await trigger("StatusNotification", 4), "Rejected");
  assertEquals(await trigger("BootNotification"), "Rejected");
  assertEquals(b.newMessages(), ["MeterValues", "Heartbeat", "1 Charging"]);
  const [{ transactionId, meterValue }] = b.central.of("MeterValues");
  assertEquals([transactionId, meterValue[0].sampledValue[0].context], [1, "Trigger"]);
});

Deno.test("an unknown or invalid CALL gets a CALLERROR", async () => {
  await using b = await simulatedCharger();
  const unknown = await assertRejects(() => b.call("Levitate"), OcppError);
  assertEquals(unknown.code, "NotImplemented");
  assertEquals((await assertRejects(() => b.call("toString"), OcppError)).code, "NotImplemented");
  const invalid = await assertRejects(() => b.call("Reset", { type: "Warm" }), OcppError);
  assertEquals(invalid.code, "PropertyConstraintViolation");
  assertEquals((await assertRejects(() => b.call("Reset"), OcppError)).code, "OccurenceConstraintViolation");
  assertEquals(await b.call("ClearCache"), { status: "Accepted" });
  assertEquals(await b.call("DataTransfer", { vendorId: "x" }), { status: "UnknownVendorId" });
});

Deno.test("ChargePointSimulator.answer replaces an answer, also by a CALLERROR", async () => {
  await using b = await simulatedCharger();
  const restore = b.sim.answer("Reset", () => ({ status: "Rejected" }));
  b.sim.answer("ClearCache", () => {
    throw new OcppError("GenericError", "not today");
  });
  assertEquals(await b.call("Reset", { type: "Hard" }), { status: "Rejected" });
  await assertRejects(() => b.call("ClearCache"), OcppError, "not today");
  restore();
  assertEquals(await b.call("Reset", { type: "Soft" }), { status: "Accepted" });
});

Deno.test("GetConfiguration refuses more names than GetConfigurationMaxKeys", async () => {
  await using b = await simulatedCharger({ configuration: { GetConfigurationMaxKeys: "2" } });
  const ask = (key: string[]) => b.call("GetConfiguration", { key });
  assertEquals((await ask(["LightIntensity", "BlinkRepeat"])).configurationKey.length, 2);
  const error = await assertRejects(() => ask(["LightIntensity", "BlinkRepeat", "CpoName"]), OcppError);
  assertEquals(error.code, "OccurenceConstraintViolation");
  assertGreater((await ask([])).configurationKey.length, 40);
});

Deno.test("MinimumStatusDuration suppresses short statuses, also of connector 0", async () => {
  await using b = await simulatedCharger({ configuration: { MinimumStatusDuration: "30" } });
  const all = (type: string) => b.call("ChangeAvailability", { connectorId: 0, type });
  b.newMessages();
  await all("Inoperative");
  await b.clock.advance(20_000);
  await all("Operative");
  await b.clock.advance(60_000);
  assertEquals(b.newMessages(), []);
  await all("Inoperative");
  await b.clock.advance(31_000);
  assertEquals(b.newMessages().sort(), ["0 Unavailable", "1 Unavailable"]);
});
