import { assertEquals } from "@std/assert";
import { VirtualClock } from "../../src/simulator/virtual_clock.ts";
import { ChargePointSimulator } from "../../src/simulator/mod.ts";
import { Central } from "../kit/central.ts";

Deno.test("BootNotification is sent again after the interval while Pending and Rejected", async () => {
  await using central = new Central();
  const clock = new VirtualClock();
  const answers = ["Pending", "Rejected", "Accepted"];
  const boots: number[] = [];
  central.replies.BootNotification = () => {
    boots.push(clock.now());
    return {
      status: answers[boots.length - 1],
      currentTime: "2026-01-01T00:00:00Z",
      interval: 40 * boots.length,
    };
  };
  await using sim = new ChargePointSimulator({ ...central.at, autopilot: false }, { clock });
  sim.start();
  await sim.connected;
  await clock.advance(130_000);
  assertEquals(boots.map((at) => (at - boots[0]!) / 1000), [0, 40, 120]);
  assertEquals(central.names, [
    "BootNotification",
    "BootNotification",
    "BootNotification",
    "0 Available",
    "1 Available",
  ]);
  await clock.advance(120_000);
  assertEquals(central.names.at(-1), "Heartbeat");
});

Deno.test("a refused charger redials with growing waits", async () => {
  await using central = new Central();
  const clock = new VirtualClock();
  central.refuse = 401;
  await using sim = new ChargePointSimulator({ ...central.at, autopilot: false }, {
    clock,
    random: () => 0.5,
  });
  const waits: number[] = [];
  sim.subscribe((event) => event.type === "refused" && waits.push(event.retry_s));
  sim.start();
  await clock.advance(16_000);
  assertEquals(waits, [1, 2, 4, 8, 16]);
  central.refuse = 0;
  await clock.advance(16_000);
  await sim.accepted;
});
