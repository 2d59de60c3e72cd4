import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { VirtualClock } from "../../src/simulator/virtual_clock.ts";
import { ChargePointSimulator } from "../../src/simulator/mod.ts";
import { Central } from "../kit/central.ts";

Deno.test("ChargePointSimulator runs one session by its options", async () => {
  await using central = new Central();
  const clock = new VirtualClock();
  await using sim = new ChargePointSimulator({
    ...central.at,
    duration: 60,
    kwh_min: 1,
    kwh_max: 2,
    interval: 10,
    password: "s",
  }, { clock });
  sim.start();
  await sim.accepted;
  await clock.advance(120_000);
  await sim.finished;
  assertEquals(central.handshakes, [{
    path: "/CP1/",
    authorization: `Basic ${btoa("CP1:s")}`,
    protocols: "ocpp1.6",
  }]);
  assertEquals(central.names, [
    "BootNotification",
    "0 Available",
    "1 Available",
    "Authorize",
    "1 Preparing",
    "StartTransaction",
    "1 Charging",
    ...Array.from({ length: 5 }, () => "MeterValues"),
    "StopTransaction",
    "1 Finishing",
    "1 Available",
  ]);
  const [stop] = central.of("StopTransaction");
  assertEquals(stop.reason, "Local");
  assert(stop.meterStop >= 1000 && stop.meterStop <= 2000, `${stop.meterStop} Wh`);
  const samples = central.of("MeterValues").map(({ meterValue }) => meterValue[0].sampledValue);
  const register = samples.map((values) => Number(values[0].value));
  assertAlmostEquals(register[4]!, stop.meterStop * 5 / 6, 1);
});
