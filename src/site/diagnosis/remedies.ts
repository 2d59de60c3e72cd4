// All diagnoses, each with the actions that may help.

/**
 * An action of an operator: an OCPP command, or one of the gateway's own: `accept` and `set_key` change the charger,
 * `allow_card` the card, `close_session` the session; `approve_certificate` decides on the charger's request.
 */
export type Remedy =
  | "accept"
  | "allow_card"
  | "approve_certificate"
  | "cancel_reservation"
  | "change_availability"
  | "change_configuration"
  | "clear_charging_profile"
  | "close_session"
  | "get_diagnostics"
  | "remote_start"
  | "remote_stop"
  | "reset"
  | "set_key"
  | "trigger_message"
  | "unlock_connector";

/** The remedies by diagnosis, the most promising first; none: only somebody at the charger can help. */
export const REMEDIES = {
  // The connection
  never_connected: [],
  key_refused: ["set_key"],
  certificate_refused: ["approve_certificate"],
  offline: [],
  waiting_for_acceptance: ["accept"],
  rejected: ["accept"],
  never_booted: ["trigger_message", "reset"],
  // The charger
  clock_wrong: ["trigger_message", "reset"],
  no_connector_status: ["trigger_message"],
  // Cards
  card_unknown: ["allow_card"],
  card_blocked: ["allow_card"],
  card_expired: ["allow_card"],
  card_in_use: ["remote_stop"],
  card_refused: ["allow_card"],
  // Connectors
  waiting_for_card: ["remote_start"],
  waiting_for_car: [],
  waiting_for_start: ["remote_start"],
  reserved: ["cancel_reservation"],
  unavailable: ["change_availability"],
  paused_by_car: [],
  paused_by_charger: ["reset"],
  limit_zero: ["clear_charging_profile"],
  limit_low: ["clear_charging_profile"],
  load_shared: [],
  no_power: [],
  no_meter_values: ["change_configuration", "trigger_message"],
  no_session: ["trigger_message", "reset"],
  session_stuck: ["close_session", "reset"],
  unplug: ["unlock_connector"],
  unknown_status: ["trigger_message"],
  // Faults: the error codes of OCPP 1.6 §7.6
  connector_lock_failure: ["unlock_connector", "reset"],
  ev_communication_error: ["reset"],
  ground_failure: [],
  high_temperature: [],
  internal_error: ["reset", "get_diagnostics"],
  local_list_conflict: ["reset"],
  other_error: ["reset", "get_diagnostics"],
  over_current_failure: [],
  over_voltage: [],
  power_meter_failure: ["reset", "get_diagnostics"],
  power_switch_failure: ["reset", "get_diagnostics"],
  reader_failure: ["remote_start", "reset"],
  reset_failure: ["reset"],
  under_voltage: [],
  weak_signal: [],
  // Faults that chargers name in words of their own
  emergency_stop: [],
  door_open: [],
  residual_current: [],
  contactor_welded: ["get_diagnostics"],
  breaker_tripped: [],
  phase_missing: [],
} as const satisfies Record<string, readonly Remedy[]>;

/** The code of a diagnosis. */
export type DiagnosisCode = keyof typeof REMEDIES;

/** The diagnoses that need nobody: this is how chargers are used. */
export const CALM: ReadonlySet<DiagnosisCode> = new Set<DiagnosisCode>([
  "waiting_for_card",
  "waiting_for_car",
  "waiting_for_start",
  "reserved",
  "paused_by_car",
  "load_shared",
  "unplug",
]);
