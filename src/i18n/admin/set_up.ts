import type { Messages } from "../messages.ts";

/** The messages of the set-up. */
export const SET_UP = {
  title: ["Set up the gateway", "Configura el gateway"],
  text: [
    "Two minutes, once. Chargers can already connect meanwhile.",
    "Dos minutos, una sola vez. Los cargadores ya pueden conectarse mientras tanto.",
  ],
  code: ["Set-up code", "Código de configuración"],
  code_hint: [
    "The gateway has printed it when it started: in the terminal or its log.",
    "El gateway lo mostró al arrancar: en la terminal o en su bitácora.",
  ],
  password: ["Password for the admin", "Contraseña del administrador"],
  password_hint: ["At least {n} characters.", "Al menos {n} caracteres."],
  again: ["The password again", "Otra vez la contraseña"],
  differ: ["The passwords differ", "Las contraseñas no coinciden"],
  name: ["Name of the site", "Nombre del sitio"],
  language: ["Language", "Idioma"],
  place: ["Where it is", "Dónde está"],
  place_hint: [
    "Click on the map. It can be changed later.",
    "Haz clic en el mapa. Se puede cambiar después.",
  ],
  anew: ["New site", "Sitio nuevo"],
  restore: ["From a backup", "De un respaldo"],
  restore_done: ["Bring the backup back", "Recuperar el respaldo"],
  restore_text: [
    "This gateway becomes the one that the backup was made of: its chargers, cards, sessions, settings and passwords. Log in afterwards with a user and password of that gateway.",
    "Este gateway queda como aquel del que se hizo el respaldo: sus cargadores, tarjetas, sesiones, ajustes y contraseñas. Después entra con un usuario y contraseña de aquel gateway.",
  ],
  done: ["Begin", "Comenzar"],
} satisfies Messages;
