// The texts of alerts beside those of diagnoses.
import type { Messages } from "../messages.ts";

/** Texts of alerts, by key. */
export const ALERTS = {
  site: ["Charging site", "Sitio de carga"],
  connector: ["connector {n}", "conector {n}"],
  several: ["{n|# message|# messages}", "{n|# aviso|# avisos}"],
  several_alike: ["{reason} ({n|once|# times})", "{reason} ({n|una vez|# veces})"],
  more: ["… and {n} more", "… y {n} más"],
  over: ["Resolved: {what}", "Resuelto: {what}"],
  since: ["Since {at}", "Desde {at}"],
  from_to: ["From {from} to {to}", "De {from} a {to}"],
  session_doubtful: [
    "Session {transaction_id} has remarks ({flags})",
    "La sesión {transaction_id} tiene observaciones ({flags})",
  ],
  certificate_expiring: [
    "Client certificate valid until {day} only: have the charger ask for a new one",
    "El certificado de cliente solo vale hasta el {day}: haz que el cargador pida otro",
  ],
  site_limit: [
    "Circuit {circuit} is used up: {waiting} wait for room to charge",
    "El circuito {circuit} está al límite: {waiting} en espera para cargar",
  ],
  security: ["Security event {type}", "Evento de seguridad {type}"],
  test: [
    "This is a test. Alerts of the site are sent here.",
    "Esto es una prueba. Los avisos del sitio llegan aquí.",
  ],
} satisfies Messages;
