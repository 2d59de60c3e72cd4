import type { Messages } from "../messages.ts";

/** The messages of charts. */
export const CHARTS = {
  hour: ["Hour", "Hora"],
  hours6: ["6 hours", "6 horas"],
  day: ["Day", "Día"],
  week: ["Week", "Semana"],
  measurand: ["Measurand", "Qué"],
  none: ["There are no such readings in this period.", "No hay lecturas de esto en ese tiempo."],
  zoom: [
    "Drag over the chart to zoom in; double-click to reset.",
    "Arrastra sobre la gráfica para acercar, doble clic para ver todo.",
  ],
  csv: ["Readings as CSV", "Lecturas en CSV"],
  thinned: [
    "Only the newest {n} readings are drawn; the CSV contains all of them.",
    "Solo se dibujan las {n} lecturas más recientes; el CSV las tiene todas.",
  ],
  connector: ["Connector {n}", "Conector {n}"],
} satisfies Messages;
