// The texts of printed labels.
import type { Messages } from "../messages.ts";

/** Texts of the page, by key. */
export const LABEL_SHEETS = {
  title: ["Charger labels", "Etiquetas de cargadores"],
  print: ["Print", "Imprimir"],
  hint: [
    "{n|# label|# labels} on {sheets|# sheet|# sheets}. Print at 100 %, without margins and without headers.",
    "{n|# etiqueta|# etiquetas} en {sheets|# hoja|# hojas}. Imprime al 100 %, sin márgenes ni encabezados.",
  ],
  none: ["There are no chargers to print labels for.", "No hay cargadores para imprimir etiquetas."],
  help: [
    "Scan to see availability and how to charge.",
    "Escanea para ver si está libre y cómo cargar.",
  ],
} satisfies Messages;
