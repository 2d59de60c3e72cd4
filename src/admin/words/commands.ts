import type { Words } from "../i18n.ts";

export const COMMANDS = {
  start: ["Start charging", "Iniciar carga"],
  start_text: [
    "Asks the charger to start a session for this card, as if it had been held against the reader.",
    "Pide al cargador iniciar una sesión con esta tarjeta, como si se hubiera acercado al lector.",
  ],
  stop: ["Stop charging", "Detener carga"],
  stop_text: [
    "Ends the running session. The driver can then unplug.",
    "Termina la sesión activa. El conductor puede desconectar.",
  ],
  unlock: ["Unlock the cable", "Liberar el cable"],
  unlock_text: [
    "Releases the plug's lock. A running session is ended by the charger first.",
    "Libera el seguro del conector. Si hay una sesión activa, el cargador la termina antes.",
  ],
  reset: ["Restart the charger", "Reiniciar el cargador"],
  reset_text: [
    "The charger restarts and is away for a minute or two. Soft ends sessions properly first; Hard is like pulling its plug.",
    "El cargador se reinicia y se ausenta uno o dos minutos. Soft termina antes las sesiones; Hard es como cortarle la luz.",
  ],
  availability: ["Take out of or into service", "Poner o quitar de servicio"],
  availability_text: [
    "Out of service, nobody can start charging. A running session is finished first.",
    "Fuera de servicio nadie puede iniciar una carga. Una sesión activa termina primero.",
  ],
  limit: ["Limit the current", "Limitar la corriente"],
  limit_text: [
    "Sets the most that a car may draw, by a default charging profile. 0 removes the limit.",
    "Fija la corriente máxima por auto, con un perfil de carga por defecto. 0 quita el límite.",
  ],
  trigger: ["Ask for a message", "Pedir un mensaje"],
  trigger_text: [
    "The charger sends its state anew: good when figures look old.",
    "El cargador envía de nuevo su estado: útil si los datos parecen viejos.",
  ],
  clear_cache: ["Forget cached cards", "Olvidar tarjetas guardadas"],
  clear_cache_text: [
    "Empties the charger's own memory of accepted cards.",
    "Vacía la memoria de tarjetas aceptadas del cargador.",
  ],
  card: ["Card", "Tarjeta"],
  connector: ["Connector", "Conector"],
  any: ["Any", "Cualquiera"],
  session: ["Session", "Sesión"],
  kind: ["Kind", "Tipo"],
  state: ["State", "Estado"],
  operative: ["In service", "En servicio"],
  inoperative: ["Out of service", "Fuera de servicio"],
  amperes: ["Amperes per phase", "Amperes por fase"],
  message: ["Message", "Mensaje"],
  all: ["All OCPP actions", "Todas las acciones OCPP"],
  all_text: [
    "For those who know OCPP: any call of 1.6, with the form made from its schema.",
    "Para quien conoce OCPP: cualquier llamada de 1.6, con el formulario hecho a partir de su esquema.",
  ],
  action: ["Action", "Acción"],
  as_json: ["Payload as JSON", "Contenido como JSON"],
  bad_json: ["This is no JSON object", "Esto no es un objeto JSON"],
  quick: ["What is needed day by day", "Lo de todos los días"],
  said: ["The charger answered", "El cargador respondió"],
  took: ["in {ms} ms", "en {ms} ms"],
  not_connected: [
    "The charger is not connected: commands reach it when it is back.",
    "El cargador no está conectado: los comandos le llegan cuando vuelva.",
  ],
  add: ["Add", "Agregar"],
  remove: ["Remove", "Quitar"],
  optional: ["optional", "opcional"],
  leave_out: ["(left out)", "(sin dar)"],
} satisfies Words;
