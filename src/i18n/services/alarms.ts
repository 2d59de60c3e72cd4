// The texts of the gateway's own alarms, which people read in their own language.
import type { Messages } from "../messages.ts";

/** Texts of alarms and of parts of them, by key. */
export const ALARMS = {
  disk_full: [
    "The disk is full; nothing can be stored{left}",
    "El disco está lleno; no se guarda nada{left}",
  ],
  disk_error: ["The database cannot be written ({error})", "La base de datos no se puede escribir ({error})"],
  database_server: [
    "The database server does not store what chargers send: {error}",
    "El servidor de la base de datos no guarda lo que envían los cargadores: {error}",
  ],
  fleet_fenced: [
    "Another gateway sends to the fleet as this site (a copied card, or a restored backup): enrol the right one again",
    "Otra pasarela envía a la flota como este sitio (una tarjeta copiada o un respaldo restaurado): da de alta de nuevo la correcta",
  ],
  fleet_refused: ["The fleet refuses this site: {reason}", "La flota rechaza este sitio: {reason}"],
  fleet_old: [
    "The fleet has not got what changed for {hours} hours",
    "La flota no ha recibido los cambios desde hace {hours} horas",
  ],
  fleet_many: [
    "{n|# change waits|# changes wait} for the fleet",
    "{n|# cambio espera|# cambios esperan} a la flota",
  ],
  disk_shaky: [
    "Writing to the card fails at times: make a backup and replace the card",
    "La tarjeta a veces no se deja escribir: haz un respaldo y cámbiala",
  ],
  disk_low: ["The disk is almost full{left}", "El disco está casi lleno{left}"],
  disk_left: [": {mb} MB left", ": quedan {mb} MB"],
  backup_damaged: [
    "The nightly backup holds damaged values: {damage}",
    "El respaldo nocturno contiene valores dañados: {damage}",
  ],
  backup_failed: ["The nightly backup failed: {reason}", "El respaldo nocturno falló: {reason}"],
  backup_copy: [
    "The backup was not copied off the machine: {reasons}",
    "El respaldo no se copió fuera de la máquina: {reasons}",
  ],
  damage: [
    "Stored values are damaged and not used, {n} in all ({names}): see the system page, and check the card",
    "Hay valores guardados dañados que no se usan, {n} en total ({names}): mira la página del sistema y revisa la tarjeta",
  ],
  clock_not_set: ["The system's clock is not set", "El reloj del sistema no está puesto en hora"],
  clock_behind: [
    "The system's clock is behind what was recorded",
    "El reloj del sistema va por detrás de lo registrado",
  ],
  clock_leapt: ["The system's clock leapt ahead to {day}", "El reloj del sistema saltó adelante hasta {day}"],
  clock_held: [
    "The system's clock leapt ahead to {day} and is not used until a time server or an admin confirms it, or an hour has passed",
    "El reloj del sistema saltó adelante hasta {day} y no se usa hasta que un servidor de hora o un administrador lo confirme, o pase una hora",
  ],
  clock_unconfirmed: [
    "The clock leapt ahead: nothing is deleted until that is confirmed, or a day has passed",
    "El reloj saltó adelante: no se borra nada hasta que se confirme, o pase un día",
  ],
  clock_to_do: [
    "{reason}: set it in the admin, or connect the gateway to a time server",
    "{reason}: ponlo en hora en la administración, o conecta el gateway a un servidor de hora",
  ],
  certificate_expires: [
    "{what} is valid until {day} only: {advice}",
    "{what} solo vale hasta el {day}: {advice}",
  ],
  certificate_expired: ["{what} expired on {day}: {advice}", "{what} venció el {day}: {advice}"],
  certificate_tls: ["The gateway's TLS certificate", "El certificado TLS del gateway"],
  certificate_tls_advice: [
    "make a new one with 'ocpp-gateway cert', or chargers and browsers refuse the gateway",
    "crea otro con 'ocpp-gateway cert', o los cargadores y navegadores rechazarán al gateway",
  ],
  certificate_ca: ["The site's certificate authority", "La autoridad de certificación del sitio"],
  certificate_ca_advice: [
    "plan new certificates for the gateway and for all chargers that have one of it",
    "prevé certificados nuevos para el gateway y los cargadores que tienen uno de ella",
  ],
  certificate_mqtt: [
    "The client certificate for the MQTT broker",
    "El certificado de cliente para el broker MQTT",
  ],
  certificate_mqtt_advice: ["enter a new one under Settings", "pon otro en Ajustes"],
  no_boot: [
    "Connects again and again, but sends no BootNotification: {names}",
    "Se conecta una y otra vez, pero no envía BootNotification: {names}",
  ],
  names_and_more: ["{names} and {n} more", "{names} y {n} más"],
  no_keys: [
    "{n|# charger has|# chargers have} no password: whoever knows the id can connect in its place",
    "{n|# cargador no tiene|# cargadores no tienen} clave: quien sepa su identificador puede conectarse en su lugar",
  ],
  readings: [
    "Readings are refused until midnight UTC, there are too many today: {names}",
    "Se rechazan lecturas hasta la medianoche UTC, hoy hay demasiadas: {names}",
  ],
  meter_silent: [
    "The meter of circuit {circuit} has been silent for more than {seconds} s{reason}",
    "El medidor del circuito {circuit} lleva más de {seconds} s sin dar datos{reason}",
  ],
  load_unsafe: [
    "Without the gateway nothing limits {names}: they take no fail-safe limit, set one in the chargers themselves",
    "Sin el gateway nada limita a {names}: no aceptan un límite de seguridad, fíjalo en los propios cargadores",
  ],
  load_over: [
    "Chargers may draw more than there is on {names}",
    "Los cargadores pueden tomar más de lo que hay en {names}",
  ],
  mqtt: ["The MQTT broker cannot be reached{reason}", "El broker MQTT no responde{reason}"],
  channel_behind: [
    "Alerts do not reach {name}: {n|# waits|# wait} since {minutes} min{reason}",
    "Los avisos no llegan a {name}: {n} en espera desde hace {minutes} min{reason}",
  ],
  webhook_gone: [
    "The webhook to {host} was disabled: it answered 410 Gone",
    "El webhook a {host} se desactivó: respondió 410 Gone",
  ],
  webhook_failing: [
    "The webhook to {host} was disabled: it has failed for five days",
    "El webhook a {host} se desactivó: lleva cinco días fallando",
  ],
  webhook_behind: [
    "The webhook to {host} is behind by {minutes} min, messages that wait: {n}{lost}",
    "El webhook a {host} va atrasado {minutes} min, mensajes en espera: {n}{lost}",
  ],
  webhook_lost: ["; {n|# was|# were} given up", "; {n|se descartó #|se descartaron #}"],
} satisfies Messages;
