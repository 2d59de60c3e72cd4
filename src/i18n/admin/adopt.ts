import type { Messages } from "../messages.ts";

/** The messages of the admission of a charger. */
export const ADOPT = {
  title: ["Adopt {id}", "Adoptar {id}"],
  adopt: ["Adopt", "Adoptar"],
  adopted: ["{id} is adopted", "{id} quedó adoptado"],
  name: ["Name", "Nombre"],
  place: ["Place on the map", "Lugar en el mapa"],
  latitude: ["Latitude", "Latitud"],
  longitude: ["Longitude", "Longitud"],
  require_rfid: ["Charging requires a known card", "Para cargar hace falta una tarjeta conocida"],
  key: ["Give it a random password of its own", "Darle una contraseña propia al azar"],
  key_sent: [
    "The charger was sent a random password, which it uses from its next connection on",
    "Se envió al cargador una contraseña al azar, que usa desde su próxima conexión",
  ],
  waiting: ["Waiting to be adopted", "Esperan ser adoptados"],
  refused: ["Refused connections: {n}", "Conexiones rechazadas: {n}"],
} satisfies Messages;
