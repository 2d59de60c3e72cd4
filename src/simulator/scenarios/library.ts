// The ready scenarios: quirks of real chargers and common faults. Each is a JSON file and a line here.
import { checkScenario, type Scenario } from "./scenario.ts";
import answers_late from "./chargers/answers_late.json" with { type: "json" };
import begin_repeated from "./sessions/begin_repeated.json" with { type: "json" };
import broken_json from "./frames/broken_json.json" with { type: "json" };
import clock_1970 from "./frames/clock_1970.json" with { type: "json" };
import connector_fault from "./chargers/connector_fault.json" with { type: "json" };
import diagnostics_flood from "./chargers/diagnostics_flood.json" with { type: "json" };
import empty_frames from "./frames/empty_frames.json" with { type: "json" };
import empty_vendor from "./frames/empty_vendor.json" with { type: "json" };
import energy_on_l1 from "./sessions/energy_on_l1.json" with { type: "json" };
import extra_fields from "./frames/extra_fields.json" with { type: "json" };
import faulted_no_error from "./frames/faulted_no_error.json" with { type: "json" };
import free_mode from "./sessions/free_mode.json" with { type: "json" };
import huge_transaction_id from "./sessions/huge_transaction_id.json" with { type: "json" };
import kwh_as_wh from "./sessions/kwh_as_wh.json" with { type: "json" };
import late_meter_values from "./sessions/late_meter_values.json" with { type: "json" };
import late_stop from "./sessions/late_stop.json" with { type: "json" };
import long_outage from "./sessions/long_outage.json" with { type: "json" };
import long_serial from "./frames/long_serial.json" with { type: "json" };
import long_stop_tag from "./sessions/long_stop_tag.json" with { type: "json" };
import many_outlets from "./chargers/many_outlets.json" with { type: "json" };
import meter_reset from "./sessions/meter_reset.json" with { type: "json" };
import missing_stop from "./sessions/missing_stop.json" with { type: "json" };
import no_boot from "./chargers/no_boot.json" with { type: "json" };
import no_meter_values from "./sessions/no_meter_values.json" with { type: "json" };
import no_samples from "./sessions/no_samples.json" with { type: "json" };
import no_subprotocol from "./chargers/no_subprotocol.json" with { type: "json" };
import no_transaction_id from "./sessions/no_transaction_id.json" with { type: "json" };
import nul_bytes from "./frames/nul_bytes.json" with { type: "json" };
import numbers_for_text from "./frames/numbers_for_text.json" with { type: "json" };
import odd_configuration from "./chargers/odd_configuration.json" with { type: "json" };
import odd_path from "./chargers/odd_path.json" with { type: "json" };
import odd_tags from "./frames/odd_tags.json" with { type: "json" };
import odd_units from "./frames/odd_units.json" with { type: "json" };
import offline_session from "./sessions/offline_session.json" with { type: "json" };
import plain from "./sessions/plain.json" with { type: "json" };
import power_cut from "./sessions/power_cut.json" with { type: "json" };
import reconnects_without_closing from "./chargers/reconnects_without_closing.json" with { type: "json" };
import refuses_everything from "./chargers/refuses_everything.json" with { type: "json" };
import refuses_profiles from "./chargers/refuses_profiles.json" with { type: "json" };
import reservation_minus_one from "./chargers/reservation_minus_one.json" with { type: "json" };
import security_events from "./chargers/security_events.json" with { type: "json" };
import session_relative from "./sessions/session_relative.json" with { type: "json" };
import short_callerror from "./frames/short_callerror.json" with { type: "json" };
import start_after_reconnect from "./sessions/start_after_reconnect.json" with { type: "json" };
import start_repeated from "./sessions/start_repeated.json" with { type: "json" };
import status_before_boot from "./chargers/status_before_boot.json" with { type: "json" };
import stop_repeated from "./sessions/stop_repeated.json" with { type: "json" };
import stop_without_id from "./sessions/stop_without_id.json" with { type: "json" };
import time_without_zone from "./frames/time_without_zone.json" with { type: "json" };
import transaction_id_zero from "./sessions/transaction_id_zero.json" with { type: "json" };
import truncated_result from "./frames/truncated_result.json" with { type: "json" };
import two_protocols from "./chargers/two_protocols.json" with { type: "json" };
import unknown_error_code from "./frames/unknown_error_code.json" with { type: "json" };
import unknown_transaction from "./sessions/unknown_transaction.json" with { type: "json" };
import year_one from "./frames/year_one.json" with { type: "json" };

const LIBRARY: Record<string, unknown> = {
  answers_late,
  begin_repeated,
  broken_json,
  clock_1970,
  connector_fault,
  diagnostics_flood,
  empty_frames,
  empty_vendor,
  energy_on_l1,
  extra_fields,
  faulted_no_error,
  free_mode,
  huge_transaction_id,
  kwh_as_wh,
  late_meter_values,
  late_stop,
  long_outage,
  long_serial,
  long_stop_tag,
  many_outlets,
  meter_reset,
  missing_stop,
  no_boot,
  no_meter_values,
  no_samples,
  no_subprotocol,
  no_transaction_id,
  nul_bytes,
  numbers_for_text,
  odd_configuration,
  odd_path,
  odd_tags,
  odd_units,
  offline_session,
  plain,
  power_cut,
  reconnects_without_closing,
  refuses_everything,
  refuses_profiles,
  reservation_minus_one,
  security_events,
  session_relative,
  short_callerror,
  start_after_reconnect,
  start_repeated,
  status_before_boot,
  stop_repeated,
  stop_without_id,
  time_without_zone,
  transaction_id_zero,
  truncated_result,
  two_protocols,
  unknown_error_code,
  unknown_transaction,
  year_one,
};

/** Returns the names of the ready scenarios. */
export function scenarioNames(): string[] {
  return Object.keys(LIBRARY);
}

/** Returns a ready scenario by its name. */
export function scenarioNamed(name: string): Scenario | undefined {
  return Object.hasOwn(LIBRARY, name) ? checkScenario(LIBRARY[name]) : undefined;
}
