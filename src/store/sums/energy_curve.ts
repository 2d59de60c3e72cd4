// The energy of a session over time, as its meter counted it.
import { QUARTER } from "./session_part.ts";

const BRIDGED = 300_000; // ms without a step of the register that do not end a span of charging
const MOST_SPANS = 64;

/** Points of a session's energy, thinned to the first and last of each quarter-hour, and the spans in which it rose. */
export class EnergyCurve {
  /** Times of the points, ms since 1970, rising. */
  readonly at: number[] = [];
  /** Energy since the start at each point, mWh, never falling. */
  readonly total: number[] = [];
  /** Spans in which energy flowed, as pairs of from and to, ms since 1970. */
  readonly charging: number[] = [];

  /** Adds a point. One that is out of order or without a time changes nothing. Hot. */
  add(at: number, total: number): void {
    const { length } = this.at;
    if (length === 0) {
      if (Number.isFinite(at)) this.at.push(at), this.total.push(total);
      return;
    }
    const last_at = this.at[length - 1]!;
    const last_total = this.total[length - 1]!;
    if (!(at >= last_at) || total < last_total) return;
    if (total > last_total) this.#flowed(last_at, at);
    const quarter = Math.floor(at / QUARTER);
    const isThinned = length > 1 && Math.floor(this.at[length - 2]! / QUARTER) === quarter;
    const index = at === last_at || isThinned ? length - 1 : length;
    this.at[index] = at;
    this.total[index] = total;
  }

  #flowed(from: number, to: number): void {
    const { charging } = this;
    const end = charging.at(-1);
    const isBridged = end !== undefined && (from - end <= BRIDGED || charging.length >= 2 * MOST_SPANS);
    if (isBridged) charging[charging.length - 1] = Math.max(end, to);
    else charging.push(from, to);
  }
}
