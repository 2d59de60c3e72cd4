// Load management: senses the circuits' meters and chargers, decides on their limits, and sends these.
import type { FeedReading } from "../../site/load/feed_reading.ts";
import type { PhaseCurrents } from "../../site/load/phases.ts";
import type { Circuit, LoadDecision, Store } from "../../store/store.ts";

/** A circuit now. Currents on L1, L2, L3 in A; null: not known or not limited. */
export interface LiveCircuit {
  measured_a: PhaseCurrents | null;
  measured_at: string | null;
  /** The sum of the chargers' limits. */
  allocated_a: PhaseCurrents;
  /** Left for chargers, beside what is not chargers. */
  available_a: PhaseCurrents | null;
  mode: "normal" | "meter_lost" | "over";
}

/** A connector of a managed charger now. */
export interface LiveConnector {
  charger_id: string;
  connector_id: number;
  circuit: string;
  /** Phases that it loads: L1, L2, L3. */
  phases: string[];
  state: "idle" | "charging" | "waiting" | "failsafe" | "uncontrolled";
  /** The limit that it was sent last, A. */
  allocated_a: number | null;
  /** The limit that it has accepted last, A. */
  confirmed_a: number | null;
  /** The most that it may draw by what is known for certain, A. */
  budgeted_a: number;
  drawn_a: PhaseCurrents | null;
  /** A code, such as `shares` or `waits`. */
  reason: string;
  /** False: without the gateway nothing limits it. */
  safe_alone: boolean;
}

/** The parts that load management works with. */
export interface LoadManagementDeps {
  store: Store;
  /** Wall clock, ms since 1970. */
  now: () => number;
}

/** The load management of a site. */
export class LoadManagement {
  readonly #deps: LoadManagementDeps;
  /** The newest readings by circuit. */
  readonly #readings = new Map<string, FeedReading>();

  constructor(deps: LoadManagementDeps) {
    this.#deps = deps;
  }

  /** Forgets what meters said. */
  stop(): void {
    this.#readings.clear();
  }

  /** Takes what a circuit's meter measured; the port of all kinds of meters. */
  take(reading: FeedReading): void {
    this.#readings.set(reading.circuit_id, reading);
  }

  /** Returns a circuit's live figures. */
  circuit({ name, meter, meter_timeout_s, max_current_a }: Circuit): LiveCircuit {
    const reading = this.#readings.get(name);
    const lost = meter !== null && !(reading && this.#deps.now() - reading.at <= meter_timeout_s * 1000);
    return {
      measured_a: reading?.current_a ?? null,
      measured_at: reading ? new Date(reading.at).toISOString() : null,
      allocated_a: [0, 0, 0],
      available_a: max_current_a === null ? null : [max_current_a, max_current_a, max_current_a],
      mode: lost ? "meter_lost" : "normal",
    };
  }

  /** Returns the connectors of managed chargers. */
  connectors(): LiveConnector[] {
    return [];
  }

  /** Returns the kept decisions, newest first. */
  decisions(): LoadDecision[] {
    return this.#deps.store.load_log.all().reverse();
  }
}
