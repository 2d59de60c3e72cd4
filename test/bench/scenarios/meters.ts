// A real site, large: 500 chargers with a MeterValues every 10 s, and some with all other messages; 5 ms per fsync.
import { type Bench, using } from "../bench.ts";
import { type Answers, load, type LoadResult, quietly } from "../load.ts";
import { startGateway } from "../server.ts";
import { SYNC_MS } from "../slow_sync.ts";

const WINDOW_MS = 250;
const MARGIN_MS = 15;

/** Bytes written per reading, and how long answers take. */
export async function meters(bench: Bench): Promise<void> {
  const { report, quick, slow } = bench;
  report.title(
    `meters: 500 chargers, a MeterValues every 10 s, 20 others in sessions, ${SYNC_MS} ms per fsync`,
  );
  if (!slow) return report.skipped("meters", "it needs Linux and cc");
  const start = (folder: string) =>
    startGateway({ data_dir: folder, env: { OCPP_COMMIT_WINDOW: String(WINDOW_MS), ...slow } });
  const options = {
    mode: "open",
    chargers: 500,
    others: 20,
    warmup: quick ? 2 : 10,
    duration: quick ? 10 : 60,
  };
  let log = 0;
  const result = await quietly(bench, () =>
    using(bench, start, async (server, folder) => {
      const result = await load(server, options);
      log = await bytesIn(`${folder}/log`);
      return result;
    }));
  report.run(
    "gateway",
    result,
    `  message log ${(log / (options.warmup + options.duration) / 1000).toFixed(0)} kB/s`,
  );
  judge(bench, result);
}

function judge({ report }: Bench, { server, readings, by_action, others, at_once }: LoadResult): void {
  for (const [action, times] of Object.entries(by_action)) {
    report.note(`  ${action.padEnd(20)} ${textOf(times)}`);
  }
  const bytes = server.written / readings;
  const meter_ms = by_action.MeterValues?.p99_ms ?? NaN;
  report.figure("bytes written per reading", bytes, { at_most: 500 }, { unit: "B", decimals: 0 });
  report.figure("p99 of MeterValues", meter_ms, { at_most: WINDOW_MS + MARGIN_MS }, { unit: "ms" });
  report.figure("p99 of all others but StatusNotification", at_once.p99_ms, { at_most: MARGIN_MS }, {
    unit: "ms",
  });
  report.figure("p99 of all others", others.p99_ms, { at_most: MARGIN_MS }, { unit: "ms" });
}

function textOf({ count, p50_ms, p99_ms, max_ms }: Answers): string {
  return `${String(count).padStart(6)} answers  p50 ${p50_ms.toFixed(1)}  p99 ${p99_ms.toFixed(1)}  max ${
    max_ms.toFixed(1)
  } ms`;
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for await (const { name } of Deno.readDir(folder)) bytes += (await Deno.stat(`${folder}/${name}`)).size;
  return bytes;
}
