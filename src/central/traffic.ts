// Counts, results and durations of messages, for /metrics.

/** Upper edges of the histogram, s. */
export const EDGES = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Messages of one direction, action and result. */
export interface Count {
  direction: "in" | "out";
  action: string;
  /** `ok`, or an error code of OCPP. */
  result: string;
  count: number;
}

/** Durations of one direction and action; `buckets` are not cumulative, and the last one counts durations above all edges. */
export interface Times {
  direction: "in" | "out";
  action: string;
  buckets: number[];
  sum: number;
  count: number;
}

const MAX_ACTIONS = 200; // a charger may invent names

/** The counters of one direction and action. */
interface Line {
  results: Map<string, Count>;
  times: Times;
}

/** Counts messages since the start. */
export class Traffic {
  readonly #lines = { in: new Map<string, Line>(), out: new Map<string, Line>() };

  /** Counts a CALL that was answered after `ms`. Hot path. */
  count(direction: "in" | "out", action: string, result: string, ms: number): void {
    const { results, times } = this.#lines[direction].get(action) ?? this.#lineOf(direction, action);
    const count = results.get(result);
    if (count) count.count++;
    else results.set(result, { direction, action: times.action, result, count: 1 });
    times.buckets[bucketOf(ms / 1000)]!++;
    times.sum += ms / 1000;
    times.count++;
  }

  counts(): Count[] {
    return this.#all().flatMap(({ results }) => [...results.values()]);
  }

  times(): Times[] {
    return this.#all().map(({ times }) => times);
  }

  #all(): Line[] {
    return [...this.#lines.in.values(), ...this.#lines.out.values()];
  }

  #lineOf(direction: "in" | "out", named: string): Line {
    const lines = this.#lines[direction];
    const action = lines.size < MAX_ACTIONS ? named : "other";
    let line = lines.get(action);
    if (!line) {
      const buckets = Array<number>(EDGES.length + 1).fill(0);
      lines.set(
        action,
        line = { results: new Map(), times: { direction, action, buckets, sum: 0, count: 0 } },
      );
    }
    return line;
  }
}

function bucketOf(seconds: number): number {
  let bucket = 0;
  while (bucket < EDGES.length && seconds > EDGES[bucket]!) bucket++;
  return bucket;
}
