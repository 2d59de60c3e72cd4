// The diagnosis of a fault, by OCPP's error code and by what chargers say beside it.
import type { Connector } from "../../store/store.ts";
import type { DiagnosisCode } from "./remedies.ts";

/** Words in vendorErrorCode and info that say more than the error code; the first that fits holds. */
const IN_WORDS: readonly (readonly [RegExp, DiagnosisCode])[] = [
  [/emergency|\be[-_ ]?stop|estop/i, "emergency_stop"],
  [/\bdoor|cover|tamper|housing.?open/i, "door_open"],
  [/weld|(relay|contactor).*(stuck|clos)|stuck.*(relay|contactor)/i, "contactor_welded"],
  [/\brcd|\brcm|\brcb|residual|leakage|\brdc|dc.?fault.?current/i, "residual_current"],
  [/breaker|\bmcb|\bfuse|\bspd\b|surge/i, "breaker_tripped"],
  [/phase.*(loss|lost|miss|fail)|(miss|lost|loss).*phase/i, "phase_missing"],
  [/(over|high).?temp|overheat/i, "high_temperature"],
  [/over.?volt/i, "over_voltage"],
  [/under.?volt/i, "under_voltage"],
  [/over.?curr/i, "over_current_failure"],
  [/\bground|earth|\bpe[-_ ]?(fault|fail|lost|missing)/i, "ground_failure"],
  [/rfid|card.?reader/i, "reader_failure"],
  [/\block(ing)?.?(fail|err|fault|stuck)|lock.?motor/i, "connector_lock_failure"],
  [/pilot|\bcp.?(fault|err)|ev.?comm|iso.?15118|\bplc\b|\bslac/i, "ev_communication_error"],
  [/meter/i, "power_meter_failure"],
];

/** The error codes of OCPP 1.6 §7.6 that say what is wrong. */
const BY_ERROR_CODE = new Map<string, DiagnosisCode>(Object.entries(
  {
    ConnectorLockFailure: "connector_lock_failure",
    EVCommunicationError: "ev_communication_error",
    GroundFailure: "ground_failure",
    HighTemperature: "high_temperature",
    LocalListConflict: "local_list_conflict",
    OverCurrentFailure: "over_current_failure",
    OverVoltage: "over_voltage",
    PowerMeterFailure: "power_meter_failure",
    PowerSwitchFailure: "power_switch_failure",
    ReaderFailure: "reader_failure",
    ResetFailure: "reset_failure",
    UnderVoltage: "under_voltage",
    WeakSignal: "weak_signal",
  } as const,
));

/** Codes that the charger's own words may make more precise. */
const REFINED: Partial<Record<DiagnosisCode, readonly DiagnosisCode[]>> = {
  ground_failure: ["residual_current"],
  power_switch_failure: ["contactor_welded", "breaker_tripped", "phase_missing"],
  over_current_failure: ["breaker_tripped"],
  under_voltage: ["phase_missing"],
};

/** Returns the diagnosis of a connector that reports an error; null if it reports none. */
export function faultCodeOf(
  { status, error_code, info, vendor_error_code }: Connector,
): DiagnosisCode | null {
  if (status !== "Faulted" && (error_code === "NoError" || error_code === "")) return null;
  const said = `${vendor_error_code ?? ""} ${info ?? ""}`;
  const in_words = IN_WORDS.find(([pattern]) => pattern.test(said))?.[1];
  const named = BY_ERROR_CODE.get(error_code);
  if (named) return in_words && REFINED[named]?.includes(in_words) ? in_words : named;
  return in_words ?? (error_code === "InternalError" ? "internal_error" : "other_error");
}
