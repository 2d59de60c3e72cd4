// The report of a benchmark: figures with their targets, and the runs behind them.
import type { LoadResult } from "./load.ts";

/** The target of a figure: at least or at most. */
export type Wanted = { at_least: number } | { at_most: number };

/** The format of a figure: decimals and unit. */
export interface Format {
  unit: string;
  decimals?: number;
}

/** Prints as it goes, and the sum at the end. */
export class Report {
  #figures = 0;
  #missed: string[] = [];
  #skipped: string[] = [];

  title(text: string): void {
    console.log(`\n${text}`);
  }

  note(text: string): void {
    console.log(`  ${text}`);
  }

  /** A figure and whether it is what is wanted. */
  figure(name: string, value: number, wanted: Wanted, { unit, decimals = 1 }: Format): void {
    const least = "at_least" in wanted;
    const limit = least ? wanted.at_least : wanted.at_most;
    const ok = least ? value >= limit : value <= limit;
    this.#figures++;
    if (!ok) this.#missed.push(name);
    const measured = `${value.toFixed(decimals)} ${unit}`.padStart(16);
    console.log(
      `  ${ok ? "ok    " : "MISSED"} ${measured}  wanted ${least ? ">=" : "<="} ${limit} ${unit}  ${name}`,
    );
  }

  /** Reports a figure that cannot be measured on this machine. */
  skipped(name: string, reason: string): void {
    this.#skipped.push(name);
    console.log(`  SKIPPED ${name}: ${reason}`);
  }

  /** One run of the load generator. */
  run(name: string, result: LoadResult, rest = ""): void {
    const { msgs_s, p50_ms, p99_ms, p999_ms, server, other_cpu_pct, loadgen_cpu_pct } = result;
    const times = `p50 ${p50_ms.toFixed(1)}  p99 ${p99_ms.toFixed(1)}  p99.9 ${p999_ms.toFixed(1)} ms`;
    const cost = `${server.cpu_us_per_msg.toFixed(1)} us CPU/msg  ${server.rss_mb.toFixed(0)} MB`;
    const disk = `${(server.written / Math.max(1, result.msgs)).toFixed(0)} B/msg on disk`;
    const cpu = `load ${loadgen_cpu_pct.toFixed(0)} %  others ${other_cpu_pct.toFixed(0)} %`;
    const rate = `${Math.round(msgs_s)} msgs/s`.padStart(13);
    console.log(`    ${name.padEnd(16)} ${rate}  ${times}  ${cost}  ${disk}  ${cpu}${rest}`);
  }

  /** Prints the number of figures that meet their target. */
  end(): void {
    const missed = this.#missed.length ? `; missed: ${this.#missed.join(", ")}` : "";
    const skipped = this.#skipped.length ? `; skipped: ${this.#skipped.join(", ")}` : "";
    console.log(
      `\n${this.#figures - this.#missed.length} of ${this.#figures} figures as wanted${missed}${skipped}`,
    );
  }
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
