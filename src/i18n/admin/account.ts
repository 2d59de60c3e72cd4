import type { Messages } from "../messages.ts";

/** The messages of one's own login: password, second factor, login sessions. */
export const ACCOUNT = {
  title: ["My account", "Mi acceso"],
  text: [
    "Password, second factor and login sessions of {name}.",
    "Contraseña, segundo factor y sesiones de {name}.",
  ],
  ends: ["This login expires on {time} at the latest.", "Este acceso termina a más tardar el {time}."],
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
    "Off. When it is on, logging in also needs a code from an authenticator app on your phone.",
    "Apagado. Con él, para entrar también hace falta un código de una aplicación en tu teléfono.",
  ],
  factor_on: [
    "On. Programs that log in with your password need an API token instead.",
    "Encendido. Los programas que entran con tu contraseña necesitan un token de API.",
  ],
  turn_on: ["Turn on", "Encender"],
  turn_off: ["Turn off", "Apagar"],
  turn_off_text: [
    "Then the password alone is enough to log in. The recovery codes stop working.",
    "Entonces basta la contraseña para entrar. Los códigos de recuperación dejan de servir.",
  ],
  scan: [
    "Scan this with an authenticator app, such as Aegis, Google Authenticator or a password manager.",
    "Escanéalo con una aplicación de autenticación, como Aegis, Google Authenticator o un gestor de contraseñas.",
  ],
  qr: ["QR code of the secret", "Código QR del secreto"],
  by_hand: ["Or enter this secret:", "O escribe este secreto:"],
  code_now: ["Code shown by the app", "Código que muestra la aplicación"],
  new_codes: ["New recovery codes", "Códigos de recuperación nuevos"],
  new_codes_text: [
    "The current recovery codes stop working.",
    "Los códigos de recuperación actuales dejan de servir.",
  ],
  recovery: ["Recovery codes", "Códigos de recuperación"],
  recovery_text: [
    "Keep them somewhere other than on your phone. Each can be used once in place of a code from the app. They are not shown again.",
    "Guárdalos lejos de tu teléfono. Cada uno reemplaza una vez al código de la aplicación. No se muestran de nuevo.",
  ],
  sessions: ["Login sessions", "Sesiones abiertas"],
  browser: ["Browser", "Navegador"],
  address: ["Address", "Dirección"],
  last_used: ["Last used", "Último uso"],
  expires: ["Expires if unused", "Termina sin uso"],
  ends_at: ["Expires at the latest", "Termina a más tardar"],
  this_one: ["this browser", "este navegador"],
  end: ["End", "Cerrar"],
} satisfies Messages;
