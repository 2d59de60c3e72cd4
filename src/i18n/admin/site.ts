import type { Messages } from "../messages.ts";

/** The messages of the waiting room. */
export const WAITING = {
  title: ["Connection attempts", "Intentos de conexión"],
  text: [
    "Connections of chargers, let in and refused, with the reason.",
    "Conexiones de cargadores, admitidas y rechazadas, y por qué.",
  ],
  connect: ["URL to enter in a charger", "Qué escribir en el cargador"],
  connect_text: [
    "As OCPP server, central system or back-end URL. Some chargers append their id automatically.",
    "Como servidor OCPP, sistema central o URL del back-end. Algunos cargadores agregan su id por sí solos.",
  ],
  pending: ["Waiting to be adopted", "Esperan ser adoptados"],
  refused: ["Refused", "Rechazados"],
  accepted: ["Let in", "Admitidos"],
  nobody: ["No charger is waiting.", "Nadie espera."],
  charger: ["Charger", "Cargador"],
  address: ["Address", "Dirección"],
  offered: ["Offers", "Ofrece"],
  credentials: ["Credentials", "Credenciales"],
  reason: ["Outcome", "Qué pasó"],
  last: ["Last attempt", "Última vez"],
  times: ["{n|once|# times}", "{n|una vez|# veces}"],
  adopt: ["Adopt", "Adoptar"],
  reject: ["Reject", "Rechazar"],
  forget: ["Forget", "Olvidar"],
  password: ["Set password", "Poner contraseña"],
  password_text: [
    "From now on the charger must send this password. Enter it in the charger as well.",
    "El cargador deberá enviar esta contraseña desde ahora. Escríbela también en el cargador.",
  ],
  no_id: ["(no charger id in the path)", "(su ruta no nombra un cargador)"],
} satisfies Messages;

/** The messages of users and tokens. */
export const USERS = {
  title: ["Users", "Usuarios"],
  text: ["People and programs that may log in.", "Quién puede entrar, y qué programas."],
  users: ["People", "Personas"],
  tokens: ["API tokens", "Tokens de API"],
  name: ["Name", "Nombre"],
  role: ["Role", "Rol"],
  viewer: ["Viewer: sees everything", "Consulta: ve todo"],
  operator: ["Operator: start, stop, unlock, cards", "Operador: iniciar, detener, liberar, tarjetas"],
  admin: ["Admin: everything", "Administrador: todo"],
  password: ["Password", "Contraseña"],
  new_password: ["New password", "Contraseña nueva"],
  last_login: ["Last login", "Último acceso"],
  last_used: ["Last used", "Último uso"],
  never: ["never", "nunca"],
  add_user: ["Add user", "Agregar usuario"],
  add_token: ["Create token", "Crear token"],
  edit: ["Edit", "Cambiar"],
  remove: ["Delete", "Borrar"],
  remove_text: [
    "{name} can no longer log in. API tokens that a user has made end with the user.",
    "{name} ya no podrá entrar. Los tokens de API que hizo un usuario terminan con él.",
  ],
  label: ["Purpose", "Para qué es"],
  expires: ["Expires", "Vence"],
  token_once: [
    "This is the token. It is shown only once:",
    "Este es el token. Se muestra solo esta vez:",
  ],
  keep: ["Leave empty to keep it", "Deja vacío para conservarla"],
  second_factor: ["Second factor", "Segundo factor"],
  on: ["on", "sí"],
  off: ["off", "no"],
  disabled: ["disabled", "desactivado"],
  disabled_text: [
    "Disabled: cannot log in, nor can the API tokens of this user",
    "Desactivado: no puede entrar, ni sus tokens de API",
  ],
  factor_off: ["Turn the second factor off", "Apagar el segundo factor"],
  factor_off_text: [
    "{name} can then log in with the password alone.",
    "{name} podrá entrar solo con la contraseña.",
  ],
  made_by: ["Created by", "Lo creó"],
} satisfies Messages;

/** The messages of the audit log. */
export const AUDIT = {
  text: [
    "Changes, commands and logins: who did what, when, and from where.",
    "Cambios, comandos y entradas: quién hizo qué, cuándo y desde dónde.",
  ],
  at: ["When", "Cuándo"],
  who: ["Who", "Quién"],
  what: ["What", "Qué"],
  on: ["Object", "A qué"],
  from: ["From", "Desde"],
  any: ["All", "Todo"],
  session: ["in the admin", "en el admin"],
  basic: ["by password", "con contraseña"],
  token: ["by API token", "con token de API"],
  "set-up": ["at set-up", "en la configuración inicial"],
  none: ["not logged in", "sin entrar"],
  empty: ["No entries in this selection.", "No hay nada en esta selección."],
} satisfies Messages;
