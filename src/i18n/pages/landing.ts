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
    "Charging starts automatically; no card is needed.",
    "La carga empieza sola: no necesitas tarjeta.",
  ],
  free_3: [
    "To stop, end charging in your car, then unplug.",
    "Para terminar, detén la carga en tu auto y desconecta el cable.",
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
  fault: ["Please use another connector, or call for help.", "Usa otro conector o pide ayuda."],
} satisfies Messages;

/** The connector states for drivers, by OCPP status. */
export const DRIVER_STATES: Messages = {
  Available: ["Available", "Disponible"],
  Preparing: ["Getting ready", "Preparando"],
  Charging: ["Charging", "Cargando"],
  SuspendedEVSE: ["Paused by the charger", "En pausa por el cargador"],
  SuspendedEV: ["Paused by the car", "En pausa por el auto"],
  Finishing: ["Finished: please unplug", "Terminó: desconecta el cable"],
  Reserved: ["Reserved", "Reservado"],
  Unavailable: ["Out of service", "Fuera de servicio"],
  Faulted: ["Faulted", "Con falla"],
};
