// The context of benchmark scenarios: folder, report and results.
import type { Report } from "./report.ts";
import type { Server, Starter } from "./server.ts";

/** The context of a scenario. */
export interface Bench {
  report: Report;
  /** Fewer and shorter runs: to see that all works. */
  quick: boolean;
  /** Days of a simulation; undefined: the scenario's own. */
  days?: number | undefined;
  /** A folder on a disk, of this run alone. */
  folder: string;
  /** Environment of a process whose fsyncs are slow; null: there is no such thing here. */
  slow: Record<string, string> | null;
  /** The gateway's messages a second in closed loop, once that is known. */
  max_msgs_s?: number;
}

/** A part of the benchmark. */
export type Scenario = (bench: Bench) => Promise<void>;

/** Starts a server in a folder of its own, and ends both when `work` is done. */
export async function using<T>(
  bench: Bench,
  start: Starter,
  work: (server: Server, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir({ dir: bench.folder });
  try {
    await using server = await start(folder);
    return await work(server, folder);
  } finally {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}
