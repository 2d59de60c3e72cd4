// Cars that want nothing for long, by the statuses of their connectors.

/** Time without a wish after which a car sleeps, ms. */
const SLEEP_MS = 120_000;
/** A sleeping car that has no current could not take any: it is given the chance this often, for as long as this. */
const CHANCE_EVERY_MS = 1_800_000;
const CHANCE_MS = 120_000;

/** The sleep of the car at one connector. Times are monotonic, ms. */
export class Sleep {
  #since: number | null = null;

  /** Takes the connector's status. One that is paused by its charger has not told whether it wants anything. */
  take(status: string, now: number): void {
    if (status === "SuspendedEV") this.#since ??= now;
    else if (status !== "SuspendedEVSE") this.#since = null;
  }

  /** Returns true for a car that sleeps, and is not given a chance now. */
  isAsleep(now: number): boolean {
    if (this.#since === null || now - this.#since < SLEEP_MS) return false;
    const round = (now - this.#since - SLEEP_MS) % CHANCE_EVERY_MS;
    return round < CHANCE_EVERY_MS - CHANCE_MS;
  }
}
