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
  restart: ["{n|Restart it|Restart these #}", "{n|Reiniciarlo|Reiniciar estos #}"],
  restart_ask: [
    "{n|The charger ends its sessions, restarts and is|# chargers end their sessions, restart and are} unavailable for a minute or two.",
    "{n|El cargador termina sus sesiones, se reinicia y se ausenta|# cargadores terminan sus sesiones, se reinician y se ausentan} uno o dos minutos.",
  ],
  restarting: ["restarting", "se reinicia"],
} satisfies Messages;
