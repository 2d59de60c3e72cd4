// The conditions of a site that alerts are about, as they are at a moment.
import type { CentralSystem } from "../../../central/central_system.ts";
import type { Alarms } from "../../../machine/alarms.ts";
import type { Alarm } from "../../../site/events.ts";
import { diagnose, type Diagnosis } from "../../../site/diagnosis/diagnosis.ts";
import type { DiagnosisCode } from "../../../site/diagnosis/remedies.ts";
import type { Alert, Charger, SecurityEvent, Store, Transaction } from "../../../store/store.ts";
import { nearEndOf } from "../../certificate_expiry.ts";
import type { LoadManagement } from "../../load/load_management.ts";
import type { RuleName } from "./rules.ts";

/** A condition that lasts. */
export type Condition = Pick<Alert, "code" | "charger_id" | "connector_id" | "values" | "since"> & {
  rule: RuleName;
};

/** The parts in which conditions are found. */
export interface ConditionsDeps {
  store: Store;
  central: Pick<CentralSystem, "state">;
  alarms: Alarms;
  load: Pick<LoadManagement, "connectors">;
  now: () => number;
}

/** The rules of diagnoses; the others are how chargers are used. */
const OF_DIAGNOSIS: Partial<Record<DiagnosisCode, RuleName>> = {
  offline: "charger_offline",
  key_refused: "charger_refused",
  certificate_refused: "charger_refused",
  never_booted: "charger_refused",
  waiting_for_acceptance: "charger_waiting",
};

/** Diagnoses of OCPP's errors and of what chargers say beside them. */
const FAULTS: ReadonlySet<DiagnosisCode> = new Set<DiagnosisCode>([
  "connector_lock_failure",
  "ev_communication_error",
  "ground_failure",
  "high_temperature",
  "internal_error",
  "local_list_conflict",
  "other_error",
  "over_current_failure",
  "over_voltage",
  "power_meter_failure",
  "power_switch_failure",
  "reader_failure",
  "reset_failure",
  "under_voltage",
  "weak_signal",
  "emergency_stop",
  "door_open",
  "residual_current",
  "contactor_welded",
  "breaker_tripped",
  "phase_missing",
]);

/** Returns all conditions that last. Nobody is woken for a simulator. */
export function conditionsOf(deps: ConditionsDeps): Condition[] {
  const chargers = deps.store.chargers.all().filter(({ simulated }) => !simulated);
  return [
    ...deps.alarms.all().map(ofAlarm),
    ...ofCircuits(deps),
    ...chargers.flatMap((charger) => [...ofCharger(charger, deps), ...ofCertificate(charger, deps)]),
  ];
}

/** Returns the key by which a condition is the same one later. */
export function keyOf(
  { rule, code, charger_id, connector_id, values }: Omit<Condition, "since">,
): string {
  return [rule, code, charger_id ?? "", connector_id ?? "", values.circuit ?? ""].join("\0");
}

/** Returns the condition of a session whose figures are in doubt; null: they are not. It does not last. */
export function ofSession(
  { charger_id, connector_id, transaction_id, flags, stop_time }: Transaction,
): Condition | null {
  if (flags.length === 0 || stop_time === null) return null;
  const values = { transaction_id, flags: flags.join(", ") };
  return {
    rule: "session_doubtful",
    code: "session_doubtful",
    charger_id,
    connector_id,
    values,
    since: stop_time,
  };
}

/** Returns the condition of a security event. It does not last. */
export function ofSecurityEvent({ charger_id, type, tech_info, received }: SecurityEvent): Condition {
  const values = { type, ...(tech_info ? { tech_info } : {}) };
  return { rule: "security", code: "security", charger_id, connector_id: null, values, since: received };
}

/** Alarms about the site's set-up, which nobody is woken for. */
const ADVICE: ReadonlySet<string> = new Set(["no_keys"]);

function ofAlarm({ kind, text, texts, since, failing }: Alarm): Condition {
  const rule = failing ? "gateway_failing" : ruleOfAlarm(kind);
  return { rule, code: kind, charger_id: null, connector_id: null, values: { ...texts, text }, since };
}

function ruleOfAlarm(kind: string): RuleName {
  if (kind.startsWith("certificate_")) return "certificate_expiring";
  return ADVICE.has(kind) ? "gateway_advice" : "gateway";
}

/** Returns a condition for each circuit at which cars wait, since what it has is given to others. */
function ofCircuits({ load, now }: ConditionsDeps): Condition[] {
  const waiting = load.connectors().filter(({ state, reason }) => state === "waiting" && reason === "waits");
  return [...Map.groupBy(waiting, ({ circuit }) => circuit)].map(([circuit, connectors]) => ({
    rule: "site_limit",
    code: "site_limit",
    charger_id: null,
    connector_id: null,
    values: { circuit, waiting: connectors.length },
    since: new Date(now()).toISOString(),
  }));
}

function ofCertificate(charger: Charger, { store, now }: ConditionsDeps): Condition[] {
  const day = nearEndOf(charger, store, now());
  if (day === null) return [];
  const { charger_id } = charger;
  return [{
    rule: "certificate_expiring",
    code: "certificate_expiring",
    charger_id,
    connector_id: null,
    values: { day },
    since: new Date(now()).toISOString(),
  }];
}

function ofCharger(charger: Charger, { central, store, now }: ConditionsDeps): Condition[] {
  const { charger_id } = charger;
  const state = central.state(charger_id);
  return diagnose(charger, { state, store, now }).flatMap((diagnosis) => {
    const rule = FAULTS.has(diagnosis.code) ? "charger_fault" : OF_DIAGNOSIS[diagnosis.code];
    return rule ? [ofDiagnosis(diagnosis, { rule, charger_id, now })] : [];
  });
}

function ofDiagnosis(
  { code, connector_id, since, values }: Diagnosis,
  { rule, charger_id, now }: { rule: RuleName; charger_id: string; now: () => number },
): Condition {
  return {
    rule,
    code,
    charger_id,
    connector_id: connector_id > 0 ? connector_id : null,
    values,
    since: since ?? new Date(now()).toISOString(),
  };
}
