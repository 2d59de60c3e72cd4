import type { Words } from "../i18n.ts";

export const MAP = {
  title: ["Map", "Mapa"],
  text: ["{n} of {all} chargers have a place", "{n} de {all} cargadores tienen lugar"],
  edit: ["Move markers", "Mover marcadores"],
  done: ["Done", "Listo"],
  edit_text: [
    "Drag a marker, or choose a charger in the list and click on the map, or type its coordinates.",
    "Arrastra un marcador, o elige un cargador de la lista y haz clic en el mapa, o escribe sus coordenadas.",
  ],
  list: ["Chargers", "Cargadores"],
  no_place: ["no place yet", "sin lugar"],
  latitude: ["Latitude", "Latitud"],
  longitude: ["Longitude", "Longitud"],
  placed: ["{name}: place saved", "{name}: lugar guardado"],
  open: ["Open", "Abrir"],
  choose: ["Place", "Ubicar"],
} satisfies Words;
