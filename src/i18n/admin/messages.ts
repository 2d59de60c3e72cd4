import type { Messages } from "../messages.ts";

/** The messages of message logs. */
export const MESSAGES = {
  text: [
    "Every OCPP message of a charger, each request with its response.",
    "Todos los mensajes OCPP de un cargador, cada petición con su respuesta.",
  ],
  charger: ["Charger", "Cargador"],
  pause: ["Pause", "Pausa"],
  resume: ["Continue", "Continuar"],
  download: ["Download", "Descargar"],
  filter: ["Filter by action or text", "Filtrar por acción o texto"],
  none: ["No messages yet.", "Aún no hay mensajes."],
  from_charger: ["from the charger", "del cargador"],
  from_gateway: ["from the gateway", "del gateway"],
  request: ["Request", "Petición"],
  answer: ["Response", "Respuesta"],
  no_answer: ["no response", "sin respuesta"],
  open: ["waiting", "en espera"],
  broken: ["Not an OCPP message", "No es un mensaje OCPP"],
  curl: ["Copy as cURL", "Copiar como cURL"],
} satisfies Messages;
