// The sums of one moment, on which a decision is made.
import { type Constraints, HARD, PER_CIRCUIT } from "./constraints.ts";

/** Times that a site sets, s. */
export interface LoadTimes {
  /** Time after which a limit that is not renewed falls back to the fail-safe one. */
  validity_s: number;
  /** Shortest time of charging, and of a pause. */
  dwell_s: number;
  /** Time after which a charging car makes room for one that waits. */
  rotation_s: number;
  /** The zone of schedules; left out: UTC. */
  time_zone?: string;
}

/** The sums of a moment, by constraint, A. */
export interface Moment {
  /** Monotonic, ms. */
  now: number;
  /** ms since 1970. */
  wall: number;
  constraints: Constraints;
  /** For chargers. */
  available: Float64Array;
  /** The same by what other loads likely are; it is never less. Nothing is raised by it. */
  likely: Float64Array;
  /** Kept free for other loads that rise: not available, but not too much if it is used. */
  kept: Float64Array;
  /** `available` less the worst case of all connectors; negative: it may be exceeded. */
  room: Float64Array;
  times: LoadTimes;
}

/** Returns true if a circuit, by its number, has less than nothing left on a phase or in all. */
export function isExceeded(number: number, room: Float64Array): boolean {
  const at = number * PER_CIRCUIT;
  for (let each = at; each < at + HARD; each++) if (room[each]! < -1e-6) return true;
  return false;
}

/** Returns true if a circuit, by its number, may have more on a phase than its limit, or more in all. */
export function isOver(number: number, { room, kept }: Pick<Moment, "room" | "kept">): boolean {
  return isExceeded(number, room.map((left, at) => left + kept[at]!));
}

/** Returns true if any circuit has less than nothing left. */
export function isAnyExceeded(room: Float64Array): boolean {
  for (let number = 0; number * PER_CIRCUIT < room.length; number++) {
    if (isExceeded(number, room)) return true;
  }
  return false;
}
