// The texts of the hand-over report.
import type { Messages } from "../messages.ts";

/** Texts of the report, by key. */
export const HANDOVER_REPORT = {
  title: ["Hand-over report", "Reporte de entrega"],
  pass: ["Passed", "Aprobado"],
  observation: ["Observation", "Observación"],
  observed: ["Passed with observations", "Aprobado con observaciones"],
  fail: ["Failed", "No aprobado"],
  skip: ["Skipped", "Omitido"],
  unfinished: ["Not finished", "Sin terminar"],
  charger: ["Charger", "Cargador"],
  vendor: ["Vendor and model", "Marca y modelo"],
  serial: ["Serial number", "Número de serie"],
  firmware: ["Firmware", "Firmware"],
  place: ["Latitude, longitude", "Latitud, longitud"],
  installer: ["Installer", "Instalador"],
  date: ["Started", "Inicio"],
  ended: ["Ended", "Fin"],
  time_zone: ["Time zone", "Zona horaria"],
  version: ["Gateway version", "Versión del gateway"],
  notes: ["Notes", "Notas"],
  plan: [
    "Position among the chargers of the site; north is up",
    "Entre los cargadores del sitio; el norte está arriba",
  ],
  step: ["Step", "Paso"],
  connector: ["Connector", "Conector"],
  result: ["Result", "Resultado"],
  found: ["Finding", "Lo que se encontró"],
  evidence: ["Messages of failed steps", "Mensajes de lo que falló"],
  signature: ["Name, date and signature", "Nombre, fecha y firma"],
  signed: ["Signed on {at}", "Firmado el {at}"],
} satisfies Messages;
