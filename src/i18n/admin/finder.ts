import type { Messages } from "../messages.ts";

/** The messages of the search in everything. */
export const FINDER = {
  title: ["Search everything", "Buscar en todo"],
  hint: [
    "Charger, person, card, session, page or action",
    "Cargador, persona, tarjeta, sesión, página o acción",
  ],
  results: ["Results", "Resultados"],
  count: ["{n|# result|# results}", "{n|# resultado|# resultados}"],
  none: ["Nothing matches “{text}”.", "Nada coincide con «{text}»."],
  keys: ["↑ ↓ choose · Enter opens · Esc closes", "↑ ↓ elegir · Entrar abre · Esc cierra"],
  charger: ["Charger", "Cargador"],
  person: ["Person", "Persona"],
  card: ["Card", "Tarjeta"],
  session: ["Session", "Sesión"],
  session_number: ["Session {id}", "Sesión {id}"],
  page: ["Page", "Página"],
  action: ["Action", "Acción"],
  add_card: ["Add a card", "Agregar una tarjeta"],
  month_report: ["Monthly report by holder", "Reporte mensual por titular"],
  running: ["Sessions that are running", "Sesiones activas"],
  problems: ["Chargers with problems", "Cargadores con problemas"],
  language: ["Español", "English"],
  theme_light: ["Light colours", "Colores claros"],
  theme_dark: ["Dark colours", "Colores oscuros"],
  log_out: ["Log out", "Salir"],
} satisfies Messages;
