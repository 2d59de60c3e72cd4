// 200 chargers in a closed loop with whole sessions, everything durable, beside the echo and ocpp-rpc.
import { type Bench, using } from "../bench.ts";
import { load, type LoadResult, quietly } from "../load.ts";
import { median } from "../report.ts";
import { startEcho, Starter, startGateway, startRival } from "../server.ts";

const SERVERS: Record<string, Starter> = {
  echo: startEcho,
  gateway: (folder) => startGateway({ data_dir: folder }),
  memory: () => startRival(),
  sqlite: (folder) => startRival(`${folder}/rival.db`),
};

/** Messages a second and CPU per message. */
export async function sessions(bench: Bench): Promise<void> {
  const { report, quick } = bench;
  report.title("sessions: 200 chargers, closed loop, whole sessions, 4-8 sampled values in a MeterValues");
  const runs: Record<string, LoadResult[]> = { echo: [], gateway: [], memory: [], sqlite: [] };
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    for (const [name, start] of Object.entries(SERVERS)) {
      const result = await quietly(
        bench,
        () => using(bench, start, (server) => load(server, optionsOf(quick))),
      );
      report.run(name, result);
      runs[name]!.push(result);
    }
  }
  compare(bench, runs);
}

/** The load of the closed loop. */
export function optionsOf(quick: boolean): Record<string, number> {
  return { chargers: 200, warmup: quick ? 1 : 3, duration: quick ? 2 : 8 };
}

function compare(bench: Bench, runs: Record<string, LoadResult[]>): void {
  const { report } = bench;
  const rate = (name: string) => median(runs[name]!.map(({ msgs_s }) => msgs_s));
  const cpu = (name: string) => median(runs[name]!.map(({ server }) => server.cpu_us_per_msg));
  const gateway = bench.max_msgs_s = rate("gateway");
  report.figure("of the echo's messages a second", gateway / rate("echo") * 100, { at_least: 45 }, {
    unit: "%",
  });
  report.figure("CPU a message, of the echo's", cpu("gateway") / cpu("echo"), { at_most: 2.8 }, {
    unit: "x",
    decimals: 2,
  });
  report.figure("ocpp-rpc with SQLite, messages a second", gateway / rate("sqlite"), { at_least: 5 }, {
    unit: "x",
    decimals: 2,
  });
  report.figure("ocpp-rpc in memory, messages a second", gateway / rate("memory"), { at_least: 1 }, {
    unit: "x",
    decimals: 2,
  });
}
