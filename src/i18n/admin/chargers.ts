import type { Messages } from "../messages.ts";

/** The messages of the list of chargers. */
export const CHARGERS = {
  title: ["Chargers", "Cargadores"],
  count: ["{n} of {all} connected", "{n} de {all} conectados"],
  add: ["Add charger", "Agregar cargador"],
  add_text: [
    "A charger appears here when it first connects. Add it beforehand to give it a name or a password.",
    "Un cargador aparece solo cuando se conecta. Agrégalo aquí antes si quieres darle nombre o contraseña.",
  ],
  all: ["All", "Todos"],
  wrong: ["With problems", "Con problemas"],
  charging: ["Charging", "Cargando"],
  free: ["Free", "Libres"],
  charger: ["Charger", "Cargador"],
  state: ["State", "Estado"],
  power: ["Power", "Potencia"],
  seen: ["Last heard", "Última señal"],
  model: ["Model", "Modelo"],
  card: ["Card", "Tarjeta"],
  needed: ["Card required", "Con tarjeta"],
  open: ["Open to all", "Abierto"],
  none: ["No charger matches.", "Ningún cargador coincide."],
  charger_id: ["Charger id", "Id del cargador"],
  charger_id_hint: [
    "As entered in the charger, at the end of the URL.",
    "Como está escrito en el cargador, al final de la dirección.",
  ],
  name: ["Name", "Nombre"],
  password: ["Password", "Contraseña"],
  password_hint: [
    "Only if the charger is to authenticate with HTTP Basic.",
    "Solo si el cargador debe entrar con HTTP Basic.",
  ],
  require_rfid: ["Charging requires a known RFID card", "Para cargar hace falta una tarjeta RFID conocida"],
  created: ["Added {id}", "Se agregó {id}"],
} satisfies Messages;
