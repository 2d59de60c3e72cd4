// Answers during compaction: open loop at a fifth of the gateway's highest rate, beside the echo.
import { type Bench, using } from "../bench.ts";
import { load, type LoadResult, quietly } from "../load.ts";
import { startEcho, startGateway } from "../server.ts";
import { optionsOf } from "./sessions.ts";

const CHARGERS = 500;
const SHARE = 0.2;

/** p99.9 while folding. */
export async function folding(bench: Bench): Promise<void> {
  const { report, quick } = bench;
  report.title("folding: a fifth of the most that it can do, all MeterValues, while the journal is folded");
  const rate = SHARE * (bench.max_msgs_s ?? await maxRate(bench));
  const period = CHARGERS / rate;
  const options = { mode: "open", chargers: CHARGERS, period, warmup: 2, duration: quick ? 8 : 30 };
  const echo = await quietly(bench, () => using(bench, startEcho, (server) => load(server, options)));
  report.run("echo", echo, lagOf(echo));
  let chunks = 0;
  const start = (folder: string) => startGateway({ data_dir: folder });
  const result = await quietly(bench, () =>
    using(bench, start, async (server, folder) => {
      const result = await load(server, options);
      await server.stop();
      chunks = await countChunks(`${folder}/gateway.db`);
      return result;
    }));
  report.run("gateway", result, `${lagOf(result)}  ${chunks} chunks folded`);
  if (chunks === 0) return report.skipped("p99.9 while folding", "nothing was folded");
  report.figure("p99.9 while folding", result.p999_ms, { at_most: 20 }, { unit: "ms" });
}

function lagOf({ lag_max_ms = 0 }: LoadResult): string {
  return `  the generator's own delay at most ${lag_max_ms.toFixed(1)} ms`;
}

async function maxRate(bench: Bench): Promise<number> {
  const start = (folder: string) => startGateway({ data_dir: folder });
  const result = await using(bench, start, (server) => load(server, optionsOf(bench.quick)));
  bench.report.run("gateway at most", result);
  return bench.max_msgs_s = result.msgs_s;
}

async function countChunks(file: string): Promise<number> {
  using kv = await Deno.openKv(file);
  const { value } = await kv.get<Uint8Array>(["site"]);
  const { site_id } = JSON.parse(new TextDecoder().decode(value!)) as { site_id: string };
  let count = 0;
  for await (const _ of kv.list({ prefix: [site_id, "chunk"] }, { batchSize: 500 })) count++;
  return count;
}
