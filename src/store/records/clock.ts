// Time across restarts.

/** The clock's last known time and its newest steps; all in ms since 1970. */
export interface ClockRecord {
  /** A time that has passed. */
  at: number;
  /** Steps of the clock, newest last. */
  steps: { at: number; from: number; to: number }[];
  /** Present: the system's clock has leapt ahead, and nobody has confirmed that. */
  leap?: LeapRecord;
}

/** Unconfirmed leaps of the system's clock; times in ms since 1970. */
export interface LeapRecord {
  /** The system's clock when this was stored. */
  wall: number;
  /** True: the gateway's time goes on as before the leap. */
  held: boolean;
  /** Time since the last step, ms. */
  stepped_ms: number;
  /** The times that the leaps have left, oldest first: what they would be now, and what the clock leapt to. */
  left: { time: number; leapt_to: number }[];
  /** The gateway's time since which sessions have times of the clock that leapt. */
  since: number;
}
