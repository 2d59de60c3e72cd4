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
  key: ["Give it a random password", "Darle una contraseña propia al azar"],
  key_sent: [
    "The charger was sent a random password and uses it from its next connection",
    "Se envió al cargador una contraseña al azar, que usa desde su próxima conexión",
  ],
  waiting: ["Waiting to be adopted", "Esperan ser adoptados"],
  attempts: ["All connection attempts", "Todos los intentos de conexión"],
  next: [
    "It can be used now. Test it before you hand it over, and put its label on it.",
    "Ya se puede usar. Pruébalo antes de entregarlo, y ponle su etiqueta.",
  ],
  test: ["Test it", "Probarlo"],
  label: ["Print its label", "Imprimir su etiqueta"],
  open: ["Open its page", "Abrir su página"],
} satisfies Messages;
