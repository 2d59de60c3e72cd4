import type { Messages } from "../messages.ts";

/** The messages on the device behind a charger: renamed, replaced. */
export const DEVICE = {
  title: ["Device", "El aparato"],
  identity: ["Connects with the id", "Se conecta con el id"],
  rename: ["Change the id", "Cambiar el id"],
  rename_text: [
    "For the same device with another id. History, sessions, name, password, label and QR code stay. Change the id in the charger too: under the old one it is refused.",
    "Para el mismo aparato con otro id. Se conservan historial, sesiones, nombre, contraseña, etiqueta y código QR. Cambia el id también en el cargador: con el anterior se rechaza.",
  ],
  renamed: ["The charger connects as {id} from now on", "El cargador se conecta ahora como {id}"],
  replace: ["Replace the device", "Cambiar el aparato"],
  replace_text: [
    "For another device in the same place. Place, name, card rules, circuit, history, label and QR code stay. The old device's password, certificates, configuration, profiles, reservations and quirks are removed, and it is not admitted again.",
    "Para otro aparato en el mismo lugar. Se conservan lugar, nombre, reglas de tarjetas, circuito, historial, etiqueta y código QR. Se van la contraseña, los certificados, la configuración, los perfiles, las reservas y las peculiaridades del anterior, que ya no puede entrar.",
  ],
  replaced: ["The new device can connect as {id}", "El aparato nuevo puede conectarse como {id}"],
  new_id: ["Id of the device", "Id del aparato"],
  new_password: ["Password of the new device", "Contraseña del aparato nuevo"],
  new_password_hint: ["Empty: it has none.", "Vacío: no tiene."],
  former: ["Before", "Antes"],
  was_renamed: ["different id until", "otro id hasta"],
  was_replaced: ["replaced", "cambiado"],
} satisfies Messages;
