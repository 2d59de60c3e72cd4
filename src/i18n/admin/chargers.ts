import type { Messages } from "../messages.ts";

/** The messages of the list of chargers. */
export const CHARGERS = {
  title: ["Chargers", "Cargadores"],
  count: ["{n} of {all} connected", "{n} de {all} {all|conectado|conectados}"],
  add: ["Add charger", "Agregar cargador"],
  add_text: [
    "A charger appears here when it first connects. Add it beforehand to give it a name or a password.",
    "Un cargador aparece solo cuando se conecta. Agrégalo aquí antes si quieres darle nombre o contraseña.",
  ],
  view: ["View", "Vista"],
  list: ["List", "Lista"],
  map: ["Map", "Mapa"],
  plan: ["Floor plan", "Plano"],
  all: ["All", "Todos"],
  wrong: ["With problems", "Con problemas"],
  charging: ["Charging", "Cargando"],
  free: ["Free", "Libres"],
  charger: ["Charger", "Cargador"],
  state: ["State", "Estado"],
  power: ["Power", "Potencia"],
  seen: ["Last contact", "Última señal"],
  model: ["Model", "Modelo"],
  card: ["Card", "Tarjeta"],
  needed: ["Card required", "Con tarjeta"],
  open: ["Open to all", "Abierto"],
  none: ["No charger matches.", "Ningún cargador coincide."],
  charger_id: ["Charger id", "Id del cargador"],
  charger_id_hint: [
    "As entered in the charger, at the end of the URL.",
    "Como está escrito en el cargador, al final de la dirección.",
  ],
  name: ["Name", "Nombre"],
  password: ["Password", "Contraseña"],
  password_hint: [
    "Only if the charger is to authenticate with HTTP Basic.",
    "Solo si el cargador debe entrar con HTTP Basic.",
  ],
  require_rfid: ["Charging requires a known RFID card", "Para cargar hace falta una tarjeta RFID conocida"],
  created: ["Added {id}", "Se agregó {id}"],
} satisfies Messages;

/** The messages of work at several chargers. */
export const SELECTION = {
  selected: ["{n} selected", "{n|# marcado|# marcados}"],
  select: ["Select {name}", "Marcar {name}"],
  select_all: ["Select all {n}", "Marcar los {n}"],
  clear: ["Select none", "No marcar ninguno"],
  reset: ["Restart", "Reiniciar"],
  reset_text: [
    "Each charger restarts and is unavailable for a minute or two. Soft ends sessions properly first; Hard is like cutting the power.",
    "Cada cargador se reinicia y se ausenta uno o dos minutos. Soft termina antes las sesiones; Hard es como cortarle la luz.",
  ],
  firmware: ["Update firmware", "Actualizar firmware"],
  firmware_text: [
    "Each charger downloads the file, installs it and restarts. Nobody can charge there in the meantime.",
    "Cada cargador baja el archivo, lo instala y se reinicia. Mientras tanto nadie puede cargar ahí.",
  ],
  template: ["Apply standard", "Aplicar estándar"],
  template_text: [
    "Only what differs from the standard is written to each charger. Restarts are up to you.",
    "En cada cargador se escribe solo lo que difiere del estándar. Los reinicios los decides tú.",
  ],
  limit: ["Limit", "Limitar"],
  limit_text: [
    "The most that a car may draw at each of these chargers. 0 removes the limit.",
    "Lo más que un auto puede tomar en cada uno de estos cargadores. 0 quita el límite.",
  ],
  labels: ["Labels", "Etiquetas"],
  which: ["Standard", "Estándar"],
  no_template: ["There is no standard yet: create one", "Aún no hay estándares: crea uno"],
  away: [
    "Left out, since they are not connected: {n}",
    "Quedan fuera por no estar conectados: {n}",
  ],
  models: [
    "The chargers differ: {models}. A firmware file usually fits one model only.",
    "Los cargadores son distintos: {models}. Un archivo de firmware suele servir para un solo modelo.",
  ],
  one_first: ["One first; the others when I say so", "Primero uno; los demás cuando yo diga"],
  run: ["Run at {n}", "Hacerlo en {n}"],
  go_on: ["Go on with {n|the other one|the other #}", "Seguir con {n|el otro|los otros #}"],
  charger: ["Charger", "Cargador"],
  result: ["Result", "Resultado"],
  progress: ["Progress", "Avance"],
  accepted: ["accepted", "aceptado"],
  waits: ["waiting", "en espera"],
  later: ["later", "después"],
  not_connected: ["not connected", "sin conexión"],
  close: ["Close", "Cerrar"],
} satisfies Messages;
