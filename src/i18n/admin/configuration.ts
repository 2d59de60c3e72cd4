import type { Messages } from "../messages.ts";

/** The messages of a charger's configuration. */
export const CONFIGURATION = {
  text: [
    "The charger's own settings, as just read from it. Changes are written to the charger at once.",
    "Los ajustes propios del cargador, leídos de él ahora. Lo que cambies aquí se escribe de inmediato en el cargador.",
  ],
  read: ["Read again", "Leer de nuevo"],
  not_connected: [
    "The charger is not connected: these are the last known values.",
    "El cargador no está conectado: esto es lo último que dijo.",
  ],
  as_of: ["As read on {at}", "Como se leyó el {at}"],
  save_standard: ["Save as standard", "Guardar como estándar"],
  key: ["Key", "Clave"],
  value: ["Value", "Valor"],
  change: ["Change", "Cambiar"],
  readonly: ["read only", "solo lectura"],
  write: ["Write to the charger", "Escribir en el cargador"],
  write_text: ["{key} is changed in the charger itself.", "{key} se cambia en el propio cargador."],
  none: ["No key matches.", "Ninguna clave coincide."],
  download: ["Download", "Descargar"],
  add_key: ["Write another key", "Escribir otra clave"],
} satisfies Messages;
