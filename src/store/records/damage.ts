// Damage of the database.

/** A stored value that was found damaged. A copy of its bytes is kept beside the record until somebody discards it. */
export interface DamageRecord {
  /** The table's name in the database. */
  table: string;
  /** The parts of the value's key after the table's name. */
  key: (string | number)[];
  reason: string;
  found_at: string;
  bytes: number;
}

/** The last complete scrub: a check of all stored values. */
export interface ScrubRecord {
  began_at: string;
  ended_at: string;
  /** Number of values, and their size. */
  values: number;
  bytes: number;
  /** Values without a checksum, which an older program has written. */
  unsealed: number;
  damaged: number;
}
