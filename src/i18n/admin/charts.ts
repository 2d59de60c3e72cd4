import type { Messages } from "../messages.ts";

/** The messages of charts. */
export const CHARTS = {
  day: ["Day", "Día"],
  week: ["Week", "Semana"],
  month: ["Month", "Mes"],
  year: ["Year", "Año"],
  custom: ["Custom", "Otro"],
  earlier: ["Earlier", "Antes"],
  later: ["Later", "Después"],
  today: ["Today", "Hoy"],
  from: ["From", "Desde"],
  to: ["To", "Hasta"],
  quantity: ["Show", "Mostrar"],
  power: ["Power", "Potencia"],
  energy: ["Energy", "Energía"],
  current: ["Current", "Corriente"],
  voltage: ["Voltage", "Voltaje"],
  soc: ["State of charge", "Nivel de batería"],
  temperature: ["Temperature", "Temperatura"],
  limit: ["Limit", "Límite"],
  last_day: ["Last 24 hours", "Últimas 24 horas"],
  none: ["No readings in this period.", "No hay lecturas en este periodo."],
  zoom: [
    "Drag across the chart, or pinch it, to see a part of it.",
    "Arrastra sobre la gráfica, o usa dos dedos, para ver una parte.",
  ],
  zoomed: [
    "Choose a period above to see all of it again.",
    "Elige un periodo arriba para volver a verlo entero.",
  ],
  csv: ["Readings as CSV", "Lecturas en CSV"],
  table: ["Show as table", "Ver como tabla"],
  time: ["Time", "Hora"],
  sessions: ["Sessions", "Sesiones"],
  summary: ["{title}, {when}: maximum {most}, {at}", "{title}, {when}: máximo {most}, {at}"],
  summary_none: ["{title}, {when}: no readings", "{title}, {when}: sin lecturas"],
} satisfies Messages;
