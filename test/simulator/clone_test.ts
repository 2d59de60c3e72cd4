import { assertEquals } from "@std/assert";
import { cloneOf, type Recorded, replayOf } from "../../src/simulator/scenarios/clone.ts";
import { playScenario } from "../../src/simulator/scenarios/play.ts";
import { simulatedCharger } from "../kit/simulated_charger.ts";

Deno.test("cloneOf makes a simulator with the original's BootNotification and configuration", async () => {
  const boot = {
    chargePointVendor: "ACME",
    chargePointModel: "X1",
    firmwareVersion: "9.9",
    iccid: "8949",
    meterType: "M",
  };
  const config = cloneOf({
    charger_id: "Hall 3",
    boot,
    connectors: [1, 2],
    configuration: [
      { key: "MeterValueSampleInterval", readonly: false, value: "45" },
      { key: "AcmeLedColour", readonly: false, value: "blue" },
      { key: "AuthorizationKey", readonly: false },
      { key: "AcmeWifiPassword", readonly: false, value: "hush" },
    ],
  });
  assertEquals(config.cp_path, "Hall%203/");
  await using b = await simulatedCharger(config);
  const [{ chargePointSerialNumber: _empty, meterSerialNumber: _own, ...said }] = b.central.of(
    "BootNotification",
  );
  assertEquals(said, boot);
  assertEquals(b.newMessages().length, 0);
  const keys = ["MeterValueSampleInterval", "AcmeLedColour", "AcmeWifiPassword"];
  assertEquals(await b.call("GetConfiguration", { key: keys }), {
    configurationKey: [
      { key: "MeterValueSampleInterval", readonly: false, value: "45" },
      { key: "AcmeLedColour", readonly: false, value: "blue" },
    ],
    unknownKey: ["AcmeWifiPassword"],
  });
});

Deno.test("replayOf sends the recorded messages at their pace, with the new transactionId", async () => {
  const at = (s: number) => new Date(Date.UTC(2026, 0, 1) + s * 1000).toISOString();
  const start = { connectorId: 1, idTag: "T", meterStart: 5, timestamp: at(0) };
  const recorded: Recorded[] = [
    { at: at(0), direction: "in", message: [2, "a", "StartTransaction", start] },
    {
      at: at(0),
      direction: "out",
      message: [3, "a", { transactionId: 777, idTagInfo: { status: "Accepted" } }],
    },
    { at: at(10), direction: "in", message: [2, "b", "Heartbeat", {}] },
    { at: at(10), direction: "out", message: [2, "c", "ClearCache", {}] },
    {
      at: at(30),
      direction: "in",
      message: [2, "d", "StopTransaction", { transactionId: 777, meterStop: 9, timestamp: at(30) }],
    },
  ];
  const scenario = replayOf("CP", recorded);
  await using b = await simulatedCharger();
  const begin = b.clock.now();
  await b.clock.pass(playScenario(scenario, b.sim));
  assertEquals(b.clock.now() - begin, 30_000);
  assertEquals(b.newMessages(), ["StartTransaction", "StopTransaction"]);
  assertEquals(b.central.of("StopTransaction")[0].transactionId, 1);
});
