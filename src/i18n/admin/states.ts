import type { Messages } from "../messages.ts";

/** The messages of connector states, by OCPP status. */
export const STATES = {
  Available: ["Available", "Disponible"],
  Preparing: ["Preparing", "Preparando"],
  Charging: ["Charging", "Cargando"],
  SuspendedEVSE: ["Paused by charger", "En pausa (cargador)"],
  SuspendedEV: ["Paused by car", "En pausa (auto)"],
  Finishing: ["Finishing", "Terminando"],
  Reserved: ["Reserved", "Reservado"],
  Unavailable: ["Out of service", "Fuera de servicio"],
  Faulted: ["Faulted", "Con falla"],
  offline: ["Not connected", "Sin conexión"],
  Accepted: ["Adopted", "Adoptado"],
  Pending: ["Waiting to be adopted", "Espera ser adoptado"],
  Rejected: ["Rejected", "Rechazado"],
  Idle: ["No report yet", "Sin reporte"],
  whole: ["Charger", "Cargador"],
  connector: ["Connector {n}", "Conector {n}"],
} satisfies Messages;
