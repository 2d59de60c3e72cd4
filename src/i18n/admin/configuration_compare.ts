import type { Messages } from "../messages.ts";

/** The messages of configuration comparison and templates. */
export const CONFIGURATION_COMPARE = {
  compare: ["Compare", "Comparar"],
  with: ["Compare with", "Con cuál"],
  standards: ["Standards", "Estándares"],
  standards_text: [
    "Settings that the site's chargers should have: stored here, compared, and written to several chargers at once.",
    "Ajustes que deben tener los cargadores del sitio: se guardan aquí, se comparan y se escriben en varios a la vez.",
  ],
  chargers: ["Chargers", "Cargadores"],
  same: ["No differences.", "Sin diferencias."],
  key: ["Key", "Clave"],
  keys: ["Keys", "Claves"],
  value: ["Value", "Valor"],
  here: ["Here", "Aquí"],
  there: ["There", "Allá"],
  missing: ["missing", "no está"],
  write: [
    "Write {n|the selected key|the # selected keys} here",
    "Escribir aquí {n|la marcada|las # marcadas}",
  ],
  write_ask: [
    "{n|# key is|# keys are} written to {name}. You can undo this as long as this page is open.",
    "{n|Se escribe # clave|Se escriben # claves} en {name}. Puedes deshacerlo mientras esta página esté abierta.",
  ],
  Accepted: ["written", "escrito"],
  RebootRequired: ["written, restart required", "escrito, falta reiniciar"],
  Rejected: ["rejected", "rechazado"],
  NotSupported: ["not supported", "no lo soporta"],
  equal: ["already had this value", "ya tenía este valor"],
  readonly: ["read only", "solo lectura"],
  restart: ["Restart the charger", "Reiniciar el cargador"],
  restart_ask: [
    "The charger ends its sessions, restarts and is unavailable for a minute or two.",
    "El cargador termina sus sesiones, se reinicia y se ausenta uno o dos minutos.",
  ],
  undo: ["Undo the last write", "Deshacer lo último escrito"],
  undo_ask: [
    "{n|The previous value of # key is|The previous values of # keys are} restored: {keys}.",
    "{n|# clave recupera|# claves recuperan} el valor que tenían: {keys}.",
  ],
  save_as: ["New standard", "Nuevo estándar"],
  default_name: ["Site", "Sitio"],
  name: ["Name", "Nombre"],
  name_hint: ["An existing one with this name is replaced.", "Si ya hay uno con este nombre, se reemplaza."],
  choose_keys: [
    "The selected keys are included. Passwords and other secrets cannot be.",
    "Lo marcado es parte de él. Contraseñas y otros secretos no pueden serlo.",
  ],
  part_of: ["Include {key}", "{key} es parte"],
  add_key: ["Add a key", "Agregar una clave"],
  no_standards: [
    "No standards yet. Create one here, or from a charger's configuration.",
    "Aún no hay estándares. Crea uno aquí, o desde la configuración de un cargador.",
  ],
  apply: ["Apply", "Aplicar"],
  apply_text: [
    "Choose the chargers. Only differences are written; you decide on restarts.",
    "Elige los cargadores. Solo se escribe lo que difiere; los reinicios los decides tú.",
  ],
  apply_label: ["Write to the selected chargers", "Escribir en los elegidos"],
  apply_ask: [
    "The differences from {name} are written to {n|# charger|# chargers}.",
    "Lo que difiere de {name} se escribe en {n|# cargador|# cargadores}.",
  ],
  differ: ["Differs in", "Difiere en"],
  n_keys: ["{n|# key|# keys}", "{n|# clave|# claves}"],
  edit: ["Change", "Cambiar"],
  delete: ["Delete", "Borrar"],
  delete_ask: [
    "The standard is deleted; chargers keep their settings.",
    "El estándar se borra; los cargadores conservan lo que tienen.",
  ],
} satisfies Messages;
