// The site's settings: one entry each, from which the type, the defaults, the REST check, the admin's form and README's
// table follow. `setting_schema.ts` has the builders.
import type { Static } from "typebox";
import { Type } from "../ocpp/schema_builder.ts";
import { choice, coordinate, defaultsOf, flag, grouped, integer, text, timeZone } from "./setting_schema.ts";

/** An empty text, or a URL with the placeholders of a tile's zoom, column and row. */
const TILE_URL = "^$|^https?://[^\\s{}]+\\{z\\}[^\\s{}]*\\{x\\}[^\\s{}]*\\{y\\}[^\\s{}]*$";
const HOST_NAME = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";

const MB = 1_048_576;

const site = grouped("site", {
  name: text("", "Name of the site", { maxLength: 100 }),
  help_text: text("", "Help text on the landing pages", { maxLength: 1000 }),
  phone: text("", "Phone number for drivers, with country code", { maxLength: 30 }),
  whatsapp: text("", "WhatsApp number for drivers, with country code", { maxLength: 30 }),
  price_text: text("", "Price on the landing pages, in words", { maxLength: 200 }),
  time_zone: timeZone("Time zone of days and months, such as Europe/Madrid; empty: the machine's"),
  language: choice("es", "Language of the pages where the browser names none", ["es", "en"]),
});

const place = grouped("place", {
  latitude: coordinate("Latitude of the map's centre", 90),
  longitude: coordinate("Longitude of the map's centre", 180),
});

const chargers = grouped("chargers", {
  unknown_chargers: choice("accept", "Admission of chargers that are not registered", [
    "accept",
    "pending",
    "reject",
  ]),
  allow_no_subprotocol: flag(false, "Accept chargers without subprotocol as OCPP 1.6"),
  heartbeat_interval: integer(300, "Heartbeat interval sent to chargers", { min: 1, max: 86_400, unit: "s" }),
  call_timeout: integer(30, "Time limit for a charger's answer", { min: 1, max: 600, unit: "s" }),
  min_security_profile: integer(0, "Lowest accepted security profile", { min: 0, max: 3 }),
  strict_csr: flag(false, "Require the charger's id as common name (CN) in its certificate requests"),
});

const new_chargers = grouped("new_chargers", {
  new_charger_require_rfid: flag(false, "New chargers require a tag of the RFID table"),
  new_charger_max_current: integer(32, "Highest current of a new charger, A", { min: 1, max: 500 }),
  new_charger_min_current: integer(6, "Current below which a new charger's car is paused, A", {
    min: 1,
    max: 500,
  }),
  new_charger_single_phase: flag(false, "New chargers have one phase, not three"),
  new_charger_circuit: text("", "Circuit of new chargers; empty: they are not managed", { maxLength: 64 }),
  new_charger_priority: integer(5, "Priority of new chargers at their circuit; 9 comes first", {
    min: 0,
    max: 9,
  }),
  new_charger_time_zone: timeZone("Zone of a new charger's times that name none; empty: UTC"),
  new_charger_max_power: integer(0, "Highest possible power of a new charger, W; 0: not known", {
    min: 0,
    max: 1_000_000,
  }),
  new_charger_id_tags: choice("none", "Parts removed from the idTags of new chargers", [
    "none",
    "separators",
    "suffix",
    "both",
  ]),
  new_charger_ping: flag(true, "New chargers are sent websocket pings"),
});

const tags = grouped("tags", {
  single_transaction_per_tag: flag(false, "Answer ConcurrentTx for a tag that is in a session already"),
  empty_tags: choice("invalid", "Answer to an empty idTag where a tag is required", ["accept", "invalid"]),
  remember_unknown_tags: flag(false, "Add unknown tags to the RFID table, blocked, for a later decision"),
  stop_blocked_tags: flag(false, "Stop a session when its tag is blocked, expires or is deleted"),
  sync_local_lists: flag(false, "Update the chargers' local lists from the RFID table"),
});

/** An empty text, or the URL of a bucket in the style of paths. */
const BUCKET_URL = "^$|^https?://[^/?#@\\s]+/[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9._-]+)*/?$";

const storage = grouped("storage", {
  retention_days: integer(400, "Retention of readings", { min: 1, max: 36_500, unit: "days" }),
  backup_keep: integer(7, "Nightly backups kept; 0: none are made", { min: 0, max: 1000 }),
  backup_copies_keep: integer(7, "Copies of backups kept at each place off the machine", {
    min: 1,
    max: 1000,
  }),
  backup_s3_url: text("", "Bucket for copies of backups (S3), as https://host/bucket; empty: none", {
    maxLength: 300,
    pattern: BUCKET_URL,
    expected: "an http:// or https:// URL of a bucket, such as https://host/bucket/folder, or empty",
  }),
  backup_s3_region: text("us-east-1", "Region of the bucket", {
    maxLength: 50,
    pattern: "^[A-Za-z0-9-]+$",
    expected: "letters, digits and dashes",
  }),
  backup_s3_access_key: text("", "Access key of the bucket; its secret key is set with the backups", {
    maxLength: 128,
    pattern: "^[A-Za-z0-9._/+=-]*$",
    expected: "an access key id",
  }),
  log_file_bytes: integer(10_000_000, "Size of a message log file", {
    min: 10_000,
    max: 1_000_000_000,
    unit: "bytes",
  }),
  log_files: integer(5, "Message log files kept", { min: 1, max: 1000 }),
  event_days: integer(400, "Retention of the event log", { min: 1, max: 36_500, unit: "days" }),
  event_entries: integer(50_000, "Event log entries kept", { min: 100, max: 1_000_000 }),
  audit_entries: integer(10_000, "Audit log entries kept", { min: 100, max: 1_000_000 }),
});

const access = grouped("access", {
  session_days: integer(30, "Time until an unused login session ends", { min: 1, max: 400, unit: "days" }),
  session_max_days: integer(90, "Time until a login session ends, however much it is used", {
    min: 1,
    max: 3650,
    unit: "days",
  }),
  login_tries: integer(5, "Wrong passwords until the account is locked for an address", { min: 1, max: 100 }),
  login_lock_minutes: integer(15, "Duration of the lock", { min: 1, max: 1440, unit: "minutes" }),
  metrics: choice("login", "Access to /metrics: with login or token, or open to anyone", ["login", "open"]),
});

const map = grouped("map", {
  tile_url: text("", "URL of street map tiles with {z}, {x} and {y}; empty: none are fetched", {
    maxLength: 300,
    pattern: TILE_URL,
    expected: "an http:// or https:// URL with {z}, {x} and {y} in this order, or empty",
  }),
  tile_attribution: text("© OpenStreetMap", "Attribution of the street map", { maxLength: 200 }),
});

/** Host names, separated by commas or spaces. */
const HOST_NAMES = "^[A-Za-z0-9._-]*([, ]+[A-Za-z0-9._-]+)*$";
/** IP addresses and networks, separated by commas or spaces. */
const NETWORKS = "^([0-9A-Fa-f:.]+(/\\d{1,3})?)?([, ]+[0-9A-Fa-f:.]+(/\\d{1,3})?)*$";

const network = grouped("network", {
  mdns: flag(true, "Announce the gateway on the LAN by mDNS"),
  mdns_name: text("ocpp", "Host name on the LAN, before .local", {
    pattern: HOST_NAME,
    expected: "1 to 63 lower-case letters, digits and dashes, without a dash at either end",
  }),
  allowed_hosts: text("", "Further host names of the gateway, such as one in the router's DNS", {
    maxLength: 500,
    pattern: HOST_NAMES,
    expected: "host names without port, separated by commas",
  }),
  trusted_proxies: text("", "Proxies whose X-Forwarded-For names the address of a client", {
    maxLength: 500,
    pattern: NETWORKS,
    expected: "IP addresses or networks such as 10.0.0.0/8, separated by commas",
  }),
  fleet_kbit_s: integer(0, "Most that is sent to the fleet, kbit/s; 0: no limit", { min: 0, max: 1_000_000 }),
});

const limits = grouped("limits", {
  max_sockets: integer(8_000, "Charger connections", { min: 1, max: 100_000 }),
  max_sockets_per_address: integer(6_000, "Charger connections of one address", { min: 1, max: 100_000 }),
  max_message_bytes: integer(262_144, "Size of a charger's message", {
    min: 1024,
    max: 16 * MB,
    unit: "bytes",
  }),
  max_bytes_per_second: integer(
    MB,
    "Bytes per second of a charger's connection: beyond it bounded and TLS read slower, deno ends it after 10 s of them",
    { min: 16_384, max: 1024 * MB, unit: "bytes" },
  ),
  max_upload_bytes: integer(256 * MB, "Size of a charger's upload", {
    min: 1024,
    max: 4096 * MB,
    unit: "bytes",
  }),
  waiting_room_entries: integer(200, "Refused connections kept in memory, and as many accepted ones", {
    min: 10,
    max: 10_000,
  }),
  max_connections: integer(
    4_000,
    "TCP connections of the listeners bounded (11 kB each) and TLS (43 kB each)",
    {
      min: 1,
      max: 100_000,
    },
  ),
  max_connections_per_address: integer(
    500,
    "TCP connections of one address to the listeners bounded and TLS",
    {
      min: 1,
      max: 100_000,
    },
  ),
  max_http_connections_per_address: integer(
    64,
    "Those of them that are no charger's websocket, not counting trusted proxies",
    {
      min: 1,
      max: 100_000,
    },
  ),
  max_refusals_per_minute: integer(
    600,
    "Refused handshakes of one address per minute that are explained and logged",
    {
      min: 1,
      max: 1_000_000,
    },
  ),
  max_wrong_keys_per_minute: integer(10, "Wrong keys for a charger from one address per minute", {
    min: 1,
    max: 1_000_000,
  }),
  max_takeovers_per_minute: integer(30, "Connections of a charger per minute that replace a living one", {
    min: 1,
    max: 1_000_000,
  }),
  max_reading_bytes_per_day: integer(50 * MB, "Stored readings of a charger per day (UTC)", {
    min: 10_000,
    max: 4096 * MB,
    unit: "bytes",
  }),
  max_new_chargers_per_minute: integer(600, "Chargers of one address per minute that register themselves", {
    min: 1,
    max: 1_000_000,
  }),
  max_unadopted_chargers: integer(
    2_000,
    "Chargers that registered themselves and were not adopted; beyond it the oldest is forgotten",
    { min: 1, max: 100_000 },
  ),
  max_body_bytes: integer(MB, "Size of a REST request's body", { min: 1024, max: 16 * MB, unit: "bytes" }),
  max_waiting_messages: integer(64, "Unprocessed messages of a charger", { min: 1, max: 10_000 }),
  max_unsent_bytes: integer(MB, "Unsent data for a charger", { min: 1024, max: 16 * MB, unit: "bytes" }),
  max_json_depth: integer(32, "Nesting depth of a charger's JSON", { min: 8, max: 32 }),
  max_id_length: integer(64, "Characters of a charger's id", { min: 1, max: 255 }),
  tls_handshake_timeout: integer(10, "Time limit for a TLS handshake", { min: 1, max: 120, unit: "s" }),
  headers_timeout: integer(10, "Time limit for a request's headers (bounded, TLS)", {
    min: 1,
    max: 120,
    unit: "s",
  }),
  tls_request_timeout: integer(30, "Time limit for a whole TLS request", {
    min: 1,
    max: 3600,
    unit: "s",
  }),
});

const load = grouped("load", {
  load_limit_validity: integer(180, "Time after which a charger's limit falls back to its fail-safe one", {
    min: 60,
    max: 3600,
    unit: "s",
  }),
  load_min_dwell: integer(300, "Shortest time for which a car charges, or is paused, at a shared circuit", {
    min: 0,
    max: 7200,
    unit: "s",
  }),
  load_rotation: integer(1800, "Time after which a charging car makes room for one that waits", {
    min: 60,
    max: 86_400,
    unit: "s",
  }),
  load_log_entries: integer(2_000, "Decisions of load management kept", { min: 100, max: 20_000 }),
});

/** Nothing, or the address of a broker. */
const BROKER_URL = "^$|^(mqtts?|wss?)://[^\\s@]+$";
/** Levels of a topic without wildcards. */
const TOPIC = "^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$";

/** Nothing, or PEM texts. */
const CERTIFICATES = "^$|^\\s*-----BEGIN CERTIFICATE-----[\\s\\S]+-----END CERTIFICATE-----\\s*$";
const PRIVATE_KEY =
  "^$|^\\s*-----BEGIN ((RSA|EC) )?PRIVATE KEY-----[\\s\\S]+-----END ((RSA|EC) )?PRIVATE KEY-----\\s*$";

const mqtt = grouped("mqtt", {
  mqtt_url: text("", "MQTT broker; empty: none", {
    maxLength: 300,
    pattern: BROKER_URL,
    expected: "an mqtt://, mqtts://, ws:// or wss:// URL without a login, or empty",
  }),
  mqtt_username: text("", "User at the MQTT broker", { maxLength: 200 }),
  mqtt_password: text("", "Password at the MQTT broker", { maxLength: 200, writeOnly: true }),
  mqtt_ca: text("", "Certificate authorities of the MQTT broker, PEM; empty: those that the machine trusts", {
    maxLength: 16_000,
    pattern: CERTIFICATES,
    expected: "certificates as PEM, or empty",
  }),
  mqtt_client_cert: text("", "Client certificate for the MQTT broker with its chain, PEM; empty: none", {
    maxLength: 16_000,
    pattern: CERTIFICATES,
    expected: "certificates as PEM, or empty",
  }),
  mqtt_client_key: text("", "Key of the client certificate, PEM without a password", {
    maxLength: 8_000,
    pattern: PRIVATE_KEY,
    expected: "a private key as PEM without a password, or empty",
    writeOnly: true,
  }),
  mqtt_topic: text("ocpp", "First part of all MQTT topics", {
    maxLength: 100,
    pattern: TOPIC,
    expected: "letters, digits, dots, dashes and slashes",
  }),
  mqtt_discovery_prefix: text("homeassistant", "Home Assistant's discovery prefix; empty: no discovery", {
    maxLength: 100,
    pattern: `^$|${TOPIC}`,
    expected: "letters, digits, dots, dashes and slashes, or empty",
  }),
  mqtt_command_token: text("", "API token with whose role MQTT commands act; empty: they are off", {
    maxLength: 200,
    writeOnly: true,
  }),
  mqtt_id_tag: text("MQTT", "idTag of sessions that are started by MQTT", { maxLength: 20 }),
});

/** The schema of the settings, in the order of the form; each has `default`, `description`, `x-group` and `x-unit`. */
export const SettingsSchema = Type.Object({
  ...site,
  ...place,
  ...chargers,
  ...new_chargers,
  ...tags,
  ...storage,
  ...access,
  ...map,
  ...network,
  ...load,
  ...mqtt,
  ...limits,
}, { additionalProperties: false });

/** The site's settings, set by its operators. */
export type Settings = Static<typeof SettingsSchema>;

/** The settings of a new site. */
export const DEFAULT_SETTINGS: Settings = defaultsOf(SettingsSchema.properties) as Settings;
