// The load of a circuit that is not chargers, from its meter: it rises at once and falls slowly.
import type { PhaseCurrents } from "./phases.ts";

/** Time for which a high value counts: longer than the chargers' values may be old, so that a car that stops is not taken for a load that has gone. */
const HOLD_MS = 90_000;

interface Peak {
  at: number;
  amperes: PhaseCurrents;
}

/** The other loads of one circuit. Times are monotonic, ms. */
export class BaseLoad {
  /** Values that are higher than all later ones on some phase, oldest first. */
  #peaks: Peak[] = [];
  /** The newest flow, chargers included. */
  measured_a: PhaseCurrents | null = null;
  measured_at = -Infinity;

  /** Takes a measured flow, and what chargers certainly draw of it. Export counts as no load: it may end at any moment. */
  take(measured: PhaseCurrents, chargers: PhaseCurrents, now: number): void {
    this.measured_a = measured;
    this.measured_at = now;
    const amperes = measured.map((flow, phase) => Math.max(0, flow - chargers[phase]!)) as PhaseCurrents;
    this.#peaks = this.#peaks.filter((peak) =>
      now - peak.at < HOLD_MS && peak.amperes.some((value, phase) => value > amperes[phase]!)
    );
    this.#peaks.push({ at: now, amperes });
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
