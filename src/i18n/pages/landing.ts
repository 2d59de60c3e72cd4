// The texts of a charger's landing page.
import type { Messages } from "../messages.ts";

/** Texts of the page, by key. */
export const LANDING = {
  connector: ["Connector", "Conector"],
  charger: ["Charger", "Cargador"],
  connected_now: ["Live", "En vivo"],
  power: ["Power", "Potencia"],
  energy: ["Energy", "Energía"],
  duration: ["Duration", "Duración"],
  how: ["How to charge", "Cómo cargar"],
  tap_1: ["Plug the cable into your car.", "Conecta el cable a tu auto."],
  tap_2: ["Hold your card to the charger's reader.", "Acerca tu tarjeta al lector del cargador."],
  tap_3: [
    "To stop, hold the same card to the reader again, then unplug.",
    "Para terminar, acerca la misma tarjeta y desconecta el cable.",
  ],
  free_1: ["Plug the cable into your car.", "Conecta el cable a tu auto."],
  free_2: [
    "If charging does not start by itself, hold any card to the reader: no card of this site is needed.",
    "Si la carga no empieza sola, acerca cualquier tarjeta al lector: no necesitas tarjeta de este sitio.",
  ],
  free_3: [
    "To stop, hold the same card to the reader or end charging in your car, then unplug.",
    "Para terminar, acerca la misma tarjeta o detén la carga en tu auto, y desconecta el cable.",
  ],
  old: [
    "The charger is offline. This information is from",
    "El cargador no responde. Lo que ves aquí es de",
  ],
  never: ["The charger has not reported yet.", "El cargador aún no ha enviado datos."],
  closed: ["This charger is not in service yet.", "Este cargador todavía no está en servicio."],
  help: ["Help", "Ayuda"],
  call: ["Call", "Llamar"],
  lost: ["No connection to the site. Retrying…", "Sin conexión con el sitio. Reintentando…"],
  not_found: ["Charger not found", "Este cargador no existe"],
  not_found_text: [
    "Check the code on the label, or ask on site.",
    "Revisa el código de la etiqueta o pregunta en el sitio.",
  ],
  since: ["Since {at}", "Desde {at}"],
  others: ["Other chargers that are free", "Otros cargadores libres"],
  is_free: ["{name} is free", "{name} está libre"],
  price: ["Price:", "Precio:"],
  this_site: ["this site", "este sitio"],
  help_call: ["The staff of {site} will help you.", "El personal de {site} te ayuda."],
  help_ask: ["Please ask the staff of {site}.", "Pregunta al personal de {site}."],
} satisfies Messages;

/** The connector states for drivers, by OCPP status. */
export const DRIVER_STATES: Messages = {
  offline: ["Not connected", "Sin conexión"],
  Available: ["Free", "Libre"],
  Preparing: ["Getting ready", "Preparando"],
  Charging: ["Charging", "Cargando"],
  SuspendedEVSE: ["Paused by the charger", "En pausa por el cargador"],
  SuspendedEV: ["Paused by the car", "En pausa por el auto"],
  Finishing: ["Finished: please unplug", "Terminó: desconecta el cable"],
  Reserved: ["Reserved", "Reservado"],
  Unavailable: ["Out of service", "Fuera de servicio"],
  Faulted: ["Faulted", "Con falla"],
};

/**
 * The reasons for which a connector charges slowly or not at all, for drivers, by code of `site/diagnosis`; other codes
 * are not for them. `n`: other cars.
 */
export const DRIVER_REASONS: Messages = {
  card_unknown: ["That card is not known at this site.", "Este sitio no conoce esa tarjeta."],
  card_blocked: ["That card is blocked.", "Esa tarjeta está bloqueada."],
  card_expired: ["That card has expired.", "Esa tarjeta ya venció."],
  card_in_use: ["That card is charging elsewhere.", "Esa tarjeta ya está cargando en otro lugar."],
  card_refused: ["That card was not accepted.", "Esa tarjeta no fue aceptada."],
  waiting_for_card: [
    "The car is plugged in. Waiting for a card.",
    "El auto está conectado. Falta la tarjeta.",
  ],
  waiting_for_car: ["The card is accepted. Plug in your car.", "La tarjeta es válida. Conecta tu auto."],
  waiting_for_start: [
    "The car is plugged in; charging has not started.",
    "El auto está conectado; la carga no ha empezado.",
  ],
  paused_by_car: [
    "The car is not drawing power: it may be full.",
    "El auto no pide carga: quizá ya está lleno.",
  ],
  paused_by_charger: ["Charging resumes by itself.", "La carga sigue sola en un momento."],
  limit_zero: [
    "The site has no power to spare now. Charging resumes by itself.",
    "El sitio no tiene potencia libre. La carga sigue sola.",
  ],
  limit_low: ["The site has little power to spare now.", "El sitio tiene poca potencia libre por ahora."],
  shared: [
    "Reduced: shared with {n|another car|# cars}",
    "Potencia reducida: compartida con {n|otro auto|# autos}",
  ],
  waits: [
    "{n|Another car is charging|# cars share the power}. This one begins by itself.",
    "{n|Otro auto está cargando|# autos comparten la potencia}. Este empieza solo después.",
  ],
  no_power: [
    "No power is flowing. Check the plug and the car's display.",
    "No pasa corriente. Revisa el cable o tu auto.",
  ],
  reserved: ["Reserved for somebody else.", "Alguien lo reservó."],
  unavailable: ["Please use another one.", "Usa otro, por favor."],
  connector_lock_failure: [
    "The plug does not lock. Plug in again.",
    "La clavija no se traba. Conéctala otra vez.",
  ],
  ev_communication_error: [
    "Car and charger do not understand each other. Plug in again.",
    "El auto y el cargador no se entienden. Conecta otra vez.",
  ],
  high_temperature: [
    "Too hot. It is available again once it has cooled down.",
    "Está muy caliente. Vuelve cuando se enfríe.",
  ],
  reader_failure: ["The card reader does not work.", "El lector de tarjetas no funciona."],
  emergency_stop: ["The emergency stop is pressed.", "El paro de emergencia está presionado."],
  ground_failure: ["Do not use it. Please call for help.", "No lo uses. Pide ayuda."],
  residual_current: ["Do not use it. Please call for help.", "No lo uses. Pide ayuda."],
  contactor_welded: ["Do not use it. Please call for help.", "No lo uses. Pide ayuda."],
  door_open: ["Do not use it. Please call for help.", "No lo uses. Pide ayuda."],
  internal_error: ["Use another connector, or call for help.", "Usa otro conector o pide ayuda."],
  other_error: ["Use another connector, or call for help.", "Usa otro conector o pide ayuda."],
};
