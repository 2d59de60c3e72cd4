// The budget of one connector: every limit that may be in force in the charger, until it certainly is not any more.

/** Times of the budget, ms. */
export interface BudgetTimes {
  /** Time after which a limit that was not renewed falls back to the fail-safe one, by the charger's schedule. */
  validity_ms: number;
  /** Allowance for the charger's clock. */
  skew_ms: number;
  /** Time until a car follows a limit that was accepted: 5 s by IEC 61851-1, and 5 s for the charger. */
  settle_ms: number;
}

/** The times that are the same everywhere. */
export const SKEW_MS = 5_000;
export const SETTLE_MS = 10_000;

interface Entry {
  number: number;
  amperes: number;
  /** Monotonic, ms. */
  end: number;
}

/** A connector's limits that may be in force. Times are monotonic, ms. */
export class Budget {
  readonly #times: () => BudgetTimes;
  #entries: Entry[] = [];
  #number = 0;
  /** The highest number that was accepted. */
  #accepted = 0;
  /** The limit that was sent last, A; null: none, or it has lapsed. */
  sent_a: number | null = null;
  sent_at = -Infinity;
  /** The limit that was accepted last, A. */
  confirmed_a: number | null = null;
  /** The number of the message that has no answer yet. */
  waiting: number | null = null;

  constructor(times: () => BudgetTimes) {
    this.#times = times;
  }

  /** Returns the most that may be in force besides the floor: 0 without any limit. */
  worst(now: number): number {
    let worst = 0;
    let kept = 0;
    for (const entry of this.#entries) {
      if (entry.end <= now) continue;
      this.#entries[kept++] = entry;
      if (entry.amperes > worst) worst = entry.amperes;
    }
    this.#entries.length = kept;
    return worst;
  }

  /** Counts a limit that is about to be sent; returns the number of its message. */
  send(amperes: number, now: number): number {
    const { validity_ms, skew_ms, settle_ms } = this.#times();
    const number = ++this.#number;
    this.#entries.push({ number, amperes, end: now + validity_ms + skew_ms + settle_ms });
    this.sent_a = amperes;
    this.sent_at = now;
    this.waiting = number;
    return number;
  }

  /** The charger has accepted a message: what was sent before it is over once the car has followed. */
  accepted(number: number, now: number): void {
    const { settle_ms } = this.#times();
    this.#accepted = Math.max(this.#accepted, number);
    for (const entry of this.#entries) {
      if (entry.number < number) entry.end = Math.min(entry.end, now + settle_ms);
      else if (entry.number === number) this.confirmed_a = entry.amperes;
    }
    if (this.waiting === number) this.waiting = null;
  }

  /** The charger has refused a message: its limit was never in force, and the one before it still is. */
  refused(number: number): void {
    this.#entries = this.#entries.filter((entry) => entry.number !== number);
    this.sent_a = this.confirmed_a;
    if (this.waiting === number) this.waiting = null;
  }

  /** No answer, or one that says nothing: the message may have been executed or not. */
  unanswered(number: number): void {
    if (this.waiting === number) this.waiting = null;
  }

  /**
   * The session has ended by the charger's own word: its limits end with it (OCPP 1.6 §3.13.1). One without an answer may
   * reach a charger that takes it for the next session.
   */
  sessionEnded(now: number): void {
    const { settle_ms } = this.#times();
    for (const entry of this.#entries) {
      if (entry.number <= this.#accepted) entry.end = Math.min(entry.end, now + settle_ms);
    }
    this.sent_a = null;
    this.confirmed_a = null;
  }

  /** The gateway's clock, by which chargers set theirs, was set back: their limits may last longer by that. */
  setBack(by_ms: number, now: number): void {
    for (const entry of this.#entries) if (entry.end > now) entry.end += by_ms;
  }

  /** A start of the program: a limit of the last run may be in force for as long as one can be. */
  recover(amperes: number, now: number): void {
    const { validity_ms, skew_ms, settle_ms } = this.#times();
    if (amperes > 0) this.#entries.push({ number: 0, amperes, end: now + validity_ms + skew_ms + settle_ms });
  }

  /** Forgets what was sent once it has lapsed in the charger. */
  lapse(now: number): void {
    if (this.sent_a !== null && now - this.sent_at >= this.#times().validity_ms) {
      this.sent_a = null;
      this.confirmed_a = null;
    }
  }
}
