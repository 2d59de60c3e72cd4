import type { Messages } from "../messages.ts";

/** The messages of people and their cards. */
export const RFIDS = {
  title: ["People & cards", "Personas y tarjetas"],
  count: [
    "{people|# person|# people} · {n|# card|# cards} · {blocked} blocked",
    "{people|# persona|# personas} · {n|# tarjeta|# tarjetas} · {blocked|# bloqueada|# bloqueadas}",
  ],
  no_holder: ["No holder", "Sin titular"],
  unknown: ["Unknown card", "Tarjeta desconocida"],
  this_month: ["This month", "Este mes"],
  statement: ["Statement for this month", "Estado de cuenta de este mes"],
  add: ["Add card", "Agregar tarjeta"],
  edit: ["Edit card", "Editar tarjeta"],
  enrol: ["Tap to enrol", "Registrar con el lector"],
  enrol_text: [
    "Choose a charger and hold the new card to its reader. The charger must require cards.",
    "Elige un cargador y acerca la tarjeta nueva a su lector. El cargador debe pedir tarjeta.",
  ],
  enrol_wait: ["Waiting for a card at {charger}…", "Esperando una tarjeta en {charger}…"],
  enrol_seen: ["Card {tag} was read at {charger}", "Se acercó la tarjeta {tag} en {charger}"],
  enrol_known: ["This card is already known: {label}", "Esta tarjeta ya está registrada: {label}"],
  any_charger: ["Any charger", "Cualquier cargador"],
  charger: ["Charger", "Cargador"],
  rfid: ["Card", "Tarjeta"],
  label: ["Holder", "Titular"],
  group: ["Group", "Grupo"],
  group_hint: [
    "Cards of the same group can stop each other's sessions.",
    "Las tarjetas de un grupo pueden detener las sesiones de las demás.",
  ],
  allowed: ["Can charge", "Puede cargar"],
  blocked: ["Blocked", "Bloqueada"],
  expired: ["Expired", "Vencida"],
  expires: ["Expires", "Vence"],
  never: ["Never", "Nunca"],
  seen: ["Last use", "Último uso"],
  block: ["Block", "Bloquear"],
  allow: ["Allow", "Permitir"],
  was_blocked: ["Card {rfid} is blocked", "La tarjeta {rfid} está bloqueada"],
  was_allowed: ["Card {rfid} can charge", "La tarjeta {rfid} puede cargar"],
  remove: ["Delete", "Borrar"],
  remove_text: [
    "The card {rfid} is deleted. Its sessions are kept.",
    "Se borra la tarjeta {rfid}. Sus sesiones se conservan.",
  ],
  none: ["No person or card matches.", "Ninguna persona ni tarjeta coincide."],
  import: ["Import CSV", "Importar CSV"],
  export: ["Export CSV", "Exportar CSV"],
  import_text: [
    "The first line must name the columns: rfid, and any of allowed, label, expires_at, parent_id_tag. A day alone is valid to its end, in the site's time zone.",
    "La primera línea nombra las columnas: rfid y cualquiera de allowed, label, expires_at, parent_id_tag. Un día solo vale hasta que termina, en la zona horaria del sitio.",
  ],
  import_file: ["CSV file", "Archivo CSV"],
  import_preview: ["Preview", "Qué va a pasar"],
  import_new: ["New: {n}", "Nuevas: {n}"],
  import_changed: ["Changed: {n}", "Con cambios: {n}"],
  import_same: ["Unchanged: {n}", "Sin cambios: {n}"],
  import_line: ["Line {line}: {text}", "Línea {line}: {text}"],
  import_errors: [
    "Nothing can be imported until these lines are right:",
    "No se puede importar nada hasta corregir estas líneas:",
  ],
  import_none: ["This file changes nothing.", "Este archivo no cambia nada."],
  import_done: [
    "{created} cards added, {changed} changed",
    "{created} tarjetas agregadas, {changed} con cambios",
  ],
  sessions: ["Sessions", "Sesiones"],
} satisfies Messages;

/** The remarks about lines of an imported file, by code (`http/api/rfid_csv.ts`). */
export const CSV_REMARKS = {
  no_rfid_column: [
    "It must name the columns, among them rfid.",
    "Debe nombrar las columnas, entre ellas rfid.",
  ],
  flag: ["{column} is “{cell}”: write true or false.", "{column} es «{cell}»: escribe verdadero o falso."],
  time: [
    "{column} is “{cell}”: write a date, such as 2027-12-31.",
    "{column} es «{cell}»: escribe una fecha, como 2027-12-31.",
  ],
  ambiguous_date: [
    "{column} is “{cell}”, which may be two dates: write it as 2027-12-31.",
    "{column} es «{cell}», que puede ser dos fechas: escríbela como 2027-12-31.",
  ],
  shortened_tag: [
    "“{cell}” is a card number that a spreadsheet has shortened. Set the column to text and enter the number again.",
    "«{cell}» es un número de tarjeta que la hoja de cálculo acortó. Pon la columna como texto y escribe el número de nuevo.",
  ],
  invalid: [
    "“{rfid}” does not fit: a card has 1 to 20 characters, a holder up to 100.",
    "«{rfid}» no cabe: una tarjeta tiene de 1 a 20 caracteres, un titular hasta 100.",
  ],
  lost_zeros: [
    "{rfid} is not known, but {meant} is. Spreadsheets leave out zeros in front: is it the same card?",
    "{rfid} no se conoce, pero {meant} sí. Las hojas de cálculo quitan los ceros de delante: ¿es la misma tarjeta?",
  ],
  twice: [
    "{rfid} is in line {line} already; this line counts.",
    "{rfid} ya está en la línea {line}; vale esta línea.",
  ],
  unknown_column: ["The column {column} is not used.", "La columna {column} no se usa."],
} satisfies Messages;
