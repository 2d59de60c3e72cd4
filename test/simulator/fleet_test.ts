import { assert, assertEquals, assertThrows } from "@std/assert";
import { VirtualClock } from "../../src/simulator/virtual_clock.ts";
import { BadConfig } from "../../src/simulator/config.ts";
import { Fleet, fleetOf, type Mix, MIXES } from "../../src/simulator/fleet.ts";
import { Central } from "../kit/central.ts";

Deno.test("fleetOf makes different chargers, and the same fleet from the same seed", () => {
  for (const mix of MIXES) {
    const fleet = fleetOf({ count: 20, mix, seed: 7 });
    assertEquals(fleet, fleetOf({ count: 20, mix, seed: 7 }));
    assert(JSON.stringify(fleet) !== JSON.stringify(fleetOf({ count: 20, mix, seed: 8 })));
    assertEquals(new Set(fleet.map(({ cp_path }) => cp_path)).size, 20);
    for (const { cars, connectors } of fleet) {
      assert(cars!.every(({ connector }) => connector! <= connectors!));
    }
  }
});

Deno.test("fleetOf keeps the given options", () => {
  const [charger] = fleetOf({
    count: 1,
    mix: "home",
    seed: 1,
    base: { host: "gw", cp_path: "SITE/", interval: 60 },
  });
  assertEquals([charger!.host, charger!.cp_path, charger!.interval], ["gw", "SITE-0001/", 60]);
  assertThrows(() => fleetOf({ count: 0, mix: "home", seed: 1 }), BadConfig, "fleet must be");
  assertThrows(() => fleetOf({ count: 1, mix: "moon" as Mix, seed: 1 }), BadConfig, "mix must be one of");
});

Deno.test("a fleet runs for a day: every started session is stopped, and the energies agree", async () => {
  await using central = new Central();
  const clock = new VirtualClock();
  const fleet = new Fleet({
    count: 5,
    mix: "office",
    seed: 3,
    base: { host: "127.0.0.1", ws_port: central.port, interval: 1800, repeat: false },
  }, { clock });
  fleet.start();
  await clock.advance(86_400_000 + 60_000);
  await clock.pass(Promise.all(fleet.simulators.map((simulator) => simulator.finished)));
  const starts = central.of("StartTransaction").length;
  assert(starts > 10, `${starts} sessions`);
  assertEquals(central.of("StopTransaction").length, starts);
  const registers = fleet.simulators.flatMap(({ charger }) =>
    charger.connectors.map((connector) => charger.meters.of(connector).register_wh)
  );
  const taken = registers.reduce((sum, wh) => sum + wh, 0);
  assert(taken > 50_000, `${taken} Wh`);
  await clock.pass(fleet.stop());
});
