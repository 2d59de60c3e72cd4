// The bytes of readings that each charger has stored on the current day (UTC).

const DAY_MS = 86_400_000;

/** Counts the stored bytes of chargers by day. In memory: a restart begins the count again. */
export class ReadingBudget {
  #day = -1;
  readonly #bytes = new Map<string, number>();

  /** Adds bytes of a charger; `now`: ms since 1970. Hot. */
  add(charger_id: string, bytes: number, now: number): void {
    const day = Math.floor(now / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      this.#bytes.clear();
    }
    this.#bytes.set(charger_id, (this.#bytes.get(charger_id) ?? 0) + bytes);
  }

  /** Returns true if a charger has used up a budget of bytes on the day of `now`. Hot. */
  isUsedUp(charger_id: string, budget: number, now: number): boolean {
    return (this.#bytes.get(charger_id) ?? 0) >= budget && Math.floor(now / DAY_MS) === this.#day;
  }

  /** Returns the chargers that have used up a budget of bytes on the day of `now`. */
  usedUpBy(budget: number, now: number): string[] {
    return [...this.#bytes.keys()].filter((charger_id) => this.isUsedUp(charger_id, budget, now));
  }
}
