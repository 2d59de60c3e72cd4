// The ports of meters and of limits from outside: measurements and demands at circuits.
import type { PhaseCurrents } from "./phases.ts";

/** The flow through a circuit at a time, chargers included; export is negative. */
export interface FeedReading {
  /** The circuit's name. */
  circuit_id: string;
  /** ms since 1970. */
  at: number;
  current_a: PhaseCurrents;
  /** The sum of the phases: a single value counts on each phase, but once in the sum. */
  net_a: number;
}

/** A limit of a circuit that holds besides its own. */
export interface SupplyLimit {
  kind: "outside" | "schedule";
  /** Its origin: a later limit of the same source replaces it. */
  source: string;
  /** A on each phase; null: none. */
  limit_a: number | null;
  /** W, the sum of the phases; null: none. */
  limit_w: number | null;
  /** ms since 1970: it holds at least until then; null: its length counts alone. */
  until: number | null;
  /** Monotonic, ms: it holds at least until then, so that a clock that leaps does not end it; Infinity: without `until` it goes on. */
  ends: number;
}

/** A cap of one connector besides its share, A a phase, such as that of a surplus; null: none. */
export interface ConnectorCap {
  charger_id: string;
  connector_id: number;
  limit_a: number | null;
  /** A code for the connector's reason, such as `surplus`. */
  reason: string;
}
