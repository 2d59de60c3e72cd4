import type { Messages } from "../messages.ts";

/** The messages of a charger's settings. */
export const CHARGER_SETTINGS = {
  name: ["Name", "Nombre"],
  name_hint: [
    "Shown to drivers on the landing page.",
    "Lo que ven los conductores en la página del cargador.",
  ],
  require_rfid: ["Charging requires a known card", "Para cargar hace falta una tarjeta conocida"],
  require_rfid_hint: ["Off: every card is accepted.", "Apagado: se acepta cualquier tarjeta."],
  registration: ["Registration", "Admisión"],
  Accepted: ["Adopted", "Adoptado"],
  Pending: ["Waiting", "En espera"],
  Rejected: ["Rejected", "Rechazado"],
  latitude: ["Latitude", "Latitud"],
  longitude: ["Longitude", "Longitud"],
  place: ["Location", "Lugar"],
  place_hint: ["Click on the map or drag the marker.", "Haz clic en el mapa o arrastra el marcador."],
  password: ["Password", "Contraseña"],
  password_set: ["A password is set. Leave empty to keep it.", "Ya tiene. Deja vacío para conservarla."],
  password_none: [
    "No password is set: anyone who knows the id can connect.",
    "No tiene: quien conozca el id puede conectarse.",
  ],
  password_weak: [
    "Saved, but the password is short: one of 16 or more random characters cannot be guessed.",
    "Guardado, pero la contraseña es corta: una de 16 o más caracteres al azar no se puede adivinar.",
  ],
  password_drop: ["Remove the password", "Quitar la contraseña"],
  config: ["Your notes, as JSON", "Notas propias, en JSON"],
  bad_config: ["The notes must be a JSON object", "Las notas no son un objeto JSON"],
  more: ["More settings", "Más ajustes de este gateway"],
  quirks: ["Quirks", "Peculiaridades"],
  quirks_text: ["Deviations of this charger from OCPP", "En qué se aparta este cargador de OCPP"],
  forget: ["Forget this charger", "Olvidar este cargador"],
  forget_session: [
    "A session is running: it ends now, with the energy known so far.",
    "Hay una sesión en curso: termina ahora, con la energía que se conoce.",
  ],
  forget_text: [
    "The charger is disconnected and its record is deleted. Its sessions and readings are kept. If it connects again, it is registered as new.",
    "Se desconecta el cargador y se borra su registro. Sus sesiones y lecturas se conservan. Si se conecta otra vez, aparece de nuevo.",
  ],
  forgotten: ["Charger {id} was forgotten", "Se olvidó {id}"],
} satisfies Messages;
