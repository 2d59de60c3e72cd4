// Bytes per second of a charger's connection.

/** Counts the bytes of a connection against a rate. */
export class ByteRate {
  readonly #burst_s: number;
  #debt = 0;
  #at = performance.now();

  /** `burst_s`: as many seconds of the rate may come at once. */
  constructor(burst_s: number) {
    this.#burst_s = burst_s;
  }

  /** Counts bytes that have come; returns the milliseconds until the rate is kept again, 0 if it is. */
  count(bytes: number, per_second: number): number {
    const now = performance.now();
    const paid = (now - this.#at) / 1000 * per_second;
    this.#debt = Math.max(0, this.#debt - paid) + bytes;
    this.#at = now;
    return Math.max(0, this.#debt / per_second - this.#burst_s) * 1000;
  }
}
