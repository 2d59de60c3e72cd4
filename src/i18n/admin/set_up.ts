import type { Messages } from "../messages.ts";

/** The messages of the set-up. */
export const SET_UP = {
  title: ["Set up the gateway", "Configura el gateway"],
  text: [
    "This takes two minutes, once. Chargers can already connect.",
    "Dos minutos, una sola vez. Los cargadores ya pueden conectarse mientras tanto.",
  ],
  code: ["Setup code", "Código de configuración"],
  code_hint: [
    "The gateway printed it when it started, in the terminal or in its log.",
    "El gateway lo mostró al arrancar: en la terminal o en su bitácora.",
  ],
  password: ["Admin password", "Contraseña del administrador"],
  password_hint: ["At least {n|# character|# characters}.", "Al menos {n|# carácter|# caracteres}."],
  again: ["Repeat the password", "Otra vez la contraseña"],
  differ: ["The passwords do not match", "Las contraseñas no coinciden"],
  name: ["Name of the site", "Nombre del sitio"],
  language: ["Language", "Idioma"],
  place: ["Location", "Dónde está"],
  place_hint: [
    "Click on the map. You can change it later.",
    "Haz clic en el mapa. Se puede cambiar después.",
  ],
  time_zone: ["Time zone", "Zona horaria"],
  time_zone_hint: [
    "Days and months of reports are those of this zone.",
    "Los días y meses de los reportes son los de esta zona.",
  ],
  anew: ["New site", "Sitio nuevo"],
  restore: ["From a backup", "De un respaldo"],
  restore_done: ["Restore the backup", "Recuperar el respaldo"],
  restore_text: [
    "This gateway becomes a copy of the backed-up one: chargers, cards, sessions, settings and passwords. Then log in with a user and password of that gateway.",
    "Este gateway queda como aquel del que se hizo el respaldo: sus cargadores, tarjetas, sesiones, ajustes y contraseñas. Después entra con un usuario y contraseña de aquel gateway.",
  ],
  done: ["Start", "Comenzar"],
} satisfies Messages;
