import type { Words } from "../i18n.ts";

/** What each ready scenario of a simulator is about, by its name. */
export const SCENARIOS = {
  answers_late: ["Answers commands after 40 s", "Responde a los comandos después de 40 s"],
  begin_repeated: [
    "Q43: Transaction.Begin in every MeterValues",
    "Q43: Transaction.Begin en cada MeterValues",
  ],
  broken_json: [
    "Q17: broken JSON with a readable id, then a good session",
    "Q17: JSON roto con un id legible, luego una buena sesión",
  ],
  clock_1970: [
    "Q14: the clock stands at 1970 for a whole session",
    "Q14: el reloj marca 1970 durante toda una sesión",
  ],
  connector_fault: [
    "A connector fails in a session, and works again",
    "Un conector falla durante una sesión y vuelve a funcionar",
  ],
  diagnostics_flood: [
    "Q51: DiagnosticsStatusNotification over and over",
    "Q51: DiagnosticsStatusNotification una y otra vez",
  ],
  empty_frames: ["Q23: empty text frames", "Q23: mensajes de texto vacíos"],
  empty_vendor: ["Q10: an empty chargePointVendor", "Q10: un chargePointVendor vacío"],
  energy_on_l1: [
    "Q44: the energy of all phases tagged L1",
    "Q44: la energía de todas las fases marcada como L1",
  ],
  extra_fields: ["Q30: fields that OCPP does not know", "Q30: campos que OCPP no conoce"],
  faulted_no_error: [
    "Q13: Faulted with NoError and info null as text",
    "Q13: Faulted con NoError, e info con null como texto",
  ],
  free_mode: [
    "Q34: StopTransaction for a session that was never started",
    "Q34: StopTransaction de una sesión que nunca empezó",
  ],
  huge_transaction_id: [
    "Q16: transactionId 9223372036854775807 where there is none",
    "Q16: transactionId 9223372036854775807 donde no hay ninguno",
  ],
  kwh_as_wh: ["Q42: a register in kWh that is labelled Wh", "Q42: un registro en kWh rotulado como Wh"],
  late_meter_values: [
    "Q40: the closing MeterValues come behind StopTransaction",
    "Q40: los MeterValues finales llegan después de StopTransaction",
  ],
  late_stop: ["StopTransaction comes ten minutes late", "StopTransaction llega diez minutos tarde"],
  long_outage: [
    "Q54: a session while the line is down for a quarter of an hour",
    "Q54: una sesión mientras la línea está caída un cuarto de hora",
  ],
  long_serial: ["Q11: a serial number of 34 characters", "Q11: un número de serie de 34 caracteres"],
  long_stop_tag: [
    "Q36: an idTag of 21 characters in StopTransaction",
    "Q36: un idTag de 21 caracteres en StopTransaction",
  ],
  many_outlets: ["Q56: one box, eight outlets", "Q56: una caja, ocho tomas"],
  meter_reset: [
    "The meter loses its memory in the middle of a session",
    "El medidor pierde su memoria a media sesión",
  ],
  missing_stop: [
    "StopTransaction is lost, and the next session begins",
    "Se pierde StopTransaction y empieza la siguiente sesión",
  ],
  no_boot: ["Q07: never sends BootNotification", "Q07: nunca envía BootNotification"],
  no_meter_values: [
    "Q45: takes the meter configuration, sends nothing",
    "Q45: acepta la configuración del medidor y no envía nada",
  ],
  no_samples: ["Q24: MeterValues without any sample", "Q24: MeterValues sin ninguna muestra"],
  no_subprotocol: ["Q01: offers no websocket subprotocol", "Q01: no ofrece ningún subprotocolo de websocket"],
  no_transaction_id: [
    "Q27: MeterValues of a session without its transactionId",
    "Q27: MeterValues de una sesión sin su transactionId",
  ],
  nul_bytes: [
    "Q22: NUL bytes inside and behind a frame, and newlines between its elements",
    "Q22: bytes NUL dentro y detrás de un mensaje, y saltos de línea entre sus elementos",
  ],
  numbers_for_text: ["Q25: sampled values as numbers", "Q25: valores medidos como números"],
  odd_configuration: [
    "Q20: readonly as 0 and 1, values as numbers in GetConfiguration.conf",
    "Q20: readonly como 0 y 1, valores como números en GetConfiguration.conf",
  ],
  odd_path: [
    "Q04: empty segments around the identity in the path",
    "Q04: segmentos vacíos alrededor de la identidad en la ruta",
  ],
  odd_tags: [
    "Q37: tags with suffixes, colons and blanks",
    "Q37: tarjetas con sufijos, dos puntos y espacios",
  ],
  odd_units: [
    "Q26: Celcius, Hertz and other words that OCPP does not know",
    "Q26: Celcius, Hertz y otras palabras que OCPP no conoce",
  ],
  offline_session: [
    "A whole session without a line, replayed when it is back",
    "Una sesión entera sin línea, contada cuando vuelve",
  ],
  plain: [
    "One session, nothing odd: what all others are compared with",
    "Una sesión sin nada raro: con ella se comparan todas las demás",
  ],
  power_cut: ["The power fails in the middle of a session", "Se va la luz a media sesión"],
  reconnects_without_closing: [
    "Q31: loses the connection again and again, without a Close frame",
    "Q31: pierde la conexión una y otra vez, sin mensaje Close",
  ],
  refuses_everything: ["Answers every command with a CALLERROR", "Responde a todo comando con un CALLERROR"],
  refuses_profiles: ["Q47: refuses every charging profile", "Q47: rechaza todo perfil de carga"],
  reservation_minus_one: [
    "Q39: reservationId -1 where there is none",
    "Q39: reservationId -1 donde no hay ninguna",
  ],
  security_events: [
    "Q49: SecurityEventNotification and Installed that nobody asked for",
    "Q49: SecurityEventNotification e Installed que nadie pidió",
  ],
  session_relative: [
    "Q41: samples count from the session's beginning, Start and Stop from the meter's",
    "Q41: las muestras cuentan desde el inicio de la sesión, Start y Stop desde el del medidor",
  ],
  short_callerror: ["Q19: a CALLERROR of four elements", "Q19: un CALLERROR de cuatro elementos"],
  start_after_reconnect: [
    "Q33: StartTransaction again after a reconnect, with the original timestamp",
    "Q33: StartTransaction otra vez al reconectarse, con la hora original",
  ],
  start_repeated: [
    "Q32: StartTransaction twice, with the same id and with another",
    "Q32: StartTransaction dos veces, con el mismo id y con otro",
  ],
  status_before_boot: [
    "Q08: StatusNotification and Heartbeat before BootNotification after a restart",
    "Q08: StatusNotification y Heartbeat antes de BootNotification tras un reinicio",
  ],
  stop_repeated: [
    "StopTransaction twice: the second with another id",
    "StopTransaction dos veces: la segunda con otro id",
  ],
  stop_without_id: ["Q35: StopTransaction with transactionId 0", "Q35: StopTransaction con transactionId 0"],
  time_without_zone: ["Q15: timestamps without a zone, and with +02", "Q15: horas sin zona, y con +02"],
  transaction_id_zero: [
    "Q28: MeterValues with transactionId 0 outside a session",
    "Q28: MeterValues con transactionId 0 fuera de una sesión",
  ],
  truncated_result: [
    "Q18: a CALLRESULT that is cut off in the middle",
    "Q18: un CALLRESULT cortado a la mitad",
  ],
  two_protocols: ["Q02: offers ocpp2.0.1 before ocpp1.6", "Q02: ofrece ocpp2.0.1 antes que ocpp1.6"],
  unknown_error_code: ["Q12: an errorCode that OCPP does not know", "Q12: un errorCode que OCPP no conoce"],
  unknown_transaction: [
    "Q29: MeterValues and Charging for a transaction that the central system does not know",
    "Q29: MeterValues y Charging de una transacción que el sistema central no conoce",
  ],
  year_one: ["Q14: timestamps of the year 1", "Q14: horas del año 1"],
} satisfies Words;
