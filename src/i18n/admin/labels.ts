import type { Messages } from "../messages.ts";

/** The messages of labels. */
export const LABELS = {
  title: ["Labels", "Etiquetas"],
  text: [
    "Print these and stick them on the chargers: drivers scan them to see state, power and help.",
    "Para imprimir y pegar en los cargadores: al escanearlas se ve estado, potencia y ayuda.",
  ],
  paper: ["Paper", "Papel"],
  letter: ["Letter, plain", "Carta, papel común"],
  a4: ["A4, plain", "A4, papel común"],
  stock: ["{sheet}: {n} of {width} × {height} mm", "{sheet}: {n} de {width} × {height} mm"],
  start: ["Start at label", "Empezar en la etiqueta"],
  start_hint: [
    "1 to {n}, for a sheet that has been used before.",
    "De 1 a {n}, para una hoja que ya se usó en parte.",
  ],
  marks: ["Lines for cutting", "Líneas de corte"],
  sheets: [
    "{n|# label|# labels} on {sheets|# sheet|# sheets}.",
    "{n|# etiqueta|# etiquetas} en {sheets|# hoja|# hojas}.",
  ],
  help: ["Help line", "Línea de ayuda"],
  help_default: [
    "Scan to see availability and how to charge.",
    "Escanea para ver si está libre y cómo cargar.",
  ],
  which: ["Chargers", "Cargadores"],
  all: ["All", "Todos"],
  none: ["None", "Ninguno"],
  print: ["Open the sheets", "Abrir las hojas"],
  print_hint: [
    "Print at 100 %, without margins and without headers.",
    "Imprime al 100 %, sin márgenes ni encabezados.",
  ],
  alt: ["QR code of {url}", "Código QR de {url}"],
  landing: ["Landing page for drivers", "Lo que ven los conductores"],
  open: ["Open the landing page", "Abrir la página del cargador"],
  address: ["Address to which chargers of this site connect", "Dirección a la que se conecta este cargador"],
  print_label: ["Print the label", "Imprimir su etiqueta"],
  local_warning: [
    "This address works on this computer only. Before printing, open the admin by the gateway's network address, or set --public-url.",
    "Esta dirección solo funciona en esta computadora. Abre el admin con la dirección del gateway antes de imprimir, o usa --public-url.",
  ],
} satisfies Messages;
