// The highest other loads that a circuit's meter has shown in the last days.
import type { PhaseCurrents } from "./phases.ts";

const DAY_MS = 86_400_000;
const DAYS = 7;
/** Allowance for loads that were not all on at once so far, A. */
const MARGIN_A = 1;

/** The highest other loads of one circuit by day since the program's start. Times are monotonic, ms. */
export class HighestLoad {
  readonly #days = new Map<number, PhaseCurrents>();
  #since: number | null = null;

  /** Begins to count the time for which loads are known, at the first call. */
  begin(now: number): void {
    this.#since ??= now;
  }

  /** Takes the other loads of a moment. */
  take(amperes: PhaseCurrents, now: number): void {
    const day = Math.floor(now / DAY_MS);
    const most = this.#days.get(day);
    if (!most) this.#days.set(day, [...amperes]);
    else amperes.forEach((value, phase) => most[phase] = Math.max(most[phase]!, value));
    for (const old of this.#days.keys()) if (old <= day - DAYS) this.#days.delete(old);
  }

  /** Returns by how much other loads are expected to rise from what they are, A; Infinity: they are known for less than a day. */
  rises(from: PhaseCurrents, now: number): PhaseCurrents {
    if (this.#since === null || now - this.#since < DAY_MS) return [Infinity, Infinity, Infinity];
    return from.map((amperes, phase) => {
      const highest = [...this.#days.values()].map((most) => most[phase]!);
      return Math.max(amperes, ...highest) + MARGIN_A - amperes;
    }) as PhaseCurrents;
  }
}
