import type { Messages } from "../messages.ts";

/** The messages of charts. */
export const CHARTS = {
  hour: ["Hour", "Hora"],
  hours6: ["6 hours", "6 horas"],
  day: ["Day", "Día"],
  week: ["Week", "Semana"],
  measurand: ["What", "Qué"],
  none: ["There are no readings of this in that time.", "No hay lecturas de esto en ese tiempo."],
  zoom: [
    "Drag over the chart to look closer, double-click to see all again.",
    "Arrastra sobre la gráfica para acercar, doble clic para ver todo.",
  ],
  csv: ["Readings as CSV", "Lecturas en CSV"],
  thinned: [
    "Only the newest {n} readings are drawn; the CSV has them all.",
    "Solo se dibujan las {n} lecturas más recientes; el CSV las tiene todas.",
  ],
  connector: ["Connector {n}", "Conector {n}"],
} satisfies Messages;
