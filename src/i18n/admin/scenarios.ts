import type { Messages } from "../messages.ts";

/** One-line descriptions of the built-in scenarios, by name. */
export const SCENARIOS = {
  answers_late: ["Answers commands after 40 s", "Responde a los comandos después de 40 s"],
  begin_repeated: [
    "Transaction.Begin in every MeterValues",
    "Transaction.Begin en cada MeterValues",
  ],
  broken_json: [
    "Broken JSON with a readable id, then a good session",
    "JSON roto con un id legible, luego una buena sesión",
  ],
  clock_1970: [
    "The clock stands at 1970 for a whole session",
    "El reloj marca 1970 durante toda una sesión",
  ],
  connector_fault: [
    "A connector fails in a session, and works again",
    "Un conector falla durante una sesión y vuelve a funcionar",
  ],
  diagnostics_flood: [
    "DiagnosticsStatusNotification over and over",
    "DiagnosticsStatusNotification una y otra vez",
  ],
  empty_frames: ["Empty text frames", "Mensajes de texto vacíos"],
  empty_vendor: ["An empty chargePointVendor", "Un chargePointVendor vacío"],
  energy_on_l1: [
    "The energy of all phases tagged L1",
    "La energía de todas las fases marcada como L1",
  ],
  extra_fields: ["Fields that OCPP does not know", "Campos que OCPP no conoce"],
  faulted_no_error: [
    "Faulted with NoError and info null as text",
    "Faulted con NoError, e info con null como texto",
  ],
  free_mode: [
    "StopTransaction for a session that was never started",
    "StopTransaction de una sesión que nunca empezó",
  ],
  huge_transaction_id: [
    "A transactionId of 9223372036854775807 where there is none",
    "Un transactionId de 9223372036854775807 donde no hay ninguno",
  ],
  kwh_as_wh: ["A register in kWh that is labelled Wh", "Un registro en kWh rotulado como Wh"],
  late_meter_values: [
    "The closing MeterValues come behind StopTransaction",
    "Los MeterValues finales llegan después de StopTransaction",
  ],
  late_stop: ["StopTransaction comes ten minutes late", "StopTransaction llega diez minutos tarde"],
  long_outage: [
    "A session while the line is down for a quarter of an hour",
    "Una sesión mientras la línea está caída un cuarto de hora",
  ],
  long_serial: ["A serial number of 34 characters", "Un número de serie de 34 caracteres"],
  long_stop_tag: [
    "An idTag of 21 characters in StopTransaction",
    "Un idTag de 21 caracteres en StopTransaction",
  ],
  many_outlets: ["One box, eight outlets", "Una caja, ocho tomas"],
  meter_reset: [
    "The meter loses its memory in the middle of a session",
    "El medidor pierde su memoria a media sesión",
  ],
  missing_stop: [
    "StopTransaction is lost, and the next session begins",
    "Se pierde StopTransaction y empieza la siguiente sesión",
  ],
  no_boot: ["Never sends BootNotification", "Nunca envía BootNotification"],
  no_meter_values: [
    "Takes the meter configuration, sends nothing",
    "Acepta la configuración del medidor y no envía nada",
  ],
  no_samples: ["MeterValues without any sample", "MeterValues sin ninguna muestra"],
  no_subprotocol: ["Offers no websocket subprotocol", "No ofrece ningún subprotocolo de websocket"],
  no_transaction_id: [
    "MeterValues of a session without its transactionId",
    "MeterValues de una sesión sin su transactionId",
  ],
  nul_bytes: [
    "NUL bytes inside and behind a frame, and newlines between its elements",
    "Bytes NUL dentro y detrás de un mensaje, y saltos de línea entre sus elementos",
  ],
  numbers_for_text: ["Sampled values as numbers", "Valores medidos como números"],
  odd_configuration: [
    "GetConfiguration.conf with readonly as 0 and 1, and values as numbers",
    "GetConfiguration.conf con readonly como 0 y 1, y valores como números",
  ],
  odd_path: [
    "Empty segments around the identity in the path",
    "Segmentos vacíos alrededor de la identidad en la ruta",
  ],
  odd_tags: [
    "Tags with suffixes, colons and blanks",
    "Tarjetas con sufijos, dos puntos y espacios",
  ],
  odd_units: [
    "Celcius, Hertz and other words that OCPP does not know",
    "Celcius, Hertz y otras palabras que OCPP no conoce",
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
    "Loses the connection again and again, without a Close frame",
    "Pierde la conexión una y otra vez, sin mensaje Close",
  ],
  refuses_everything: ["Answers every command with a CALLERROR", "Responde a todo comando con un CALLERROR"],
  refuses_profiles: ["Refuses every charging profile", "Rechaza todo perfil de carga"],
  reservation_minus_one: [
    "A reservationId of -1 where there is none",
    "Un reservationId de -1 donde no hay ninguna",
  ],
  security_events: [
    "SecurityEventNotification and Installed that nobody asked for",
    "SecurityEventNotification e Installed que nadie pidió",
  ],
  session_relative: [
    "Samples count from the session's beginning, Start and Stop from the meter's",
    "Las muestras cuentan desde el inicio de la sesión, Start y Stop desde el del medidor",
  ],
  short_callerror: ["A CALLERROR of four elements", "Un CALLERROR de cuatro elementos"],
  start_after_reconnect: [
    "StartTransaction again after a reconnect, with the original timestamp",
    "StartTransaction otra vez al reconectarse, con la hora original",
  ],
  start_repeated: [
    "StartTransaction twice, with the same id and with another",
    "StartTransaction dos veces, con el mismo id y con otro",
  ],
  status_before_boot: [
    "StatusNotification and Heartbeat before BootNotification after a restart",
    "StatusNotification y Heartbeat antes de BootNotification tras un reinicio",
  ],
  stop_repeated: [
    "StopTransaction twice: the second with another id",
    "StopTransaction dos veces: la segunda con otro id",
  ],
  stop_without_id: ["StopTransaction with transactionId 0", "StopTransaction con transactionId 0"],
  time_without_zone: ["Timestamps without a zone, and with +02", "Horas sin zona, y con +02"],
  transaction_id_zero: [
    "MeterValues with transactionId 0 outside a session",
    "MeterValues con transactionId 0 fuera de una sesión",
  ],
  truncated_result: [
    "A CALLRESULT that is cut off in the middle",
    "Un CALLRESULT cortado a la mitad",
  ],
  two_protocols: ["Offers ocpp2.0.1 before ocpp1.6", "Ofrece ocpp2.0.1 antes que ocpp1.6"],
  unknown_error_code: ["An errorCode that OCPP does not know", "Un errorCode que OCPP no conoce"],
  unknown_transaction: [
    "MeterValues and Charging for a transaction that the central system does not know",
    "MeterValues y Charging de una transacción que el sistema central no conoce",
  ],
  year_one: ["Timestamps of the year 1", "Horas del año 1"],
} satisfies Messages;
