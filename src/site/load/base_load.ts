// The load of a circuit that is not chargers, from its meter: it rises at once and falls slowly.
import { HighestLoad } from "./highest_load.ts";
import type { PhaseCurrents } from "./phases.ts";

/** Time for which a high value counts: longer than the chargers' values may be old, so that a car that stops is not taken for a load that has gone. */
const HOLD_MS = 90_000;
/** The same where every charger has told since what it draws. */
const BRIEF_HOLD_MS = 30_000;
/** Allowance for a charger's values, which may be that old when they come, ms. */
const REPORT_LAG_MS = 5_000;

/** A charger's rise between its last two reports, A on L1, L2, L3. */
export interface Rise {
  /** Time of the former, monotonic, ms. */
  since: number;
  amperes: PhaseCurrents;
}

interface Peak {
  at: number;
  amperes: PhaseCurrents;
  /** The part of it that may be cars whose limits were raised just before, and which have not reported since. */
  rising: PhaseCurrents;
  all_told: boolean;
}

/** The chargers' draw below a circuit, as it is known when the flow is measured. */
export interface KnownDraw {
  /** Drawn for certain. */
  drawn: PhaseCurrents;
  /** Drawn more than that, maybe, since their limits were raised and they have not reported since. */
  rising: PhaseCurrents;
  /** The time of the oldest report, monotonic, ms. */
  oldest: number;
  /** True: every charger with a session has reported in the last minute. */
  all_told: boolean;
}

/** The other loads of one circuit. Times are monotonic, ms. */
export class BaseLoad {
  /** Values that are higher than all later ones on some phase, oldest first. */
  #peaks: Peak[] = [];
  /** Kept once chargers have told what they drew. */
  readonly highest = new HighestLoad();
  readonly #explained = new WeakSet<Rise>();
  /** The newest flow, chargers included. */
  measured_a: PhaseCurrents | null = null;
  measured_at = -Infinity;

  /** Takes a measured flow, and what chargers draw of it. Export counts as no load: it may end at any moment. */
  take(measured: PhaseCurrents, { drawn, rising, oldest, all_told }: KnownDraw, now: number): void {
    this.measured_a = measured;
    this.measured_at = now;
    this.highest.begin(now);
    const amperes = measured.map((flow, phase) => Math.max(0, flow - drawn[phase]!)) as PhaseCurrents;
    const told = Math.min(now - BRIEF_HOLD_MS, oldest - REPORT_LAG_MS);
    this.#peaks = this.#peaks.filter((peak) => {
      const is_old = now - peak.at >= HOLD_MS || peak.at <= told;
      if (is_old && peak.all_told) this.highest.take(peak.amperes, now);
      return !is_old && peak.amperes.some((value, phase) => value > amperes[phase]!);
    });
    for (const peak of this.#peaks) {
      peak.rising = peak.rising.map((value, phase) => Math.min(value, rising[phase]!)) as PhaseCurrents;
    }
    this.#peaks.push({ at: now, amperes, rising, all_told });
  }

  /**
   * A charger draws more than its last report said: what was taken for other loads since then was less by that, at least
   * at the end. A rise that was told before changes nothing.
   */
  explain(rise: Rise): void {
    if (this.#explained.has(rise)) return;
    this.#explained.add(rise);
    for (const { at, amperes } of this.#peaks) {
      if (at <= rise.since) continue;
      for (let phase = 0; phase < 3; phase++) {
        amperes[phase] = Math.max(0, amperes[phase]! - rise.amperes[phase]!);
      }
    }
  }

  /** Returns true if a phase was above a limit when the flow was measured, and that was not before `since`. */
  isAbove(limit_a: number, since: number): boolean {
    return this.measured_at >= since && this.measured_a!.some((flow) => flow > limit_a);
  }

  /**
   * Returns the other loads, null if the meter has been silent for longer than `timeout_ms`. `likely`: a rise of the flow
   * that cars may have made whose limits were just raised is not taken for one of other loads.
   */
  now(now: number, timeout_ms: number, { likely = false } = {}): PhaseCurrents | null {
    if (now - this.measured_at > timeout_ms) return null;
    const most: PhaseCurrents = [0, 0, 0];
    for (const { at, amperes, rising } of this.#peaks) {
      if (now - at >= HOLD_MS && at !== this.measured_at) continue;
      for (let phase = 0; phase < 3; phase++) {
        most[phase] = Math.max(most[phase]!, amperes[phase]! - (likely ? rising[phase]! : 0));
      }
    }
    return most;
  }
}
