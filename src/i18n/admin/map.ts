import type { Messages } from "../messages.ts";

/** The messages of map and plan. */
export const MAP = {
  no_plan: [
    "The site has no plan yet. Upload a drawing or a photo of the site to show where each charger is: PNG, JPEG, WebP or SVG, up to 10 MB.",
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
    "The picture is deleted. The positions of the chargers are kept for the next one.",
    "Se borra la imagen. El lugar de los cargadores se conserva para la siguiente.",
  ],
  plan_edit_text: [
    "Drag a marker, choose a charger in the list and click on the plan, or enter its distance from the top and the left.",
    "Arrastra un marcador, o elige un cargador de la lista y haz clic en el plano, o escribe qué tan lejos está de arriba y de la izquierda.",
  ],
  top: ["From the top, %", "Desde arriba, %"],
  left: ["From the left, %", "Desde la izquierda, %"],
  text: ["{n} of {all|# charger|# chargers} on the map", "{n} de {all|# cargador|# cargadores} con lugar"],
  edit: ["Move markers", "Mover marcadores"],
  done: ["Done", "Listo"],
  edit_text: [
    "Drag a marker, choose a charger in the list and click on the map, or enter its coordinates.",
    "Arrastra un marcador, o elige un cargador de la lista y haz clic en el mapa, o escribe sus coordenadas.",
  ],
  list: ["Chargers", "Cargadores"],
  no_place: ["no location yet", "sin lugar"],
  latitude: ["Latitude", "Latitud"],
  longitude: ["Longitude", "Longitud"],
  placed: ["{name}: location saved", "{name}: lugar guardado"],
  open: ["Open", "Abrir"],
  choose: ["Place", "Ubicar"],
} satisfies Messages;
