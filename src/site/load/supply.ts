// The supply of circuits for chargers: their limits, and those from outside, less what is not chargers.
import type { Circuit } from "../../store/store.ts";
import { BaseLoad } from "./base_load.ts";
import { HARD, PER_CIRCUIT } from "./constraints.ts";
import type { SupplyLimit } from "./feed_reading.ts";
import { type PhaseCurrents, VOLTS } from "./phases.ts";
import { type FeedFlow, Surplus } from "./surplus.ts";

/** The supply of one circuit. Times are monotonic, ms. */
export class Supply {
  readonly base = new BaseLoad();
  /** Limits from outside by source. */
  readonly #outside = new Map<string, SupplyLimit>();
  /** The newest flow as the sum of the phases, A; export is negative. */
  net_a = 0;
  /** The cars that charge from its export alone. */
  readonly surplus = new Surplus();
  /** True: its meter shows more than its limit. */
  is_over = false;
  /** True: its meter is silent. */
  meter_lost = false;

  /**
   * Returns what is kept free on each phase for other loads that rise, A: no more than makes them what they were at most in
   * the last days.
   */
  kept({ meter, reserve_a = 0 }: Circuit, now: number): PhaseCurrents {
    const base = meter === null || reserve_a === 0 ? null : this.base.now(now, Infinity);
    if (base === null) return [0, 0, 0];
    return this.base.highest.rises(base, now).map((rise) => Math.min(reserve_a, rise)) as PhaseCurrents;
  }

  /** Returns the flow as the sum of the phases; its age is that of the last reading. */
  flow({ meter_timeout_s }: Circuit, now: number): FeedFlow {
    const at = this.base.measured_at;
    return { net_a: now - at > meter_timeout_s * 1000 ? null : this.net_a, at };
  }

  /** Sets or replaces the limit of a source. */
  limit(limit: SupplyLimit): void {
    this.#outside.set(limit.source, limit);
  }

  /** Removes the limit of a source. */
  unlimit(source: string): void {
    this.#outside.delete(source);
  }

  /** Returns the limits from outside that hold. `wall`: ms since 1970. */
  limits(now: number, wall: number): SupplyLimit[] {
    for (const [source, { until, ends }] of this.#outside) {
      if (ends <= now && (until ?? -Infinity) <= wall) this.#outside.delete(source);
    }
    return [...this.#outside.values()];
  }

  /**
   * Writes what a circuit has into its constraints, which begin at `at`; `floors` is what its chargers draw by their
   * fail-safe limits, which is all they get while a meter is silent. `likely`: by what other loads likely are, unless the
   * flow is above the limit.
   */
  write(
    available: Float64Array,
    circuit: Circuit,
    { at, floors, now, limits, likely = false }: {
      at: number;
      floors: Float64Array;
      now: number;
      limits: readonly SupplyLimit[];
      likely?: boolean;
    },
  ): void {
    if (!circuit.enabled) return;
    const amperes = least(circuit.max_current_a, limits.map(({ limit_a }) => limit_a));
    const watts = least(circuit.max_power_w, limits.map(({ limit_w }) => limit_w));
    this.is_over = this.base.isAbove(amperes, now - circuit.meter_timeout_s * 1000);
    const base = this.#base(circuit, { now, likely: likely && !this.is_over });
    const kept = this.kept(circuit, now);
    for (let phase = 0; phase < 3; phase++) {
      available[at + phase] = amperes - (base?.[phase] ?? 0) - kept[phase]!;
    }
    available[at + HARD - 1] = watts / VOLTS - (base ? base[0] + base[1] + base[2] : 0);
    if (base === null) withoutMeter(available, circuit, { at, floors });
    for (let pair = HARD; pair < PER_CIRCUIT; pair++) {
      available[at + pair] = circuit.max_imbalance_a ?? Infinity;
    }
  }

  #base(
    { meter, meter_timeout_s }: Circuit,
    { now, likely }: { now: number; likely: boolean },
  ): PhaseCurrents | null {
    const base = meter === null
      ? [0, 0, 0] as PhaseCurrents
      : this.base.now(now, meter_timeout_s * 1000, { likely });
    this.meter_lost = base === null;
    return base;
  }
}

/**
 * Returns the end of a limit, ms since 1970 in whole seconds; null: it has none. One that was set for a length ends by the
 * monotonic clock `now`.
 */
export function endOfLimit(
  { until, ends }: Pick<SupplyLimit, "until" | "ends">,
  { now, wall }: { now: number; wall: number },
): number | null {
  const at = Math.max(until ?? -Infinity, wall + (ends - now));
  return Number.isFinite(at) ? Math.round(at / 1000) * 1000 : null;
}

function least(own: number | null, others: (number | null)[]): number {
  return Math.min(own ?? Infinity, ...others.map((limit) => limit ?? Infinity));
}

/** Without its meter nothing is known about other loads. */
function withoutMeter(
  available: Float64Array,
  { without_meter_a }: Circuit,
  { at, floors }: { at: number; floors: Float64Array },
): void {
  for (let phase = 0; phase < 3; phase++) {
    available[at + phase] = Math.min(available[at + phase]!, without_meter_a ?? floors[at + phase]!);
  }
  if (without_meter_a === null) {
    available[at + HARD - 1] = Math.min(available[at + HARD - 1]!, floors[at + HARD - 1]!);
  }
}
