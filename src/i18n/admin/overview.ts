import type { Messages } from "../messages.ts";

/** The messages of the overview. */
export const OVERVIEW = {
  title: ["Home", "Inicio"],
  all_well: ["Everything is working", "Todo funciona"],
  power_now: ["Power now", "Potencia ahora"],
  today: ["Energy today", "Energía hoy"],
  month: ["Energy this month", "Energía este mes"],
  running: ["Running sessions", "Sesiones activas"],
  mean: [
    "Mean power today per quarter-hour, kW",
    "Potencia media de hoy por cuarto de hora, kW",
  ],
  bar: ["{at}: {kw} on average", "{at}: {kw} en promedio"],
  incomplete: [
    "The energy of earlier sessions is still being added up after an update.",
    "La energía de sesiones anteriores todavía se está sumando después de una actualización.",
  ],
  states: ["Connectors", "Conectores"],
  connected: ["{n} of {all} chargers connected", "{n} de {all} cargadores conectados"],
  attention: ["Needs attention", "Requiere atención"],
  nothing: [
    "Nothing: no faults, no chargers waiting, all chargers responding.",
    "Nada: sin fallas, nadie en espera, todos los cargadores responden.",
  ],
  faulted: ["Faulted", "Con falla"],
  silent: ["Silent since", "Sin señal desde"],
  pending: ["Waiting to be accepted", "Pide acceso"],
  refused: ["Refused", "Rechazado"],
  site: ["The gateway", "El gateway"],
  doubtful: ["Doubtful figures", "Datos dudosos"],
  sessions: ["Running sessions", "Sesiones activas"],
  no_sessions: ["Nobody is charging right now.", "Nadie está cargando en este momento."],
  first: ["No charger has connected yet", "Aún no se conecta ningún cargador"],
  first_text: [
    "Enter this URL in your charger as its OCPP server (central system). The charger then appears here.",
    "Escribe esta dirección en tu cargador como servidor OCPP (sistema central). Después aparece aquí por sí solo.",
  ],
  charger: ["Charger", "Cargador"],
  tag: ["Card", "Tarjeta"],
  power: ["Power", "Potencia"],
  energy: ["Energy", "Energía"],
  duration: ["Duration", "Duración"],
  since: ["Started", "Inicio"],
} satisfies Messages;
