import type { Messages } from "../messages.ts";

/** The messages of one's own login: password, second factor, login sessions. */
export const ACCOUNT = {
  title: ["My login", "Mi acceso"],
  text: [
    "Password, second factor and login sessions of {name}.",
    "Contraseña, segundo factor y sesiones de {name}.",
  ],
  ends: ["This login ends on {time} at the latest.", "Este acceso termina a más tardar el {time}."],
  password: ["Password", "Contraseña"],
  password_text: [
    "A new password logs you out in all other browsers.",
    "Una contraseña nueva cierra tu sesión en los demás navegadores.",
  ],
  change_password: ["Change password", "Cambiar contraseña"],
  old_password: ["Old password", "Contraseña actual"],
  new_password: ["New password", "Contraseña nueva"],
  second_factor: ["Second factor", "Segundo factor"],
  factor_off: [
    "Off. With it, a login also needs a code of an authenticator app on your phone.",
    "Apagado. Con él, para entrar también hace falta un código de una aplicación en tu teléfono.",
  ],
  factor_on: [
    "On. Programs that log in with your password need an API token instead.",
    "Encendido. Los programas que entran con tu contraseña necesitan un token de API.",
  ],
  turn_on: ["Turn on", "Encender"],
  turn_off: ["Turn off", "Apagar"],
  turn_off_text: [
    "The password alone is enough to log in then. The recovery codes are no longer valid.",
    "Entonces basta la contraseña para entrar. Los códigos de recuperación dejan de servir.",
  ],
  scan: [
    "Scan this with an authenticator app, such as Aegis, Google Authenticator or a password manager.",
    "Escanéalo con una aplicación de autenticación, como Aegis, Google Authenticator o un gestor de contraseñas.",
  ],
  qr: ["QR code of the secret", "Código QR del secreto"],
  by_hand: ["Or enter this secret:", "O escribe este secreto:"],
  code_now: ["Code that the app shows", "Código que muestra la aplicación"],
  new_codes: ["New recovery codes", "Códigos de recuperación nuevos"],
  new_codes_text: [
    "The present recovery codes are no longer valid.",
    "Los códigos de recuperación actuales dejan de servir.",
  ],
  recovery: ["Recovery codes", "Códigos de recuperación"],
  recovery_text: [
    "Keep them away from your phone. Each replaces a code of the app once. They are not shown again.",
    "Guárdalos lejos de tu teléfono. Cada uno reemplaza una vez al código de la aplicación. No se muestran de nuevo.",
  ],
  sessions: ["Login sessions", "Sesiones abiertas"],
  browser: ["Browser", "Navegador"],
  address: ["Address", "Dirección"],
  last_used: ["Last used", "Último uso"],
  expires: ["Ends if unused", "Termina sin uso"],
  ends_at: ["Ends at the latest", "Termina a más tardar"],
  this_one: ["this browser", "este navegador"],
  end: ["End", "Cerrar"],
} satisfies Messages;
