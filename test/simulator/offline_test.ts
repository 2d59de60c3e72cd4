import { assertEquals } from "@std/assert";
import { OcppError } from "../../src/ocpp/error.ts";
import { simulatedCharger } from "../kit/simulated_charger.ts";

Deno.test("messages of an offline period are sent in order, with their original times", async () => {
  await using b = await simulatedCharger({ configuration: { AllowOfflineTxForUnknownId: "true" } });
  b.central.refuse = 503;
  await b.sim.drop();
  const start = b.clock.now();
  b.sim.plugIn(1, { max_power_w: 6_000 });
  await b.sim.presentTag("TAG");
  await b.clock.advance(150_000);
  b.sim.unplug(1);
  b.central.refuse = 0;
  await b.clock.advance(120_000);
  await b.sim.accepted;
  await b.clock.settle();
  assertEquals(b.newMessages(), ["StartTransaction", "MeterValues", "MeterValues", "StopTransaction"]);
  const iso = (s: number) => new Date(start + s * 1000).toISOString();
  assertEquals(b.central.of("StartTransaction")[0].timestamp, iso(0));
  const values = b.central.of("MeterValues");
  assertEquals(values.map(({ meterValue }) => meterValue[0].timestamp), [iso(60), iso(120)]);
  assertEquals(values.map(({ transactionId }) => transactionId), [1, 1]);
  const [stop] = b.central.of("StopTransaction");
  assertEquals([stop.timestamp, stop.meterStop, stop.transactionId, stop.reason], [
    iso(150),
    250,
    1,
    "EVDisconnected",
  ]);
});

Deno.test("a session goes on when the connection is lost, and no message is lost", async () => {
  await using b = await simulatedCharger();
  await b.charge();
  b.central.closeAll();
  await b.sim.until(() => !b.sim.charger.link.up);
  await b.clock.advance(300_000);
  await b.sim.accepted;
  await b.clock.settle();
  assertEquals(b.newMessages(), ["MeterValues", "MeterValues", "MeterValues", "MeterValues", "MeterValues"]);
  assertEquals(b.sim.status(), "Charging");
});

Deno.test("a refused transaction message is sent TransactionMessageAttempts times, then given up", async () => {
  await using b = await simulatedCharger({ configuration: { TransactionMessageRetryInterval: "10" } });
  await b.charge();
  b.central.replies.StopTransaction = () => {
    throw new OcppError("InternalError", "no");
  };
  const start = b.clock.now();
  const at: number[] = [];
  b.sim.subscribe((event) =>
    event.type === "frame" && event.text.includes('"StopTransaction"') && at.push(event.at - start)
  );
  b.sim.unplug();
  await b.clock.advance(100_000);
  assertEquals(at, [0, 10_000, 30_000]);
  assertEquals(b.sim.charger.outbox.length, 0);
});

Deno.test("a tag refused at StartTransaction ends the session as DeAuthorized", async () => {
  await using b = await simulatedCharger();
  b.central.replies.StartTransaction = () => ({ idTagInfo: { status: "Blocked" }, transactionId: 7 });
  b.sim.plugIn();
  await b.sim.presentTag("TAG");
  await b.clock.settle();
  assertEquals(b.newMessages(), [
    "1 Preparing",
    "Authorize",
    "StartTransaction",
    "StopTransaction",
    "1 Finishing",
  ]);
  assertEquals(b.central.of("StopTransaction")[0].reason, "DeAuthorized");
});

Deno.test("a refused tag gets no more energy than MaxEnergyOnInvalidId", async () => {
  for (const most of [0, 500]) {
    await using b = await simulatedCharger({
      configuration: { StopTransactionOnInvalidId: "false", MaxEnergyOnInvalidId: String(most) },
    });
    b.central.replies.StartTransaction = () => ({ idTagInfo: { status: "Blocked" }, transactionId: 7 });
    b.sim.plugIn(1, { battery_wh: 100_000, soc: 10, max_power_w: 22_080, want_wh: 90_000 });
    await b.sim.presentTag("TAG");
    await b.clock.settle();
    assertEquals(b.sim.status(), most ? "Charging" : "SuspendedEVSE");
    await b.clock.advance(600_000);
    assertEquals(b.sim.status(), "SuspendedEVSE");
    b.sim.stopSession();
    await b.clock.settle();
    const [{ meterStop }] = b.central.of("StopTransaction");
    assertEquals(meterStop, most);
  }
});
