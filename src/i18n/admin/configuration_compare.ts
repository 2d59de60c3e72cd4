import type { Messages } from "../messages.ts";

/** The messages of configuration comparison and templates. */
export const CONFIGURATION_COMPARE = {
  compare: ["Compare", "Comparar"],
  with: ["With which", "Con cuál"],
  standards: ["Standards", "Estándares"],
  standards_text: [
    "Settings that the site's chargers should have: kept here, compared, and written to several at once.",
    "Ajustes que deben tener los cargadores del sitio: se guardan aquí, se comparan y se escriben en varios a la vez.",
  ],
  chargers: ["Chargers", "Cargadores"],
  same: ["No difference.", "Sin diferencias."],
  key: ["Key", "Clave"],
  keys: ["Keys", "Claves"],
  value: ["Value", "Valor"],
  here: ["Here", "Aquí"],
  there: ["There", "Allá"],
  missing: ["not there", "no está"],
  write: ["Write the {n} ticked here", "Escribir aquí las {n} marcadas"],
  write_ask: [
    "{n} keys are written to {name}. You can undo it as long as this page is open.",
    "Se escriben {n} claves en {name}. Puedes deshacerlo mientras esta página esté abierta.",
  ],
  Accepted: ["written", "escrito"],
  RebootRequired: ["written, needs a restart", "escrito, falta reiniciar"],
  Rejected: ["refused", "rechazado"],
  NotSupported: ["not supported", "no lo soporta"],
  equal: ["had this value already", "ya tenía este valor"],
  readonly: ["read only", "solo lectura"],
  restart: ["Restart the charger", "Reiniciar el cargador"],
  restart_ask: [
    "The charger ends its sessions, restarts and is away for a minute or two.",
    "El cargador termina sus sesiones, se reinicia y se ausenta uno o dos minutos.",
  ],
  undo: ["Undo the last write", "Deshacer lo último escrito"],
  undo_ask: [
    "{n} keys get the values back that they had: {keys}.",
    "{n} claves recuperan el valor que tenían: {keys}.",
  ],
  save_as: ["New standard", "Nuevo estándar"],
  default_name: ["Site", "Sitio"],
  name: ["Name", "Nombre"],
  name_hint: ["One of the same name is replaced.", "Si ya hay uno con este nombre, se reemplaza."],
  choose_keys: [
    "What is ticked belongs to it. Passwords and other secrets cannot.",
    "Lo marcado es parte de él. Contraseñas y otros secretos no pueden serlo.",
  ],
  part_of: ["{key} belongs to it", "{key} es parte"],
  add_key: ["Add a key", "Agregar una clave"],
  no_standards: [
    "No standard yet. Make one here, or from a charger's configuration.",
    "Aún no hay estándares. Crea uno aquí, o desde la configuración de un cargador.",
  ],
  apply: ["Apply", "Aplicar"],
  apply_text: [
    "Choose the chargers. Only what differs is written; restarts are up to you.",
    "Elige los cargadores. Solo se escribe lo que difiere; los reinicios los decides tú.",
  ],
  apply_label: ["Write to the chosen ones", "Escribir en los elegidos"],
  apply_ask: [
    "What differs from {name} is written to {n} chargers.",
    "Lo que difiere de {name} se escribe en {n} cargadores.",
  ],
  differ: ["Differs in", "Difiere en"],
  n_keys: ["{n} keys", "{n} claves"],
  edit: ["Change", "Cambiar"],
  delete: ["Delete", "Borrar"],
  delete_ask: [
    "The standard is gone; chargers keep what they have.",
    "El estándar se borra; los cargadores conservan lo que tienen.",
  ],
} satisfies Messages;
