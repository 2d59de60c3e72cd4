import type { Messages } from "../messages.ts";

/** The messages of certificate requests. */
export const CERTIFICATE_REQUESTS = {
  title: ["Certificate requests ({n})", "Solicitudes de certificado ({n})"],
  waits: ["The charger requests a certificate", "El cargador pide un certificado"],
  fingerprint: ["Fingerprint of its key:", "Huella de su llave:"],
  approve: ["Issue", "Emitir"],
  refuse: ["Refuse", "Rechazar"],
  approve_ask: [
    "The charger has not proved who it is: it has shown neither its password nor a certificate. Compare the fingerprint with the one that the charger shows. With the certificate it can connect under this id for two years.",
    "El cargador no ha probado quién es: no mostró su contraseña ni un certificado. Compara la huella con la que muestra el cargador. Con el certificado podrá conectarse con este id durante dos años.",
  ],
} satisfies Messages;
