// The reasons why a connector does not charge, and what to do about each, by code of `site/diagnosis`.
import type { Messages } from "../messages.ts";

/** The reasons in one line. */
export const REASONS = {
  never_connected: ["Never connected", "Nunca se conectó"],
  key_refused: ["Rejected: wrong password", "Rechazado: contraseña incorrecta"],
  certificate_refused: ["Rejected: wrong certificate", "Rechazado: certificado incorrecto"],
  offline: ["Not connected", "Sin conexión"],
  waiting_for_acceptance: ["Waiting to be adopted", "Espera que lo adoptes"],
  rejected: ["Rejected by an operator", "Rechazado por un operador"],
  never_booted: ["Connected, but has never sent a boot notification", "Conectado, pero nunca se presentó"],
  clock_wrong: ["The charger's clock is wrong", "El reloj del cargador está mal"],
  no_connector_status: ["No status of any connector yet", "Aún no informa el estado de sus conectores"],
  card_unknown: ["Card {id_tag} is unknown", "La tarjeta {id_tag} no está registrada"],
  card_blocked: ["Card {id_tag} is blocked", "La tarjeta {id_tag} está bloqueada"],
  card_expired: ["Card {id_tag} has expired", "La tarjeta {id_tag} venció"],
  card_in_use: ["Card {id_tag} is charging elsewhere", "La tarjeta {id_tag} ya carga en otro lugar"],
  card_refused: ["Card {id_tag} was refused: {status}", "Tarjeta {id_tag} rechazada: {status}"],
  waiting_for_card: ["Car plugged in, waiting for a card", "Auto conectado, falta la tarjeta"],
  waiting_for_car: ["Card accepted, waiting for the car", "Tarjeta aceptada, falta conectar el auto"],
  waiting_for_start: ["Car plugged in, not charging yet", "Auto conectado, aún no carga"],
  reserved: ["Reserved", "Reservado"],
  unavailable: ["Out of service", "Fuera de servicio"],
  paused_by_car: ["Paused by the car", "En pausa por el auto"],
  paused_by_charger: ["Paused by the charger", "En pausa por el cargador"],
  limit_zero: ["Limited to 0 A", "Limitado a 0 A"],
  limit_low: [
    "Limited to {limit_a} A, too little for most cars",
    "Limitado a {limit_a} A: muy poco para casi todos los autos",
  ],
  load_shared: ["Waiting for power: load management", "Espera potencia: gestión de carga"],
  no_power: ["Charging, but no power flows", "Carga, pero no pasa corriente"],
  no_meter_values: ["No meter values in this session", "Sin lecturas del medidor en esta sesión"],
  no_session: ["Charging without a reported session", "Carga sin haber informado la sesión"],
  session_stuck: [
    "Session {transaction_id} is open, but no car is plugged in",
    "La sesión {transaction_id} sigue abierta sin auto conectado",
  ],
  unplug: ["Session ended, car still plugged in", "Sesión terminada, auto aún conectado"],
  unknown_status: ["Reports the status {status}", "Informa el estado {status}"],
  connector_lock_failure: ["The plug does not lock or unlock", "La clavija no se traba o destraba"],
  ev_communication_error: ["No communication with the car", "Sin comunicación con el auto"],
  ground_failure: ["Ground fault", "Falla a tierra"],
  high_temperature: ["Too hot", "Temperatura alta"],
  internal_error: ["Internal error", "Error interno"],
  local_list_conflict: [
    "The card list differs from the gateway's",
    "La lista de tarjetas difiere de la del gateway",
  ],
  other_error: ["Fault", "Falla"],
  over_current_failure: ["Overcurrent", "Sobrecorriente"],
  over_voltage: ["Voltage too high", "Tensión demasiado alta"],
  power_meter_failure: ["The charger's meter does not respond", "El medidor del cargador no responde"],
  power_switch_failure: ["The contactor does not switch", "El contactor no conmuta"],
  reader_failure: ["The card reader does not work", "El lector de tarjetas no funciona"],
  reset_failure: ["The charger could not restart", "El cargador no pudo reiniciarse"],
  under_voltage: ["Voltage too low", "Tensión demasiado baja"],
  weak_signal: ["Weak wireless signal", "Señal inalámbrica débil"],
  emergency_stop: ["Emergency stop pressed", "Paro de emergencia presionado"],
  door_open: ["Housing open", "Gabinete abierto"],
  residual_current: ["Residual current device tripped", "Se disparó el diferencial"],
  contactor_welded: ["Contactor welded", "Contactor pegado"],
  breaker_tripped: ["Breaker or fuse tripped", "Se disparó un interruptor o fusible"],
  phase_missing: ["A phase is missing", "Falta una fase"],
} satisfies Messages;

/** Advice: checks and actions. */
export const ADVICE = {
  never_connected: [
    "Enter the gateway's address in the charger's settings, and check its network.",
    "Ingresa la dirección del gateway en el cargador y revisa su red.",
  ],
  key_refused: [
    "Enter the password that the charger uses, or set a new one here and in the charger.",
    "Ingresa aquí la contraseña que tiene el cargador, o pon una nueva en ambos.",
  ],
  certificate_refused: [
    "Issue a new certificate to the charger, and check that both clocks are right.",
    "Emite un certificado nuevo para el cargador y revisa la hora de ambos.",
  ],
  offline: [
    "Check its power, its network, and the address of the gateway in its settings. A running session is stored in the charger and reported later.",
    "Revisa su alimentación, su red y la dirección del gateway. La sesión en curso queda en el cargador y se informa después.",
  ],
  waiting_for_acceptance: ["Adopt it to let it charge.", "Adóptalo para que pueda cargar."],
  rejected: ["Adopt it if it belongs to this site.", "Adóptalo si es de este sitio."],
  never_booted: [
    "Request a boot notification, or switch the charger off and on.",
    "Pídele su notificación de arranque o reinícialo desde su alimentación.",
  ],
  clock_wrong: [
    "Sessions are recorded with the gateway's time. The charger sets its clock when it restarts.",
    "Las sesiones se registran con la hora del gateway. El cargador ajusta su reloj al reiniciar.",
  ],
  no_connector_status: [
    "Request its status. Some chargers report only after a restart.",
    "Pídele su estado. Algunos solo informan después de reiniciar.",
  ],
  card_unknown: ["Add the card if its holder may charge.", "Agrega la tarjeta si su titular puede cargar."],
  card_blocked: [
    "Allow the card if its holder may charge again.",
    "Permite la tarjeta si su titular puede volver a cargar.",
  ],
  card_expired: ["Change the expiry date of the card.", "Cambia la fecha de vencimiento de la tarjeta."],
  card_in_use: [
    "End the other session, or allow several sessions per card in the settings.",
    "Termina la otra sesión o permite varias sesiones por tarjeta en los ajustes.",
  ],
  card_refused: ["Look at the card's record.", "Revisa el registro de la tarjeta."],
  waiting_for_card: [
    "Hold a card to the reader, or start the session from here.",
    "Acerca una tarjeta al lector o inicia la sesión desde aquí.",
  ],
  waiting_for_car: ["Plug in the car.", "Conecta el auto."],
  waiting_for_start: [
    "If it does not start by itself, the charger may be waiting for a card, or the car for its timer.",
    "Si no empieza sola, quizá el cargador espera una tarjeta o el auto su horario.",
  ],
  reserved: ["Only the card of the reservation can charge.", "Solo puede cargar la tarjeta de la reserva."],
  unavailable: ["Put it back into service.", "Ponlo en servicio otra vez."],
  paused_by_car: [
    "The battery is full, or the car waits for its timer. Look at the car's display.",
    "La batería está llena o el auto espera su horario. Mira la pantalla del auto.",
  ],
  paused_by_charger: [
    "The charger offers no current: it may have a limit or schedule of its own, or another load manager controls it.",
    "El cargador no ofrece corriente: un límite propio, un horario u otro gestor de carga.",
  ],
  limit_zero: [
    "A limit of 0 is set. Remove it.",
    "Hay un límite de 0. Quítalo.",
  ],
  limit_low: [
    "Cars need at least 6 A. Raise or remove the limit.",
    "Los autos necesitan al menos 6 A. Sube o quita el límite.",
  ],
  load_shared: [
    "The site has no more power for this car now, or paused it a moment ago. The page Load says why, and who charges.",
    "El sitio no tiene más potencia para este auto ahora o lo pausó hace un momento. La página Carga dice por qué y quién carga.",
  ],
  no_power: [
    "The car may be full or waiting. If not, unplug and plug in again.",
    "El auto puede estar lleno o en espera. Si no, desconecta y vuelve a conectar.",
  ],
  no_meter_values: [
    "The energy is known only at the end of the session. Set MeterValueSampleInterval in the charger.",
    "La energía se conocerá al terminar la sesión. Ajusta MeterValueSampleInterval en el cargador.",
  ],
  no_session: [
    "The energy is not counted. Request the status, or restart the charger when the car has left.",
    "Su energía no se cuenta. Pide su estado o reinícialo cuando el auto se vaya.",
  ],
  session_stuck: [
    "The report of its end was lost. Close the session with the last known meter value.",
    "Se perdió el aviso de su fin. Cierra la sesión con la última lectura conocida.",
  ],
  unplug: [
    "Unplug the car, or release the plug from here.",
    "Desconecta el auto o libera la clavija desde aquí.",
  ],
  unknown_status: [
    "This is not a status of OCPP 1.6. Request the status again.",
    "No es un estado de OCPP 1.6. Pide el estado otra vez.",
  ],
  connector_lock_failure: [
    "Take the strain off the cable, then release the plug.",
    "Quita tensión al cable y libera la clavija.",
  ],
  ev_communication_error: [
    "Unplug, wait ten seconds, plug in again. If other cars charge, the car or its cable is at fault.",
    "Desconecta, espera diez segundos y conecta. Si otros autos cargan, el problema es el auto o su cable.",
  ],
  ground_failure: [
    "Stop using the connector and call an electrician.",
    "Deja de usar el conector y llama a un electricista.",
  ],
  high_temperature: [
    "The charger reduces its power or pauses until it has cooled down. Check sun, fans and filters.",
    "El cargador baja su potencia o se detiene hasta enfriarse. Revisa sol, ventiladores y filtros.",
  ],
  internal_error: [
    "Restart the charger. If the fault returns, request its diagnostics for the manufacturer.",
    "Reinicia el cargador. Si vuelve, pide sus diagnósticos para el fabricante.",
  ],
  local_list_conflict: [
    "The list is sent again after a restart.",
    "La lista se envía de nuevo tras un reinicio.",
  ],
  other_error: [
    "Look up the charger's own code in its manual. Restart the charger.",
    "Busca el código en el manual del cargador. Reinicia el cargador.",
  ],
  over_current_failure: [
    "The car drew more than allowed. Unplug it, and try another car.",
    "El auto tomó más de lo permitido. Desconéctalo y prueba con otro.",
  ],
  over_voltage: [
    "Have the supply measured by an electrician.",
    "Pide a un electricista medir la alimentación.",
  ],
  power_meter_failure: [
    "Energy cannot be measured. Restart the charger; if the fault returns, call service.",
    "No se puede medir la energía. Reinicia el cargador; si vuelve, llama al servicio.",
  ],
  power_switch_failure: [
    "Restart the charger; if the fault returns, call service.",
    "Reinicia el cargador; si vuelve, llama al servicio.",
  ],
  reader_failure: [
    "Until it is repaired, sessions can be started from here.",
    "Mientras tanto puedes iniciar sesiones desde aquí.",
  ],
  reset_failure: ["Switch its power off and on.", "Apaga y enciende su alimentación."],
  under_voltage: [
    "Have the supply measured by an electrician.",
    "Pide a un electricista medir la alimentación.",
  ],
  weak_signal: [
    "Move the antenna or the access point, or use a cable.",
    "Mueve la antena o el punto de acceso, o usa un cable.",
  ],
  emergency_stop: [
    "Find out why, then release the button at the charger.",
    "Averigua por qué y libera el botón en el cargador.",
  ],
  door_open: [
    "Close the housing. If nobody opened it, look for damage.",
    "Cierra el gabinete. Si nadie lo abrió, busca daños.",
  ],
  residual_current: [
    "Unplug the car and reset the device. If it trips without a car, call an electrician.",
    "Desconecta el auto y rearma el diferencial. Si se dispara sin auto, llama a un electricista.",
  ],
  contactor_welded: [
    "Do not use the connector: it may be live. Switch off its supply and call service.",
    "No uses el conector: puede tener tensión. Corta su alimentación y llama al servicio.",
  ],
  breaker_tripped: [
    "Switch it on once. If it trips again, call an electrician.",
    "Enciéndelo una vez. Si se dispara de nuevo, llama a un electricista.",
  ],
  phase_missing: ["Check the fuses of the supply.", "Revisa los fusibles de la alimentación."],
} satisfies Messages;

/** The other texts. */
export const DIAGNOSIS = {
  since: ["since {at}", "desde {at}"],
  said: ["The charger reports: {words}", "El cargador dice: {words}"],
  accept: ["Adopt", "Adoptar"],
  allow_card: ["Cards", "Tarjetas"],
  approve_certificate: ["Certificates", "Certificados"],
  cancel_reservation: ["Reservations", "Reservas"],
  change_availability: ["Availability", "Disponibilidad"],
  change_configuration: ["Configuration", "Configuración"],
  clear_charging_profile: ["Limits", "Límites"],
  close_session: ["Open the session", "Abrir la sesión"],
  get_diagnostics: ["Diagnostics", "Diagnósticos"],
  remote_start: ["Start a session", "Iniciar una sesión"],
  remote_stop: ["Sessions", "Sesiones"],
  reset: ["Restart", "Reiniciar"],
  set_key: ["Set the password", "Poner la contraseña"],
  trigger_message: ["Request a report", "Pedir un reporte"],
  unlock_connector: ["Release the plug", "Liberar la clavija"],
} satisfies Messages;
