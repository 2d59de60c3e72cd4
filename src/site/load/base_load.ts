// The load of a circuit that is not chargers, from its meter: it rises at once and falls slowly.
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
}

/** The other loads of one circuit. Times are monotonic, ms. */
export class BaseLoad {
  /** Values that are higher than all later ones on some phase, oldest first. */
  #peaks: Peak[] = [];
  readonly #explained = new WeakSet<Rise>();
  /** The newest flow, chargers included. */
  measured_a: PhaseCurrents | null = null;
  measured_at = -Infinity;

  /**
   * Takes a measured flow, and what chargers certainly draw of it, by reports of which the oldest came at a time. Export
   * counts as no load: it may end at any moment.
   */
  take(
    measured: PhaseCurrents,
    { drawn, oldest }: { drawn: PhaseCurrents; oldest: number },
    now: number,
  ): void {
    this.measured_a = measured;
    this.measured_at = now;
    const amperes = measured.map((flow, phase) => Math.max(0, flow - drawn[phase]!)) as PhaseCurrents;
    const told = Math.min(now - BRIEF_HOLD_MS, oldest - REPORT_LAG_MS);
    this.#peaks = this.#peaks.filter((peak) =>
      now - peak.at < HOLD_MS && peak.at > told &&
      peak.amperes.some((value, phase) => value > amperes[phase]!)
    );
    this.#peaks.push({ at: now, amperes });
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

  /** Returns the other loads; null if the meter has been silent for longer than `timeout_ms`. */
  now(now: number, timeout_ms: number): PhaseCurrents | null {
    if (now - this.measured_at > timeout_ms) return null;
    const most: PhaseCurrents = [0, 0, 0];
    for (const { at, amperes } of this.#peaks) {
      if (now - at >= HOLD_MS && at !== this.measured_at) continue;
      for (let phase = 0; phase < 3; phase++) most[phase] = Math.max(most[phase]!, amperes[phase]!);
    }
    return most;
  }
}
