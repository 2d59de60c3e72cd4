import type { Messages } from "../messages.ts";

/** The messages of sessions. */
export const SESSIONS = {
  title: ["Sessions", "Sesiones"],
  id: ["No.", "Núm."],
  charger: ["Charger", "Cargador"],
  connector: ["Connector", "Conector"],
  card: ["Card", "Tarjeta"],
  start: ["Start", "Inicio"],
  end: ["End", "Fin"],
  duration: ["Duration", "Duración"],
  energy: ["Energy", "Energía"],
  doubts: ["Remarks", "Observaciones"],
  state: ["State", "Estado"],
  simulated: ["Simulated", "Simulada"],
  all: ["All", "Todas"],
  active: ["Running", "Activas"],
  completed: ["Ended", "Terminadas"],
  today: ["Today", "Hoy"],
  month: ["This month", "Este mes"],
  last_month: ["Last month", "Mes pasado"],
  one_month: ["Month", "Mes"],
  range: ["From – to", "Desde – hasta"],
  group: ["Group by", "Agrupar por"],
  by_none: ["No grouping", "Sin agrupar"],
  by_holder: ["Holder", "Titular"],
  by_tag: ["Card", "Tarjeta"],
  by_charger: ["Charger", "Cargador"],
  by_day: ["Day", "Día"],
  sums_holder: ["Sessions by holder", "Sesiones por titular"],
  sums_tag: ["Sessions by card", "Sesiones por tarjeta"],
  sums_charger: ["Sessions by charger", "Sesiones por cargador"],
  sums_day: ["Sessions by day", "Sesiones por día"],
  sums_text: [
    "Energy and times within the period; a session is counted where it starts",
    "Energía y tiempos dentro del periodo; una sesión se cuenta donde inicia",
  ],
  incomplete: [
    "The figures are still being added up after an update: some sessions are missing.",
    "Las cifras todavía se están sumando después de una actualización: faltan sesiones.",
  ],
  charging: ["Charging", "Cargando"],
  peak: ["Peak power", "Potencia máxima"],
  print: ["Print", "Imprimir"],
  total: ["Total", "Total"],
  no_card: ["Without a card", "Sin tarjeta"],
  from: ["From", "Desde"],
  to: ["To", "Hasta"],
  any: ["Any", "Cualquiera"],
  csv: ["CSV", "CSV"],
  xlsx: ["Excel", "Excel"],
  none: ["No session matches.", "Ninguna sesión coincide."],
  totals: ["{n|# session|# sessions}, {kwh}, {duration}", "{n|# sesión|# sesiones}, {kwh}, {duration}"],
  this_month: ["This month", "Este mes"],
  more: ["Show older sessions", "Mostrar anteriores"],
  running: ["running", "activa"],
  close: ["Close this session", "Cerrar esta sesión"],
  close_text: [
    "Use this if the charger will never report the end. The energy measured so far is kept, and the session is marked.",
    "Úsalo cuando el cargador nunca va a reportar el fin. Se conserva la energía medida y la sesión queda marcada.",
  ],
  reason: ["Reason", "Motivo"],
  closed: ["Session {id} is closed", "Se cerró la sesión {id}"],
  details: ["Session {id}", "Sesión {id}"],
  meter_start: ["Meter at start", "Medidor al inicio"],
  meter_stop: ["Meter at end", "Medidor al final"],
  stop_reason: ["Stop reason", "Por qué terminó"],
  tag_status: ["Card status", "La tarjeta estaba"],
  received: ["Received", "Recibido"],
  no_doubts: ["No remarks", "Sin observaciones"],
  readings: ["Readings", "Lecturas"],
} satisfies Messages;

/** The texts of session flags (`site/sessions/flags.ts`). */
export const FLAGS = {
  "clock": [
    "The charger's clock was wrong; times of receipt are used.",
    "El reloj del cargador estaba mal; se usan las horas de recepción.",
  ],
  "conflict": [
    "A second, different end was reported; the first one is used.",
    "Se reportó un segundo fin distinto; vale el primero.",
  ],
  "from-interval": [
    "The energy is the sum of interval readings; there is no meter register.",
    "Energía sumada por intervalos; no hay registro del medidor.",
  ],
  "guessed": [
    "The end did not name a session; this was the only running one.",
    "El fin no indicaba la sesión; esta era la única activa.",
  ],
  "inconsistent": [
    "The meter value at the end is below that at the start; the energy counts as 0.",
    "El medidor terminó por debajo del inicio; la energía cuenta como 0.",
  ],
  "meter-reset": [
    "The meter was reset during the session; the energy is a lower bound.",
    "El medidor se reinició durante la sesión; fue al menos esto.",
  ],
  "no-meter-start": [
    "There is no meter reading of the start; the first sample is used.",
    "Sin lectura al inicio; se usa la primera muestra.",
  ],
  "no-meter-stop": [
    "There is no meter reading of the end; the last sample is used.",
    "Sin lectura al final; se usa la última muestra.",
  ],
  "no-stop": [
    "The end was never reported; the energy is that of the last sample.",
    "Nunca se reportó el fin; energía hasta la última muestra.",
  ],
  "orphan": [
    "Only the end was reported; the energy is unknown.",
    "Solo se reportó el fin; se desconoce la energía.",
  ],
  "outlier": ["An impossible sample was discarded.", "Se descartó una muestra imposible."],
  "rebased": [
    "The meter jumped; counting continued from the new value.",
    "El medidor saltó; se siguió contando desde ahí.",
  ],
  "recovered": [
    "The session was already running when it was detected; earlier energy is not counted.",
    "La sesión se encontró ya en curso; no se cuenta la energía anterior.",
  ],
  "rollover": [
    "The meter passed its highest value and restarted at 0.",
    "El medidor pasó su valor máximo y empezó de nuevo.",
  ],
  "session-relative": [
    "The meter starts at 0 in each session.",
    "El medidor cuenta desde el inicio de cada sesión.",
  ],
  "suspect": [
    "The charger seems to have ended the session without reporting it.",
    "Parece que el cargador la terminó sin avisar.",
  ],
  "unit": ["The unit of the samples cannot be right.", "La unidad de las muestras no puede ser correcta."],
  "unaccounted": [
    "Energy flowed after the session that belongs to no session.",
    "Después hubo energía que no pertenece a ninguna sesión.",
  ],
  "next-start": ["Ended because the next session started.", "Terminó porque empezó la siguiente sesión."],
  "charger-deleted": [
    "The charger was deleted while the session ran.",
    "Se borró el cargador mientras la sesión seguía.",
  ],
  "charger-replaced": [
    "The device was replaced while the session ran.",
    "Se cambió el aparato mientras la sesión seguía.",
  ],
  "closed-by-operator": ["Closed by an operator.", "Cerrada por un operador."],
} satisfies Messages;
