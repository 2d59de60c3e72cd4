// The site's settings.

/** What the operator sets for the whole site. */
export interface Settings {
  name: string;
  latitude: number | null;
  longitude: number | null;
  unknown_chargers: "accept" | "pending" | "reject";
  /** Whether chargers that offer no subprotocol are taken for OCPP 1.6. */
  allow_no_subprotocol: boolean;
  /** What BootNotification.conf gives as heartbeat interval, s. */
  heartbeat_interval: number;
  /** How long readings are kept, days. */
  retention_days: number;
  /** How long a charger may take to answer a call, s. */
  call_timeout: number;
  log_file_bytes: number;
  log_files: number;
  max_sockets: number;
  max_sockets_per_address: number;
  max_message_bytes: number;
  /** Whether a tag that is in a session already is answered ConcurrentTx. */
  single_transaction_per_tag: boolean;
  /** What an empty idTag is, where a charger requires a tag. */
  empty_tags: "accept" | "invalid";
  /** Whether a tag that nobody knows is kept, for the operator to decide on. */
  remember_unknown_tags: boolean;
  /** Whether a session is stopped when its tag is blocked, expires or is deleted. */
  stop_blocked_tags: boolean;
  /** Whether chargers' local lists follow the RFID table by themselves. */
  sync_local_lists: boolean;
  /** Whether a charger's request for a certificate must name the charger (CN). */
  strict_csr: boolean;
  /** How large a file of a charger's may be, bytes. */
  max_upload_bytes: number;
  /** What landing pages say beside the state: help, and whom to call. */
  help_text: string;
  phone: string;
  whatsapp: string;
  /** Where street tiles come from: `https://HOST/{z}/{x}/{y}.png`; empty: from nowhere, and nothing is fetched. */
  tile_url: string;
  tile_attribution: string;
  /** What the site speaks, where a browser leaves it open. */
  language: "es" | "en";
  /** Wrong passwords until an account is locked for an address, and for how many minutes. */
  login_tries: number;
  login_lock_minutes: number;
  /** How long a browser stays logged in without being used, days. */
  session_days: number;
  audit_entries: number;
  /** Refused callers that are kept in memory, and as many accepted ones. */
  waiting_room_entries: number;
  /** TCP connections to the TLS listener: each costs 43 kB. */
  max_tls_connections: number;
  max_tls_connections_per_address: number;
  /** Refused handshakes of one address until its refusals are no longer explained, logged or kept. */
  max_refusals_per_minute: number;
  /** Wrong keys for one charger from one address until it has to wait for a minute. */
  max_wrong_keys_per_minute: number;
  /** Connections of a charger that take over from a living one. */
  max_takeovers_per_minute: number;
  /** How large the body of a REST request may be, bytes. */
  max_body_bytes: number;
  /** Messages of one charger that may wait to be served. */
  max_waiting_messages: number;
  /** Bytes that a charger may leave unread. */
  max_unsent_bytes: number;
  /** How deep a charger's JSON may be nested. */
  max_json_depth: number;
  /** Characters of a charger's id. */
  max_id_length: number;
  /** How long a TLS peer may take for its handshake, its headers, its body, s. */
  tls_handshake_timeout: number;
  tls_headers_timeout: number;
  tls_request_timeout: number;
  /** The security profile below which no charger is served: 2 means TLS and a key, 3 a client certificate. */
  min_security_profile: number;
  /** How many nightly backups are kept beside the database; 0: none are made. */
  backup_keep: number;
  /** Who may read /metrics: whoever is logged in or has a token, or anyone. */
  metrics: "login" | "open";
  /** Whether the gateway answers to `<mdns_name>.local` and announces itself on the LAN. */
  mdns: boolean;
  mdns_name: string;
}

/** What holds until the operator says otherwise. */
export const DEFAULT_SETTINGS: Settings = {
  name: "",
  latitude: null,
  longitude: null,
  unknown_chargers: "accept",
  allow_no_subprotocol: false,
  heartbeat_interval: 300,
  retention_days: 400,
  call_timeout: 30,
  log_file_bytes: 10_000_000,
  log_files: 5,
  max_sockets: 8_000,
  max_sockets_per_address: 6_000,
  max_message_bytes: 1_048_576,
  single_transaction_per_tag: false,
  empty_tags: "invalid",
  remember_unknown_tags: false,
  stop_blocked_tags: false,
  sync_local_lists: false,
  strict_csr: false,
  max_upload_bytes: 268_435_456,
  help_text: "",
  phone: "",
  whatsapp: "",
  tile_url: "",
  tile_attribution: "© OpenStreetMap",
  language: "es",
  login_tries: 5,
  login_lock_minutes: 15,
  session_days: 30,
  audit_entries: 10_000,
  waiting_room_entries: 200,
  max_tls_connections: 4_000,
  max_tls_connections_per_address: 500,
  max_refusals_per_minute: 600,
  max_wrong_keys_per_minute: 10,
  max_takeovers_per_minute: 30,
  max_body_bytes: 1_048_576,
  max_waiting_messages: 64,
  max_unsent_bytes: 1_048_576,
  max_json_depth: 32,
  max_id_length: 64,
  tls_handshake_timeout: 10,
  tls_headers_timeout: 10,
  tls_request_timeout: 30,
  min_security_profile: 0,
  backup_keep: 7,
  metrics: "login",
  mdns: true,
  mdns_name: "ocpp",
};
