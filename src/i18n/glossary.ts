// The operator's word for each thing, with OCPP's; no text calls it otherwise.

/** A thing, by the operator's words for it. */
export interface Term {
  en: string;
  es: string;
  /** OCPP 1.6's word; none: OCPP does not know it. */
  ocpp?: string;
  /** Words in either language that would be a second name for it. */
  never?: readonly string[];
}

/** The glossary. */
export const GLOSSARY: readonly Term[] = [
  {
    en: "charger",
    es: "cargador",
    ocpp: "Charge Point",
    never: ["charge point", "charging station", "EVSE"],
  },
  { en: "connector", es: "conector", ocpp: "Connector", never: ["outlet", "enchufe"] },
  { en: "session", es: "sesión", ocpp: "Transaction", never: ["transaction", "transacción"] },
  { en: "card", es: "tarjeta", ocpp: "IdTag", never: ["id tag", "idTag", "RFID tag", "chip"] },
  { en: "holder", es: "titular", never: ["card owner", "dueño"] },
  { en: "group", es: "grupo", ocpp: "parentIdTag", never: ["parent tag"] },
  { en: "limit", es: "límite", ocpp: "ChargingProfile", never: ["charging profile", "perfil de carga"] },
  {
    en: "card list",
    es: "lista de tarjetas",
    ocpp: "LocalAuthorizationList",
    never: ["local list", "whitelist"],
  },
  {
    en: "adopt",
    es: "adoptar",
    ocpp: "RegistrationStatus Accepted",
    never: ["to be accepted", "accept charger"],
  },
  { en: "restart", es: "reiniciar", ocpp: "Reset", never: ["reboot"] },
  {
    en: "out of service",
    es: "fuera de servicio",
    ocpp: "Inoperative",
    never: ["inoperative", "inoperativo"],
  },
  { en: "remarks", es: "observaciones", never: ["doubtful", "dudosa"] },
  { en: "firmware", es: "firmware", ocpp: "Firmware" },
  { en: "configuration", es: "configuración", ocpp: "Configuration" },
  { en: "standard", es: "estándar", never: ["template", "plantilla"] },
  { en: "key", es: "clave", ocpp: "AuthorizationKey", never: ["passphrase of the charger"] },
  { en: "circuit", es: "circuito" },
  { en: "alert", es: "aviso" },
  { en: "alarm", es: "alarma" },
];
