// Work on existing records that a newer program does while it serves.

/** Work that is not finished; the record is deleted when it is. */
export interface Upgrade {
  name: "indexes" | "sums";
  /** The highest transaction id that is done. */
  done: number;
  /** The transaction id up to which there is work. */
  upto: number;
}
