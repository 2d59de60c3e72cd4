import type { Words } from "../i18n.ts";

export const SIMULATORS = {
  title: ["Simulators", "Simuladores"],
  text: [
    "Chargers that are not there, to rehearse with. They are marked SIM and left out of totals.",
    "Cargadores que no existen, para ensayar. Llevan la marca SIM y no cuentan en los totales.",
  ],
  add: ["Add simulator", "Agregar simulador"],
  name: ["Name", "Nombre"],
  charger_id: ["Charger id", "Id del cargador"],
  rfid: ["Card", "Tarjeta"],
  connectors: ["Connectors", "Conectores"],
  duration: ["Session, s", "Sesión, s"],
  kwh_min: ["Energy at least, kWh", "Energía mínima, kWh"],
  kwh_max: ["Energy at most, kWh", "Energía máxima, kWh"],
  interval: ["Meter values every, s", "Lecturas cada, s"],
  repeat: ["Session after session", "Una sesión tras otra"],
  running: ["Running", "En marcha"],
  halted: ["Stopped", "Detenido"],
  start: ["Start", "Iniciar"],
  stop: ["Stop", "Detener"],
  remove: ["Delete", "Borrar"],
  remove_text: [
    "{name} is stopped and deleted. Its sessions stay.",
    "{name} se detiene y se borra. Sus sesiones se conservan.",
  ],
  none: [
    "No simulators. Add one to see how everything works.",
    "No hay simuladores. Agrega uno para ver cómo funciona todo.",
  ],
  here: ["Connects to {host}:{port} as {id}", "Se conecta a {host}:{port} como {id}"],
  new_name: ["Simulator {n}", "Simulador {n}"],
} satisfies Words;
