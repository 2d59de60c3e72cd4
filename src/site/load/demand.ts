// The demand of the car at a connector, learned from what it draws: the phases that it loads, and the most that it takes.
import type { Rise } from "./base_load.ts";
import type { LoadedPhases } from "./constraints.ts";
import { ALL_PHASES, phaseBit, phaseCount, type PhaseCurrents, wiredPhases } from "./phases.ts";

const UNUSED_A = 1;
const USED_A = 5;
const LEARN_MS = 60_000;
const BELOW_A = 1;
const MARGIN_A = 1;
/** A car that draws less than its cap by more than this takes no more. */
const AT_CAP_A = 0.5;
const PROBE_MS = 900_000;
const FRESH_MS = 60_000;

/** The wiring of a connector. */
export interface ConnectorWiring {
  phases: number;
  phase_rotation: string | null;
}

/** The demand of one car. Times are monotonic, ms. */
export class Demand {
  readonly #wiring: ConnectorWiring;
  /** Currents at the charger's L1, L2, L3, A. */
  drawn_a: PhaseCurrents | null = null;
  /** True: the currents were measured on each phase. */
  #by_phase = false;
  /** Time of its last report. */
  drawn_at = -Infinity;
  /** The rise of the newest report; null: it is not higher than the one before on any phase. */
  rise: Rise | null = null;
  /** The conductors in use, as bits; learned. */
  #conductors: number | null = null;
  #loaded: { of: number | null; phases: LoadedPhases } | null = null;
  #idle_since: PhaseCurrents = [NaN, NaN, NaN];
  #below_since = NaN;
  #capped_at = NaN;
  /** The most that the car takes, A a phase, with a margin; null: not known. */
  cap_a: number | null = null;

  constructor(wiring: ConnectorWiring) {
    this.#wiring = wiring;
  }

  /** Takes what the connector draws; `limit_a` is the limit that it has. */
  take(
    drawn: PhaseCurrents,
    now: number,
    { by_phase, limit_a }: { by_phase: boolean; limit_a: number | null },
  ): void {
    const [before, since] = [this.#certain(), this.drawn_at];
    this.drawn_a = drawn;
    this.#by_phase = by_phase;
    this.drawn_at = now;
    this.rise = riseOf(before, this.#certain(), since);
    if (by_phase) this.#learnPhases(drawn, now);
    this.#learnCap(Math.max(...drawn), now, limit_a);
  }

  /** True: its last report says what it draws. */
  isFresh(now: number): boolean {
    return now - this.drawn_at <= FRESH_MS;
  }

  /** True: it drew something by its last report. */
  get draws(): boolean {
    return this.drawn_a !== null && this.drawn_a.some((amperes) => amperes > 0);
  }

  /** The car has stopped drawing, by the connector's status. */
  stop(now: number): void {
    if (this.drawn_a === null) return;
    this.drawn_a = [0, 0, 0];
    this.drawn_at = now;
  }

  /** Gives the car the chance to take more than it did. */
  probe(now: number): void {
    if (this.cap_a === null || now - this.#capped_at < PROBE_MS) return;
    this.cap_a = null;
    this.#below_since = NaN;
  }

  /** Returns the supply's phases that the connector may load; the same object while that does not change. */
  phases(): LoadedPhases {
    if (this.#loaded === null || this.#loaded.of !== this.#conductors) {
      this.#loaded = { of: this.#conductors, phases: this.#phasesNow() };
    }
    return this.#loaded.phases;
  }

  #phasesNow(): LoadedPhases {
    const { phases, phase_rotation } = this.#wiring;
    const conductors = this.#conductors;
    if (phases === 1 || conductors === null) {
      const maybe = wiredPhases(phases, phase_rotation);
      return { maybe, surely: phases === 1 ? maybe === ALL_PHASES ? 0 : maybe : 0, count: phases };
    }
    const bits = this.#supplyPhases(conductors);
    const known = phase_rotation !== null || conductors === ALL_PHASES;
    return { maybe: bits, surely: known ? bits : 0, count: phaseCount(conductors) };
  }

  /** Returns what it certainly draws of the supply's phases, A, at most its limit; zeros if the figures are old. */
  certain(now: number, limit_a: number): PhaseCurrents {
    if (!this.isFresh(now)) return [0, 0, 0];
    return this.#certain().map((amperes) => Math.min(amperes, limit_a)) as PhaseCurrents;
  }

  #certain(): PhaseCurrents {
    const certain: PhaseCurrents = [0, 0, 0];
    if (this.drawn_a === null) return certain;
    const { phases, phase_rotation } = this.#wiring;
    if (!this.#by_phase && phases !== 1) return certain;
    if (phase_rotation === null) {
      return phases === 1 ? certain : certain.fill(Math.min(...this.drawn_a)) as PhaseCurrents;
    }
    for (let conductor = 0; conductor < phases; conductor++) {
      const bit = phaseBit(phase_rotation, conductor);
      certain[bit >> 1] = this.drawn_a[conductor]!; // 1, 2, 4: places 0, 1, 2
    }
    return certain;
  }

  #supplyPhases(conductors: number): number {
    const { phase_rotation } = this.#wiring;
    let bits = 0;
    for (let conductor = 0; conductor < 3; conductor++) {
      if (conductors >> conductor & 1) bits |= phaseBit(phase_rotation, conductor);
    }
    return bits;
  }

  /** A phase is not used any more after a minute without current while another carries some; it is used again at once. */
  #learnPhases(drawn: PhaseCurrents, now: number): void {
    const draws = Math.max(...drawn) >= USED_A;
    let used = 0;
    let ripe = true;
    for (let conductor = 0; conductor < 3; conductor++) {
      if (drawn[conductor]! > UNUSED_A) {
        this.#idle_since[conductor] = NaN;
        used |= 1 << conductor;
      } else if (!draws) this.#idle_since[conductor] = NaN;
      else {
        if (Number.isNaN(this.#idle_since[conductor]!)) this.#idle_since[conductor] = now;
        if (now - this.#idle_since[conductor]! < LEARN_MS) ripe = false;
      }
    }
    if (this.#conductors !== null) this.#conductors |= used;
    if (draws && ripe && used !== 0) this.#conductors = used;
  }

  /** A car that draws less than its limit for a minute gets what it draws and a margin. */
  #learnCap(drawn: number, now: number, limit_a: number | null): void {
    if (this.cap_a !== null && drawn >= this.cap_a - AT_CAP_A) this.cap_a = null;
    if (limit_a === null || drawn >= limit_a - BELOW_A || drawn < UNUSED_A) {
      this.#below_since = NaN;
      return;
    }
    if (Number.isNaN(this.#below_since)) this.#below_since = now;
    if (now - this.#below_since < LEARN_MS) return;
    const cap = Math.ceil(10 * (drawn + MARGIN_A)) / 10;
    if (this.cap_a === null || cap < this.cap_a) this.#capped_at = now;
    this.cap_a = Math.min(this.cap_a ?? Infinity, cap);
  }
}

function riseOf(before: PhaseCurrents, after: PhaseCurrents, since: number): Rise | null {
  const amperes = after.map((value, phase) => Math.max(0, value - before[phase]!)) as PhaseCurrents;
  return amperes.some((value) => value > 0) ? { since, amperes } : null;
}
