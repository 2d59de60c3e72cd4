// Circuits, what the gateway knows for certain about chargers' limits, and the decisions of load management.

/** The order in which chargers get current where there is not enough for all. */
export type LoadPolicy = "equal" | "first_come" | "priority";

/** The source of a circuit's flow. `push`: whoever writes `PUT /ocpp/circuits/<name>/meter/`. Others name their own fields. */
export interface CircuitMeter {
  kind: string;
  [field: string]: unknown;
}

/** A limit of a circuit at times of the day, by the site's clocks. */
export interface ScheduledLimit {
  /** Days of the week on which it begins: `mon` to `sun`. */
  days: string[];
  /** `HH:MM`. */
  from: string;
  /** `HH:MM`; not later than `from`: on the next day. */
  to: string;
  /** A on each phase; null: none. */
  limit_a: number | null;
  /** W, the sum of the phases; null: none. */
  limit_w: number | null;
}

/** A fuse or feeder. Circuits form trees. */
export interface Circuit {
  name: string;
  /** The circuit that feeds it; null: none. */
  parent: string | null;
  /** A on each phase; null: no limit. */
  max_current_a: number | null;
  /** W, the sum of the phases; null: no limit. */
  max_power_w: number | null;
  policy: LoadPolicy;
  /** Measures the whole circuit's flow, chargers included; null: only chargers are on the circuit. */
  meter: CircuitMeter | null;
  /** Age at which the meter's values are none any more, s. */
  meter_timeout_s: number;
  /** A on each phase that chargers may have while the meter is silent; null: the sum of their fail-safe limits. */
  without_meter_a: number | null;
  /** A kept free on each phase for other loads that rise faster than cars follow; left out: 0. */
  reserve_a?: number;
  /** A by which phases may differ; null: any. */
  max_imbalance_a: number | null;
  enabled: boolean;
  /** Limits at times of the day; left out: none. */
  schedule?: ScheduledLimit[];
  created_at: string;
}

/** A limit of a circuit besides its own until a time: of a grid operator, of an energy manager. */
export interface OutsideLimit {
  circuit: string;
  /** Its origin: a later limit of the same source replaces it. */
  source: string;
  /** A on each phase; null: none. */
  limit_a: number | null;
  /** W, the sum of the phases; null: none. */
  limit_w: number | null;
  set_at: string;
  until: string;
  /** s for which it was set, however the clock is moved meanwhile; null: it ends at a time of the clock. */
  valid_s: number | null;
}

/** The state of a connector's fail-safe limit (a TxDefaultProfile): `installed`: accepted, but not read back. */
export type FailsafeState = "unknown" | "installed" | "verified" | "refused";

/** The purposes by which a connector takes limits, most capable first; `none`: it takes no limit. */
export type LimitPath = "TxProfile" | "TxDefaultProfile" | "ChargePointMaxProfile" | "none";

/** A connector's worst case, stored before a limit that raises it is sent. */
export interface LoadState {
  charger_id: string;
  connector_id: number;
  /** The `record_id` of its charger's device: what was known of another one does not hold. */
  record_id?: string;
  /** Highest limit that may be in force, A a phase; 0: none was sent. */
  worst_a: number;
  path: LimitPath;
  failsafe: FailsafeState;
  /** The installed fail-safe limit, A; null: none. */
  failsafe_a: number | null;
  /** It has kept, or lost, its fail-safe limit over a reboot; null: not known. */
  keeps_failsafe: boolean | null;
  /** Out of service, since there is no room for a connector that takes no limit. */
  blocked: boolean;
  /** The choice for a session, before that of its charger; true: from the surplus alone. */
  session_surplus?: { transaction_id: number; surplus: boolean };
}

/** A decision: a connector's limit was changed, or the attempt failed. */
export interface LoadDecision {
  sequence: number;
  at: string;
  charger_id: string;
  connector_id: number;
  /** A; null: none was set. */
  from_a: number | null;
  to_a: number | null;
  /** A code, such as `shares` or `waits`. */
  reason: string;
  /** The subjects of the reason, such as the source of a limit from outside. */
  reason_values?: Record<string, string | number | null>;
  /** The charger's answer. */
  answer: string;
}
