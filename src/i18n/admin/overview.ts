import type { Messages } from "../messages.ts";

/** The messages of the overview. */
export const OVERVIEW = {
  title: ["Overview", "Resumen"],
  all_well: ["Everything is running", "Todo funciona"],
  power_now: ["Power now", "Potencia ahora"],
  today: ["Energy today", "Energía hoy"],
  month: ["Energy this month", "Energía este mes"],
  running: ["Sessions running", "Sesiones activas"],
  mean: [
    "Mean power today, quarter-hour by quarter-hour, kW",
    "Potencia media de hoy por cuarto de hora, kW",
  ],
  bar: ["{at}: {kw} on average", "{at}: {kw} en promedio"],
  states: ["Connectors", "Conectores"],
  connected: ["{n} of {all} chargers connected", "{n} de {all} cargadores conectados"],
  attention: ["Needs attention", "Requiere atención"],
  nothing: [
    "Nothing: no faults, nobody waiting, all chargers in touch.",
    "Nada: sin fallas, nadie en espera, todos los cargadores responden.",
  ],
  faulted: ["Faulted", "Con falla"],
  silent: ["Silent, last seen", "Sin señal desde"],
  pending: ["Wants to be let in", "Pide acceso"],
  refused: ["Refused", "Rechazado"],
  site: ["The gateway", "El gateway"],
  doubtful: ["Doubtful figures", "Datos dudosos"],
  sessions: ["Running sessions", "Sesiones activas"],
  no_sessions: ["Nobody is charging at the moment.", "Nadie está cargando en este momento."],
  first: ["No charger has connected yet", "Aún no se conecta ningún cargador"],
  first_text: [
    "Type this address into your charger as its OCPP server (central system). It then appears here by itself.",
    "Escribe esta dirección en tu cargador como servidor OCPP (sistema central). Después aparece aquí por sí solo.",
  ],
  charger: ["Charger", "Cargador"],
  tag: ["Card", "Tarjeta"],
  power: ["Power", "Potencia"],
  energy: ["Energy", "Energía"],
  duration: ["Duration", "Duración"],
  since: ["Started", "Inicio"],
  sims: ["Without simulators", "Sin simuladores"],
} satisfies Messages;
