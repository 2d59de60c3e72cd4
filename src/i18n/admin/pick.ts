import type { Messages } from "../messages.ts";

/** The messages of tables with checkboxes. */
export const PICK = {
  charger: ["Charger", "Cargador"],
  away: ["not connected", "sin conexión"],
  outcome: ["Result", "Resultado"],
  busy: ["running…", "en curso…"],
  all: ["Select all", "Marcar todo"],
  need_restart: [
    "The changes take effect after a restart of: {names}.",
    "Lo escrito vale después de reiniciar: {names}.",
  ],
  restart: ["Restart these {n}", "Reiniciar estos {n}"],
  restart_ask: [
    "{n} chargers end their sessions, restart and are unavailable for a minute or two.",
    "{n} cargadores terminan sus sesiones, se reinician y se ausentan uno o dos minutos.",
  ],
  restarting: ["restarting", "se reinicia"],
} satisfies Messages;
