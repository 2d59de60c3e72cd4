// How many messages went by, how they ended and how long they took: for /metrics.

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

/** Times of one direction and action; `buckets` are not cumulated, the last one is what is slower than all edges. */
export interface Times {
  direction: "in" | "out";
  action: string;
  buckets: number[];
  sum: number;
  count: number;
}

const MAX_ACTIONS = 200; // a charger may invent names

/** Counts messages since the start. */
export class Traffic {
  readonly #counts = new Map<string, Count>();
  readonly #times = new Map<string, Times>();

  /** Counts a CALL that was answered after `ms`. */
  count(direction: "in" | "out", action: string, result: string, ms: number): void {
    const name = this.#times.has(direction + action) || this.#times.size < MAX_ACTIONS ? action : "other";
    const key = `${direction}${name} ${result}`;
    const count = this.#counts.get(key);
    if (count) count.count++;
    else this.#counts.set(key, { direction, action: name, result, count: 1 });
    this.#time(direction, name, ms / 1000);
  }

  counts(): Count[] {
    return [...this.#counts.values()];
  }

  times(): Times[] {
    return [...this.#times.values()];
  }

  #time(direction: "in" | "out", action: string, seconds: number): void {
    const key = direction + action;
    let times = this.#times.get(key);
    if (!times) {
      this.#times.set(
        key,
        times = { direction, action, buckets: Array(EDGES.length + 1).fill(0), sum: 0, count: 0 },
      );
    }
    const edge = EDGES.findIndex((edge) => seconds <= edge);
    times.buckets[edge < 0 ? EDGES.length : edge]!++;
    times.sum += seconds;
    times.count++;
  }
}
