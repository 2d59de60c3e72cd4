// The availability of chargers: sums of time by month, kept as things happen.

/** Sums of a charger's time in one month, ms, and counts. */
export interface AvailabilitySums {
  /** The month of the site's zone, `YYYY-MM`. */
  month: string;
  /** Begin of the count, ms since 1970: of the month, or when the charger was new. */
  from: number;
  up_ms: number;
  down_ms: number;
  /** The gateway was off, or had just started. */
  unknown_ms: number;
  /** Time with any connector Faulted, while connected. */
  faulted_ms: number;
  disconnections: number;
  connectors: ConnectorFaults[];
}

/** Faults of one connector; 0: the whole charger. */
export interface ConnectorFaults {
  connector_id: number;
  faults: number;
  faulted_ms: number;
}

/** The running count of a charger. */
export interface Availability extends AvailabilitySums {
  charger_id: string;
  /** The time up to which it is counted, ms since 1970. */
  at: number;
  /** The state since then; null: the gateway has just started and waits for the charger. */
  connected: boolean | null;
  /** The connectors that are Faulted since then. */
  faulted: number[];
  /** The earlier months that are stored, oldest first. */
  months: string[];
}

/** A charger's sums of an earlier month. */
export interface AvailabilityMonth extends AvailabilitySums {
  charger_id: string;
}
