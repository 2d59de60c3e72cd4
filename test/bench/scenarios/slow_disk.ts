// The same load where every fsync takes 5 ms: a memory card.
import { type Bench, using } from "../bench.ts";
import { load, quietly } from "../load.ts";
import { median } from "../report.ts";
import { startGateway } from "../server.ts";
import { SYNC_MS } from "../slow_sync.ts";
import { optionsOf } from "./sessions.ts";

/** Messages a second on slow flash. */
export async function slowDisk(bench: Bench): Promise<void> {
  const { report, quick, slow } = bench;
  report.title(`slow_disk: the same with ${SYNC_MS} ms per fsync`);
  if (!slow) return report.skipped("slow_disk", "it needs Linux and cc");
  const rates: number[] = [];
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    const start = (folder: string) => startGateway({ data_dir: folder, env: slow });
    const result = await quietly(
      bench,
      () => using(bench, start, (server) => load(server, optionsOf(quick))),
    );
    report.run("gateway", result);
    rates.push(result.msgs_s);
  }
  report.figure("messages a second", median(rates), { at_least: 12_000 }, { unit: "msgs/s", decimals: 0 });
}
