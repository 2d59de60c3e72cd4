import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { simulatedCharger } from "../kit/simulated_charger.ts";

// deno-lint-ignore no-explicit-any
type Sampled = any;

function value(samples: Sampled[], measurand: string, phase?: string): number {
  const found = samples.find((sample) => sample.measurand === measurand && sample.phase === phase);
  assert(found, `no ${measurand}`);
  return Number(found.value);
}

/** Returns the energy, Wh, after `s` seconds at `watts` of a 10 kWh battery that arrives at 70 % and tapers from 80 % on. */
function exactEnergy(watts: number, s: number): number {
  const full = 1000; // Wh up to 80 %
  const constant = full / watts * 3600;
  if (s <= constant) return watts * s / 3600;
  const k = 0.95 * 5 / 10_000; // power falls by 95 % over the last fifth of 10 kWh
  return full + (1 - Math.exp(-k * watts * (s - constant) / 3600)) / k;
}

Deno.test("energy is the integral of power, through the taper, within 0.1 %", async () => {
  await using b = await simulatedCharger({ interval: 15, duration: 3600 });
  b.sim.plugIn(1, { battery_wh: 10_000, soc: 70, max_power_w: 22_080, want_wh: 1e6 });
  await b.sim.presentTag("TAG");
  await b.clock.advance(900_000);
  const values = b.central.of("MeterValues").map(({ meterValue }) => meterValue[0].sampledValue);
  assertEquals(values.length, 60);
  values.forEach((samples, index) => {
    const exact = exactEnergy(22_080, (index + 1) * 15);
    assertAlmostEquals(value(samples, "Energy.Active.Import.Register"), exact, exact * 0.001 + 0.5);
    assertAlmostEquals(value(samples, "SoC"), Math.min(100, 70 + exact / 100), 0.06);
  });
});

Deno.test("P = V·I·phases in every sample, with one, two and three phases", async () => {
  for (const phases of [1, 2, 3]) {
    await using b = await simulatedCharger({ interval: 10 });
    b.sim.plugIn(1, { phases, max_power_w: 7_000 });
    await b.sim.presentTag("TAG");
    await b.clock.advance(10_000);
    const samples = b.central.of("MeterValues")[0].meterValue[0].sampledValue;
    const power = value(samples, "Power.Active.Import");
    const sum = ["L1", "L2", "L3"].reduce(
      (watts, phase) =>
        watts + value(samples, "Current.Import", phase) * value(samples, "Voltage", `${phase}-N`),
      0,
    );
    assertAlmostEquals(sum, power, power * 0.002);
    assertEquals(value(samples, "Current.Import", "L3") > 0, phases === 3);
  }
});

Deno.test("a car that has its energy stops drawing (SuspendedEV)", async () => {
  await using b = await simulatedCharger({ interval: 30 });
  b.sim.plugIn(1, { want_wh: 100, max_power_w: 6_000 });
  await b.sim.presentTag("TAG");
  await b.clock.advance(90_000);
  assertEquals(b.sim.status(), "SuspendedEV");
  assertEquals(
    value(b.central.of("MeterValues")[2].meterValue[0].sampledValue, "Energy.Active.Import.Register"),
    100,
  );
});

Deno.test("clock-aligned readings come at whole intervals, for each connector and the main meter", async () => {
  await using b = await simulatedCharger({
    connectors: 2,
    interval: 3600,
    configuration: { StopTxnAlignedData: "Energy.Active.Import.Register" },
  });
  await b.charge(1);
  await b.clock.advance(100_000);
  await b.call("ChangeConfiguration", { key: "ClockAlignedDataInterval", value: "900" });
  await b.clock.advance(1_800_000);
  const values = b.central.of("MeterValues");
  assertEquals(
    values.map(({ connectorId, transactionId }) => [connectorId, transactionId]).slice(0, 3).sort(),
    [
      [0, undefined],
      [1, 1],
      [2, undefined],
    ],
  );
  const [{ timestamp, sampledValue }] = values[0].meterValue;
  assertEquals([timestamp, sampledValue[0].context], ["2026-01-01T00:15:00.000Z", "Sample.Clock"]);
  b.sim.unplug(1);
  await b.clock.settle();
  assertEquals(b.central.of("StopTransaction")[0].transactionData.length, 2);
});

Deno.test("StopTxnSampledData: begin, samples and end come with StopTransaction", async () => {
  await using b = await simulatedCharger({
    interval: 60,
    configuration: { StopTxnSampledData: "Energy.Active.Import.Register,Power.Active.Import" },
  });
  await b.charge();
  await b.clock.advance(120_000);
  b.sim.unplug();
  await b.clock.settle();
  const [{ transactionData, meterStop }] = b.central.of("StopTransaction");
  const contexts = transactionData.map(({ sampledValue }: Sampled) => sampledValue[0].context);
  assertEquals(contexts, ["Transaction.Begin", "Sample.Periodic", "Sample.Periodic", "Transaction.End"]);
  assertEquals(Number(transactionData[3].sampledValue[0].value), meterStop);
});

Deno.test("MeterValueSampleInterval restarts when it is changed in a session", async () => {
  await using b = await simulatedCharger({ interval: 60 });
  await b.charge();
  await b.clock.advance(30_000);
  await b.call("ChangeConfiguration", { key: "MeterValueSampleInterval", value: "10" });
  await b.clock.advance(35_000);
  assertEquals(b.newMessages(), ["MeterValues", "MeterValues", "MeterValues"]);
});
