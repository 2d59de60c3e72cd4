// Many simulated chargers in one process, each with a session: `simulators.ts HOST PORT COUNT`, until it is stopped.
import { ChargePointSimulator } from "../../../src/simulator/mod.ts";

const [host = "127.0.0.1", port, count] = Deno.args;
const SPREAD_S = 8; // the samples of all do not come at once

const simulators = Array.from({ length: Number(count) }, (_, index) =>
  new ChargePointSimulator({
    host,
    ws_port: Number(port),
    cp_path: `SIM-${index}`,
    interval: 10,
    duration: 3_600,
    repeat: true,
    seed: index,
    start_delay: SPREAD_S * index / Number(count),
  }).start());

await Promise.all(
  simulators.map((simulator) => simulator.until(() => simulator.session()?.state === "on", 60_000)),
);
console.log(`${simulators.length} sessions at 127.0.0.1:${port}`);
