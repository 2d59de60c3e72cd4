import type { Messages } from "../messages.ts";

/** The messages of map and plan. */
export const MAP = {
  title: ["Map", "Mapa"],
  map: ["Map", "Mapa"],
  plan: ["Plan", "Plano"],
  no_plan: [
    "The site has no plan yet. A drawing or a photo of the place shows best where each charger stands: PNG, JPEG, WebP or SVG, at most 10 MB.",
    "El sitio aún no tiene plano. Un dibujo o una foto del lugar muestra mejor dónde está cada cargador: PNG, JPEG, WebP o SVG, de 10 MB como máximo.",
  ],
  svg_unreadable: [
    "The browser cannot read the SVG: export the plan as PNG and upload that",
    "El navegador no puede leer el SVG: exporta el plano como PNG y súbelo",
  ],
  upload: ["Upload a plan", "Subir un plano"],
  replace: ["Replace", "Reemplazar"],
  uploaded: ["The plan is saved", "El plano se guardó"],
  remove: ["Delete the plan", "Borrar el plano"],
  remove_text: [
    "The picture is deleted. Where the chargers stand on it is kept for the next one.",
    "Se borra la imagen. El lugar de los cargadores se conserva para la siguiente.",
  ],
  plan_edit_text: [
    "Drag a marker, or choose a charger in the list and click on the plan, or type how far it is from the top and the left.",
    "Arrastra un marcador, o elige un cargador de la lista y haz clic en el plano, o escribe qué tan lejos está de arriba y de la izquierda.",
  ],
  top: ["From the top, %", "Desde arriba, %"],
  left: ["From the left, %", "Desde la izquierda, %"],
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
} satisfies Messages;
