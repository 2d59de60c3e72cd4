import { assertEquals } from "@std/assert";
import { VirtualClock } from "../../src/simulator/virtual_clock.ts";
import { ChargePointSimulator, playScenario, scenarioNamed, scenarioNames } from "../../src/simulator/mod.ts";
import { startTestGateway } from "../kit/gateway.ts";

/** Chargers that may connect only by a setting of the site. */
const REFUSED = ["no_subprotocol"];

/** Scenarios whose session must be recorded correctly. */
const UNHARMED = [
  "plain",
  "empty_frames",
  "energy_on_l1",
  "extra_fields",
  "late_meter_values",
  "late_stop",
  "long_outage",
  "long_stop_tag",
  "no_boot",
  "no_meter_values",
  "no_transaction_id",
  "offline_session",
  "power_cut",
  "reconnects_without_closing",
  "session_relative",
  "start_repeated",
  "stop_repeated",
  "stop_without_id",
];

Deno.test("the gateway handles every ready scenario, and the energy of undamaged sessions is right", async () => {
  await using gateway = await startTestGateway();
  const stopped = new Map<string, number[]>();
  const errors: string[] = [];
  for (const name of scenarioNames().filter((name) => !REFUSED.includes(name))) {
    const { options, steps } = scenarioNamed(name)!;
    const clock = new VirtualClock(Date.now() - 3_600_000);
    const at = {
      cp_path: `${name}/`,
      ws_port: gateway.port,
      autopilot: false,
      interval: 10,
      max_current: 32,
    };
    await using sim = new ChargePointSimulator({ ...options, ...at }, { clock });
    sim.subscribe((event) => {
      if (event.type === "stopped") stopped.set(name, [...stopped.get(name) ?? [], event.energy_wh]);
      if (event.type === "frame" && event.direction === "in" && event.text.startsWith("[4,")) {
        errors.push(name);
      }
    });
    sim.start();
    await clock.pass(playScenario({ steps }, sim));
  }
  assertEquals(errors, ["broken_json"]);
  const { body } = await gateway.rest("GET", "/ocpp/transactions/?limit=1000");
  const transactions = body.transactions as { charger_id: string; energy_wh: number; state: string }[];
  for (const name of UNHARMED) {
    const of = transactions.filter(({ charger_id }) => charger_id === name);
    assertEquals([name, ...of.map(({ energy_wh }) => energy_wh)], [name, ...stopped.get(name)!]);
  }
});
