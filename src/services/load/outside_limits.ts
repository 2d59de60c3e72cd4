// The limits of circuits that come from outside, kept over a restart until they end.
import type { SupplyLimit } from "../../site/load/feed_reading.ts";
import type { LoadControl } from "../../site/load/load_control.ts";
import type { OutsideLimit, Store } from "../../store/store.ts";

/** The parts that limits from outside work with. */
export interface OutsideLimitsDeps {
  store: Store;
  control: LoadControl;
  /** Wall clock, ms since 1970. */
  now: () => number;
  /** Monotonic clock, ms. */
  mono: () => number;
  /** The time by which the clock was set back while the program was down, at least, ms. */
  set_back_ms: () => number;
}

/** Keeps the limits from outside. */
export class OutsideLimits {
  readonly #deps: OutsideLimitsDeps;

  constructor(deps: OutsideLimitsDeps) {
    this.#deps = deps;
  }

  /** Takes the limits of the last run. A clock that was set back meanwhile makes none of a given length longer. */
  start(): void {
    const { store, now, set_back_ms } = this.#deps;
    for (const limit of store.outside_limits.values()) {
      const until = Date.parse(limit.until);
      this.#apply(limit, Math.min(until - now() - set_back_ms(), until - Date.parse(limit.set_at)));
    }
  }

  /** Stores a limit in place of the one of the same source; resolves when it is committed. */
  async set(limit: OutsideLimit): Promise<void> {
    this.#apply(limit, Date.parse(limit.until) - this.#deps.now());
    await this.#deps.store.outside_limits.put(limit);
  }

  /** Ends the limit of a source. */
  async remove({ circuit, source }: Pick<OutsideLimit, "circuit" | "source">): Promise<void> {
    this.#deps.control.supply(circuit)?.unlimit(source);
    await this.#deps.store.outside_limits.delete(keyOf({ circuit, source }));
  }

  /** Deletes those that have ended, and those of circuits that are gone. */
  sweep(): void {
    const { store, control, now, mono } = this.#deps;
    for (const limit of store.outside_limits.all()) {
      const limits = control.supply(limit.circuit)?.limits(mono(), now()) ?? [];
      if (limits.some(({ source }) => source === limit.source)) continue;
      store.outside_limits.delete(keyOf(limit)).catch(() => {});
    }
  }

  #apply({ circuit, source, limit_a, limit_w, until, valid_s }: OutsideLimit, length: number): void {
    const limit: SupplyLimit = {
      kind: "outside",
      source,
      limit_a,
      limit_w,
      until: valid_s === null ? Date.parse(until) : null,
      ends: this.#deps.mono() + Math.max(0, length),
    };
    this.#deps.control.supply(circuit)?.limit(limit);
  }
}

function keyOf({ circuit, source }: Pick<OutsideLimit, "circuit" | "source">): string {
  return `${circuit}/${source}`;
}
