import type { Messages } from "../messages.ts";

/** The messages of the page of what happened. */
export const ACTIVITY = {
  title: ["Activity", "Actividad"],
  text: ["What happened on the site, newest first.", "Lo que pasó en el sitio, lo más reciente primero."],
  log: ["Log", "Registro"],
  audit: ["Audit", "Auditoría"],
  jobs: ["Jobs and reservations", "Trabajos y reservaciones"],
  availability: ["Availability", "Disponibilidad"],
  messages: ["OCPP messages", "Mensajes OCPP"],
  all: ["All", "Todo"],
  sessions: ["Sessions", "Sesiones"],
  chargers: ["Chargers", "Cargadores"],
  commands: ["Commands", "Comandos"],
  security: ["Security", "Seguridad"],
  changes: ["Changes", "Cambios"],
  gateway: ["Gateway", "Gateway"],
  at: ["When", "Cuándo"],
  what: ["What", "Qué"],
  on: ["Where", "Dónde"],
  who: ["Who", "Quién"],
  charger: ["Charger", "Cargador"],
  charger_hint: ["Name or id, or a part of it", "Nombre o id, o una parte"],
  severity: ["Severity", "Gravedad"],
  period: ["Period", "Periodo"],
  any: ["All", "Todo"],
  day: ["Last 24 hours", "Últimas 24 horas"],
  week: ["Last 7 days", "Últimos 7 días"],
  month: ["Last 30 days", "Últimos 30 días"],
  info: ["Information", "Información"],
  warning: ["Warnings", "Avisos"],
  error: ["Errors", "Errores"],
  none: ["Nothing has happened in this selection.", "No pasó nada en esta selección."],
  times: ["{n|once|# times}, until {until}", "{n|una vez|# veces}, hasta {until}"],
  connector: ["connector {n}", "conector {n}"],
} satisfies Messages;

/** The messages that all logs share. */
export const LOG_FRAME = {
  more: ["Show older entries", "Mostrar anteriores"],
  csv: ["Export CSV", "Exportar CSV"],
} satisfies Messages;

/** The messages of the chargers' availability. */
export const AVAILABILITY = {
  text: [
    "How much of the month each charger was connected, the least available first. Time in which the gateway was off does not count.",
    "Qué parte del mes estuvo conectado cada cargador, el menos disponible primero. No cuenta el tiempo en que el gateway estuvo apagado.",
  ],
  month: ["Month", "Mes"],
  none: ["Nothing is known of this month.", "No se sabe nada de este mes."],
  charger: ["Charger", "Cargador"],
  uptime: ["Available", "Disponible"],
  down: ["Not connected", "Sin conexión"],
  disconnections: ["Disconnections", "Desconexiones"],
  faults: ["Faults", "Fallas"],
  faulted: ["Faulted", "En falla"],
  unknown: ["Unknown", "Se desconoce"],
} satisfies Messages;

/** The sentences of entries by kind, with their values. */
export const ACTIVITY_LINES = {
  connected: ["Connected", "Se conectó"],
  disconnected: ["Connection lost: {code}", "Se perdió la conexión: {code}"],
  boot: ["Booted: {vendor} {model} {firmware_version}", "Arrancó: {vendor} {model} {firmware_version}"],
  identity: ["Reports another identity: {changes}", "Informa otra identidad: {changes}"],
  fault: ["Fault: {error_code} {vendor_error_code}", "Falla: {error_code} {vendor_error_code}"],
  fault_ended: [
    "Fault ended: {error_code}, after {duration}",
    "Terminó la falla: {error_code}, tras {duration}",
  ],
  card_refused: ["Card {id_tag} refused: {status}", "Tarjeta {id_tag} rechazada: {status}"],
  charger_refused: [
    "Connection from {address} refused ({status})",
    "Conexión desde {address} rechazada ({status})",
  ],
  session_started: ["Session {transaction_id} started", "Inició la sesión {transaction_id}"],
  session_ended: [
    "Session {transaction_id} ended: {energy} {stop_reason}",
    "Terminó la sesión {transaction_id}: {energy} {stop_reason}",
  ],
  command: ["Command “{action}”: {outcome}", "Comando «{action}»: {outcome}"],
  firmware: ["Firmware update: {status}", "Actualización de firmware: {status}"],
  security: ["Security: {type}", "Seguridad: {type}"],
  alarm: ["Alarm: {alarm}", "Alarma: {alarm}"],
  alarm_ended: ["Alarm ended: {alarm}", "Terminó la alarma: {alarm}"],
  gateway_started: ["The gateway started, version {version}", "Arrancó el gateway, versión {version}"],
  gateway_stopped: ["The gateway was stopped", "Se detuvo el gateway"],
  clock_stepped: ["The clock stepped by {by_s} s", "El reloj saltó {by_s} s"],
  backup: ["Backup made: {name}", "Se hizo el respaldo {name}"],
  change: ["{object} {id} {action}", "{object} {id}: {action}"],
  login: ["Logged in from {address}", "Entró desde {address}"],
  login_refused: [
    "Login as {name} refused, from {address}",
    "Entrada como {name} rechazada, desde {address}",
  ],
} satisfies Messages;
