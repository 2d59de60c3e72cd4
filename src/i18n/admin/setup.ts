import type { Messages } from "../messages.ts";

/** The messages of the index of Setup. */
export const SETUP = {
  title: ["Setup", "Configuración"],
  text: [
    "Everything you set once and check now and then.",
    "Lo que se ajusta una vez y se revisa de vez en cuando.",
  ],
  group_site: ["Site", "Sitio"],
  group_chargers: ["Chargers", "Cargadores"],
  group_people: ["Access", "Acceso"],
  group_outputs: ["Outputs", "Salidas"],
  group_gateway: ["Gateway", "Gateway"],
  settings: ["Site settings", "Ajustes del sitio"],
  settings_text: [
    "Name, place, time zone, defaults for chargers, limits",
    "Nombre, lugar, zona horaria, valores iniciales de los cargadores, límites",
  ],
  standards: ["Configuration standards", "Estándares de configuración"],
  standards_text: [
    "The configuration that chargers of a kind should have",
    "La configuración que debe tener cada tipo de cargador",
  ],
  load: ["Load", "Carga"],
  load_text: [
    "Fuses, the chargers on them, meters of other loads, and each car's limit",
    "Fusibles, sus cargadores, medidores de otras cargas y el límite de cada auto",
  ],
  labels: ["Labels", "Etiquetas"],
  labels_text: [
    "QR labels for chargers, on plain paper or label sheets",
    "Etiquetas QR para cargadores, en papel común u hojas de etiquetas",
  ],
  jobs: ["Firmware files", "Archivos de firmware"],
  jobs_text: ["Upload them, and update several chargers", "Subirlos y actualizar varios cargadores"],
  commissioning: ["Commissioning", "Puesta en marcha"],
  commissioning_text: [
    "Acceptance tests of chargers and their records",
    "Pruebas de entrega de los cargadores y sus actas",
  ],
  simulators: ["Simulators", "Simuladores"],
  simulators_text: [
    "Simulated chargers for tests and training",
    "Cargadores simulados para pruebas y capacitación",
  ],
  users: ["Users and API tokens", "Usuarios y tokens de API"],
  users_text: ["Who may log in, and with which role", "Quién puede entrar, y con qué rol"],
  account: ["My account", "Mi acceso"],
  account_text: ["Password, second factor, open logins", "Contraseña, segundo factor, accesos abiertos"],
  alerts: ["Alerts", "Avisos"],
  alerts_text: [
    "By e-mail, ntfy, Telegram or HTTP when something needs attention",
    "Por correo, ntfy, Telegram o HTTP cuando algo requiere atención",
  ],
  webhooks: ["Webhooks", "Webhooks"],
  webhooks_text: ["Events sent to your own systems", "Eventos enviados a tus propios sistemas"],
  mqtt: ["MQTT and Home Assistant", "MQTT y Home Assistant"],
  mqtt_text: [
    "States and commands over a broker, in the site settings",
    "Estados y comandos por un broker, en los ajustes del sitio",
  ],
  system: ["System", "Sistema"],
  system_text: [
    "Health, disk, clock, version, support bundle",
    "Salud, disco, reloj, versión, paquete de soporte",
  ],
  backups: ["Backups", "Respaldos"],
  backups_text: ["Create, download and restore copies", "Crear, descargar y restaurar copias"],
  api: ["API", "API"],
  api_text: ["REST reference, with requests to try", "Referencia de REST, con peticiones para probar"],
} satisfies Messages;
