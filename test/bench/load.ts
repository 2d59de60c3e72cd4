// Runs the load generator as a process, on Node.js if it is installed, else on Deno.
import { withFiles } from "./limits.ts";
import type { Bench } from "./bench.ts";
import type { Server } from "./server.ts";

const LOAD = new URL("./load.mjs", import.meta.url).pathname;
const BUSY_PCT = 20; // other people's CPU, of 100 a core, beyond which a run says nothing
const ATTEMPTS = 3;

/** Times of answers, ms. */
export interface Percentiles {
  p50_ms: number;
  p99_ms: number;
  p999_ms: number;
  max_ms: number;
}

/** So many answers and their times. */
export interface Answers extends Percentiles {
  count: number;
}

/** The results of a run. */
interface Outcome {
  errors: number;
  error_kinds: Record<string, number>;
  retries: number;
  examples: string[];
}

/** A run in closed or open loop. */
export interface LoadResult extends Outcome, Percentiles {
  seconds: number;
  msgs: number;
  msgs_s: number;
  readings: number;
  by_action: Record<string, Answers>;
  /** All but MeterValues. */
  others: Answers;
  /** All but MeterValues and StatusNotification, which may wait for company. */
  at_once: Answers;
  loadgen_cpu_pct: number;
  /** CPU that neither the server nor the generator used. */
  other_cpu_pct: number;
  /** Open loop: the generator's own delay, which is in every answer's time. */
  lag_max_ms?: number;
  server: { cpu_us_per_msg: number; cpu_pct: number; rss_mb: number; peak_mb: number; written: number };
}

/** All chargers at once; a round each. */
export interface StormResult extends Outcome {
  rounds: (Percentiles & { accepted: number; all_s: number })[];
  peak_mb: number;
}

/** Chargers that only stay. */
export interface IdleResult extends Outcome {
  rss_before_mb: number;
  rss_after_mb: number;
  mb_per_1000: number;
}

/** Options of load.mjs by name. */
export type LoadOptions = Record<string, string | number | true>;

/** One run of the generator. Throws when an answer was wrong or missing. */
export async function load<Result extends Outcome = LoadResult>(
  server: Server,
  options: LoadOptions,
): Promise<Result> {
  const all: LoadOptions = { url: server.url, pid: server.pid, ...options };
  const args = Object.entries(all).map(([name, value]) =>
    value === true ? `--${name}` : `--${name}=${value}`
  );
  const command = withFiles([...await runtime(), LOAD, ...args]);
  const { stdout, stderr } = await new Deno.Command(command[0]!, { args: command.slice(1) }).output();
  const text = new TextDecoder().decode(stdout);
  if (!text.startsWith("{")) {
    throw new Error(`The load generator failed: ${new TextDecoder().decode(stderr)}`);
  }
  const result = JSON.parse(text) as Result;
  if (result.errors === 0) return result;
  throw new Error(
    `${server.name} answered wrongly: ${JSON.stringify(result.error_kinds)} ${result.examples.join("; ")}`,
  );
}

/** Repeats `once` while other processes use the machine; the run with the least use counts, and is marked. */
export async function quietly(
  { report, quick }: Bench,
  once: () => Promise<LoadResult>,
): Promise<LoadResult> {
  let quietest: LoadResult | undefined;
  for (let attempt = 1; attempt <= (quick ? 1 : ATTEMPTS); attempt++) {
    const result = await once();
    if (result.other_cpu_pct <= BUSY_PCT) return result;
    report.note(`thrown away: others used ${result.other_cpu_pct} % of a core`);
    if (result.other_cpu_pct < (quietest?.other_cpu_pct ?? Infinity)) quietest = result;
  }
  report.note("none was quiet: the quietest counts");
  return quietest!;
}

let found: string[] | undefined;

async function runtime(): Promise<string[]> {
  return found ??= await hasNode() ? ["node"] : [Deno.execPath(), "run", "-A"];
}

async function hasNode(): Promise<boolean> {
  try {
    const { stdout } = await new Deno.Command("node", { args: ["--version"] }).output();
    return Number(/^v(\d+)/.exec(new TextDecoder().decode(stdout))?.[1] ?? 0) >= 20;
  } catch {
    return false;
  }
}
