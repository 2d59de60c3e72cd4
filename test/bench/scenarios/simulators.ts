// The cost of simulators: many in one process, each with a session and MeterValues every 10 s.
import { type Bench, using } from "../bench.ts";
import { measure } from "../load/machine.mjs";
import { type Server, startGateway, startSimulators } from "../server.ts";

const SIMULATORS = 200;

/** Part of a core, and memory. */
export async function simulators(bench: Bench): Promise<void> {
  const { report } = bench;
  report.title(`simulators: ${SIMULATORS} in one process, a session at each, a MeterValues every 10 s`);
  if (Deno.build.os !== "linux") return report.skipped("simulators", "it needs Linux");
  await using(bench, (folder) => startGateway({ data_dir: folder }), async (gateway) => {
    await using fleet = await startSimulators(gateway, SIMULATORS);
    await weigh(bench, fleet);
  });
}

async function weigh({ report, quick }: Bench, { pid }: Server): Promise<void> {
  const seconds = quick ? 10 : 60;
  const end = measure(pid);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const { server } = end(SIMULATORS * seconds / 10);
  const { cpu_pct, cpu_us_per_msg, rss_mb, peak_mb } = server;
  report.note(`  ${seconds} s: ${cpu_us_per_msg} us CPU a message, ${peak_mb} MB at most`);
  report.figure("part of a core", cpu_pct / 100, { at_most: 0.5 }, { unit: "cores", decimals: 3 });
  report.figure("memory", rss_mb, { at_most: 150 }, { unit: "MB", decimals: 0 });
}
