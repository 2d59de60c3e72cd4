// Time across restarts.

/** The clock's last known time and its newest steps; all in ms since 1970. */
export interface ClockRecord {
  /** A time that has passed. */
  at: number;
  /** Steps of the clock, newest last. */
  steps: { at: number; from: number; to: number }[];
}
