import type { Messages } from "../messages.ts";

/** The messages of the monthly report. */
export const REPORT = {
  title: ["Monthly report", "Reporte mensual"],
  text: [
    "Sessions that started in this month. Times are in the time zone {zone}.",
    "Sesiones que iniciaron en este mes. Horas en la zona {zone}.",
  ],
  month: ["Month", "Mes"],
  print: ["Print", "Imprimir"],
  by_card: ["By card", "Por tarjeta"],
  by_charger: ["By charger", "Por cargador"],
  card: ["Card", "Tarjeta"],
  label: ["Holder", "Titular"],
  charger: ["Charger", "Cargador"],
  sessions: ["Sessions", "Sesiones"],
  energy: ["Energy", "Energía"],
  duration: ["Duration", "Duración"],
  doubtful: ["With remarks", "Con observaciones"],
  total: ["Total", "Total"],
  none: ["No sessions in this month.", "No hubo sesiones en este mes."],
  no_card: ["(no card)", "(sin tarjeta)"],
} satisfies Messages;
