// The key schema: every record's type and every KV key on one page, and the store that holds them.
import { AuditLog } from "./audit_log.ts";
import { Chargers } from "./chargers.ts";
import { Commits, type CommitsOptions, type Mutation } from "./kv/commits.ts";
import { Documents } from "./kv/documents.ts";
import { migrate } from "./kv/migrations.ts";
import { Readings } from "./readings/readings.ts";
import type {
  Certificates,
  ClockRecord,
  Commissioning,
  CommissioningFrames,
  CommissioningResult,
  Configuration,
  ConfigurationTemplate,
  FileToken,
  Firmware,
  InstalledProfile,
  Job,
  LocalList,
  PowerRecord,
  Quirks,
  Reservation,
  ResultId,
  SecurityEvent,
  Simulator,
} from "./records.ts";
import type { LoginSession, Revocation, Token, User } from "./people.ts";
import { LastSeenTimes } from "./last_seen.ts";
import { Table } from "./kv/table.ts";
import { Transactions } from "./transactions.ts";

export type * from "./people.ts";
export type * from "./records.ts";

/** The status words of OCPP 1.6 §7.7; a charger may send others, which are kept as they came. */
export type ConnectorStatus = string;

/** One connector as it was last reported (OCPP 1.6 §4.9). `connector_id` 0 is the charger itself. */
export interface Connector {
  connector_id: number;
  status: ConnectorStatus;
  error_code: string;
  info: string | null;
  vendor_error_code: string | null;
  /** When it came into this state, by the charger's clock. */
  since: string;
}

/** Whether a charger is admitted: what BootNotification.conf tells it. */
export type Registration = "Accepted" | "Pending" | "Rejected";

/** A charger as it is kept; what is live (connected, power …) is in `site/charger_state.ts`. */
export interface Charger {
  charger_id: string;
  name: string;
  registration: Registration;
  require_rfid: boolean;
  /** Free JSON object of the operator's. */
  config: Record<string, unknown>;
  latitude: number | null;
  longitude: number | null;
  /** Where on the site's plan: fractions of the picture's width and height, from the top left. */
  plan_x: number | null;
  plan_y: number | null;
  created_at: string;
  /** Set once a BootNotification was accepted. */
  booted_at: string | null;
  last_path: string | null;
  remote_address: string | null;
  vendor: string | null;
  model: string | null;
  serial_number: string | null;
  firmware_version: string | null;
  /** The other fields of BootNotification.req, as received. */
  boot: Record<string, unknown>;
  connectors: Connector[];
  /** SHA-256 of salt and key, base64; the key's bytes themselves are never kept. */
  password: PasswordHash | null;
  /** Keys that it was sent and may have taken, oldest first: each is as good as `password` until one is used. */
  passwords_sent?: PasswordHash[];
  /** OCPP's security profile that it has, and the one that it was told to take. It never goes down. */
  security_profile?: number;
  security_profile_sent?: number;
  /** What differs from the defaults. */
  quirks?: Partial<Quirks>;
}

/** A salted hash of a charger's key. */
export interface PasswordHash {
  salt: string;
  hash: string;
}

/** A tag of the RFID table. */
export interface Rfid {
  rfid: string;
  allowed: boolean;
  label: string;
  expires_at: string | null;
  parent_id_tag: string | null;
  last_seen: string | null;
  last_charger_id: string | null;
  /** Whether a charger has shown it and no operator has decided on it yet. */
  seen_only?: boolean;
}

/** How a session's energy stands: what `site/energy/energy.ts` needs to go on with the next sample. */
export interface EnergyState {
  /** mWh, like all energy in here. */
  meter_start: number | null;
  /** ms since 1970, like all times in here; null: the charger's clock was not usable. */
  start_at: number | null;
  /** Which register is followed (location and phases, lower is better); null: none was seen. */
  source: number | null;
  /** Whether a sample of that register was counted. */
  counted: boolean;
  /** The newest sample: its time, its register, and the energy since the start. */
  head: { at: number | null; register: number | null; total: number };
  /** The one before: samples of one time are each judged from here. */
  base: { at: number | null; register: number | null; total: number };
  /** How `head` came from `base`: a flag, or `forward`, or `jitter`. */
  verdict: string;
  /** The newest implausible sample, and the one before: a next one may bear it out. */
  odd: { at: number; register: number } | null;
  odd_was: { at: number; register: number } | null;
  /** The first sample, where there was no meterStart. */
  origin: { at: number | null; register: number } | null;
  /** The newest interval: since when, its end, its energy, and the energy of those before. */
  interval: { since: number | null; at: number | null; amount: number; total: number } | null;
  /** The most that was shown. */
  live: number | null;
  flags: string[];
}

/** A charging session. Energy in Wh. */
export interface Transaction {
  transaction_id: number;
  charger_id: string;
  connector_id: number;
  id_tag: string;
  start_time: string;
  meter_start: number | null;
  stop_time: string | null;
  meter_stop: number | null;
  stop_reason: string | null;
  energy_wh: number | null;
  state: "active" | "completed";
  /** Words that say where the figures are doubtful. */
  flags: string[];
  start_received: string;
  stop_received: string | null;
  id_tag_status: string;
  reservation_id: number | null;
  /** The id in an orphan's StopTransaction.req, which was none of ours. */
  reported_transaction_id?: number | null;
  /** Energy between its last sample and the next session's meterStart, which is nobody's, Wh. */
  unaccounted_wh?: number;
  /** Why an operator closed it. */
  closed_by?: string;
  /** The raw StartTransaction.req timestamp: a repeated request is known by it. */
  start_timestamp: string;
  /** How the energy stands. */
  energy: EnergyState;
  /** The last message of the readings' journal that `energy` includes. */
  energy_seq: number;
}

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

/** A record that says which store this is. */
export interface Site {
  site_id: string;
  schema: number;
  created_at: string;
}

/** The version of the records written here; a newer one in the file refuses to start. */
export const SCHEMA = 1;

/** Where the site's record is. */
export const SITE_KEY = ["site"];

/** All KV keys, each below the site's id. */
export function keysOf(site_id: string) {
  return {
    charger: [site_id, "charger"], // + charger_id → Charger without its connectors
    connectors: [site_id, "connectors"], // + charger_id → Connector[]
    rfid: [site_id, "rfid"], // + rfid in upper case → Rfid
    user: [site_id, "user"], // + name → User
    session: [site_id, "session"], // + session_id → Session
    token: [site_id, "token"], // + token_id → Token
    audit: [site_id, "audit"], // + sequence → AuditEntry
    revocation: [site_id, "revocation"], // + fingerprint or serial number → Revocation
    settings: [site_id, "settings"], // + "site" → Settings
    transaction: [site_id, "transaction"], // + transaction_id → Transaction
    transaction_of: [site_id, "transaction_of"], // + charger_id, transaction_id → nothing: an index
    active: [site_id, "active"], // + transaction_id → nothing: those that run
    seen: [site_id, "seen"], // + number of a slice → { charger_id: [last_seen, last_heartbeat] }
    journal: [site_id, "journal"], // + sequence → text, the readings of one commit
    series: [site_id, "series"], // + number → [measurand, unit, phase, context, location, format] as received
    shape: [site_id, "shape"], // + number → [series …] of one MeterValue
    fold: [site_id, "fold"], // → { upto, charger }: how far readings are folded
    chunk: [site_id, "chunk"], // + charger_id, hour (h since 1970), connector_id, part → readings, columnar
    last_meter_values: [site_id, "last_meter_values"], // + charger_id → MeterValues.req as received
    local_list: [site_id, "local_list"], // + charger_id, part → LocalList
    reservation: [site_id, "reservation"], // + charger_id/reservation_id → Reservation
    profile: [site_id, "profile"], // + charger_id/chargingProfileId → InstalledProfile
    job: [site_id, "job"], // + job_id → Job
    file_token: [site_id, "file_token"], // + token → FileToken
    firmware: [site_id, "firmware"], // + name → Firmware
    security_event: [site_id, "security_event"], // + sequence, 12 digits → SecurityEvent
    certificates: [site_id, "certificates"], // + charger_id → Certificates
    configuration: [site_id, "configuration"], // + charger_id, part → Configuration
    standard: [site_id, "standard"], // + name → ConfigurationStandard
    clock: [site_id, "clock"], // + "clock" → ClockRecord
    power: [site_id, "power"], // + "power" → PowerRecord
    simulator: [site_id, "simulator"], // + name → Simulator
    commissioning: [site_id, "commissioning"], // + commissioning_id, 9 digits → Commissioning
    commissioning_result: [site_id, "commissioning_result"], // + commissioning_id/step/connector_id → CommissioningResult
    commissioning_frames: [site_id, "commissioning_frames"], // + commissioning_id/step/connector_id, part → CommissioningFrames
  } as const;
}

export type Keys = ReturnType<typeof keysOf>;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A record as the bytes that are stored: JSON, readable by any other Deno version. */
export function toBytes(record: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(record));
}

/** The record in stored bytes. */
export function fromBytes<T>(bytes: Uint8Array): T {
  return JSON.parse(decoder.decode(bytes)) as T;
}

/** The key of a commissioning step's result, and of its evidence. */
export function resultKey({ commissioning_id, step, connector_id }: ResultId): string {
  return `${commissioning_id}/${step}/${connector_id}`;
}

/** A change that stores a record. */
export function putMutation(key: Deno.KvKey, record: unknown): Mutation {
  return { key, value: toBytes(record) };
}

/** A change that deletes a key. */
export function deleteMutation(key: Deno.KvKey): Mutation {
  return { key, value: null };
}

/** How a store is opened. */
export interface StoreOptions extends CommitsOptions {
  /** Path of the KV file, `:memory:`, or the URL of a KV Connect server. */
  path: string;
  /** Makes a backup; runs before records of an older schema are changed. */
  backUp?: () => Promise<void>;
  /** ms since 1970: when the site begins, where it is new. */
  now?: () => number;
}

/** All that is remembered: tables in memory over Deno KV, written through one commit queue. */
export class Store {
  readonly commits: Commits;
  readonly chargers: Chargers;
  readonly rfids: Table<Rfid>;
  readonly users: Table<User>;
  readonly login_sessions: Table<LoginSession>;
  readonly tokens: Table<Token>;
  readonly audit: AuditLog;
  readonly revocations: Table<Revocation>;
  readonly transactions: Transactions;
  readonly readings: Readings;
  readonly seen: LastSeenTimes;
  readonly local_lists: Documents<LocalList>;
  readonly reservations: Table<Reservation>;
  readonly profiles: Table<InstalledProfile>;
  readonly jobs: Table<Job>;
  readonly file_tokens: Table<FileToken>;
  readonly firmware: Table<Firmware>;
  readonly security_events: Table<SecurityEvent>;
  readonly certificates: Table<Certificates>;
  readonly configurations: Documents<Configuration>;
  readonly configuration_templates: Table<ConfigurationTemplate>;
  readonly clock: Table<ClockRecord>;
  readonly power: Table<PowerRecord>;
  readonly simulators: Table<Simulator>;
  readonly commissionings: Table<Commissioning>;
  readonly commissioning_results: Table<CommissioningResult>;
  readonly commissioning_frames: Documents<CommissioningFrames>;
  #settings: Table<Settings>;

  private constructor(
    readonly write: Deno.Kv,
    readonly read: Deno.Kv,
    readonly site: Site,
    options: StoreOptions,
  ) {
    const keys = keysOf(site.site_id);
    this.commits = new Commits(write, options);
    this.chargers = new Chargers(this.commits, keys);
    this.rfids = new Table<Rfid>(this.commits, keys.rfid, (record) => record.rfid.toUpperCase());
    this.users = new Table<User>(this.commits, keys.user, (record) => record.name);
    this.login_sessions = new Table<LoginSession>(this.commits, keys.session, (record) => record.session_id);
    this.tokens = new Table<Token>(this.commits, keys.token, (record) => record.token_id);
    this.audit = new AuditLog(this.commits, read, keys.audit);
    this.revocations = new Table<Revocation>(this.commits, keys.revocation, (record) => record.certificate);
    this.#settings = new Table<Settings>(this.commits, keys.settings, () => "site", DEFAULT_SETTINGS);
    this.transactions = new Transactions(this.commits, read, keys);
    this.readings = new Readings(this.commits, read, keys);
    this.seen = new LastSeenTimes(this.commits, read, keys.seen);
    this.local_lists = new Documents(this.commits, read, keys.local_list, (record) => record.charger_id);
    this.reservations = new Table(
      this.commits,
      keys.reservation,
      (record) => `${record.charger_id}/${record.reservation_id}`,
    );
    this.profiles = new Table(
      this.commits,
      keys.profile,
      (record) => `${record.charger_id}/${record.profile.chargingProfileId}`,
    );
    this.jobs = new Table(this.commits, keys.job, (record) => String(record.job_id));
    this.file_tokens = new Table(this.commits, keys.file_token, (record) => record.token);
    this.firmware = new Table(this.commits, keys.firmware, (record) => record.name);
    this.security_events = new Table(
      this.commits,
      keys.security_event,
      ({ sequence }) => String(sequence).padStart(12, "0"),
    );
    this.certificates = new Table(this.commits, keys.certificates, (record) => record.charger_id);
    this.configurations = new Documents(
      this.commits,
      read,
      keys.configuration,
      (record) => record.charger_id,
    );
    this.configuration_templates = new Table(this.commits, keys.standard, (record) => record.name);
    this.clock = new Table<ClockRecord>(this.commits, keys.clock, () => "clock");
    this.power = new Table<PowerRecord>(this.commits, keys.power, () => "power");
    this.simulators = new Table(this.commits, keys.simulator, (record) => record.name);
    this.commissionings = new Table(
      this.commits,
      keys.commissioning,
      ({ commissioning_id }) => String(commissioning_id).padStart(9, "0"),
    );
    this.commissioning_results = new Table<CommissioningResult>(
      this.commits,
      keys.commissioning_result,
      resultKey,
    );
    this.commissioning_frames = new Documents<CommissioningFrames>(
      this.commits,
      read,
      keys.commissioning_frames,
      resultKey,
    );
  }

  /** Opens (or makes) the store at `path` and loads what lives in memory. Throws when its schema is newer than ours. */
  static async open(options: StoreOptions): Promise<Store> {
    const write = await Deno.openKv(options.path);
    const read = options.path === ":memory:" ? write : await Deno.openKv(options.path);
    try {
      const site = await openSite(write, (options.now ?? Date.now)());
      const store = new Store(write, read, site, options);
      const backUp = options.backUp ?? (() => Promise.resolve());
      await migrate(site, SCHEMA, { kv: read, commits: store.commits, backUp });
      await store.#load();
      return store;
    } catch (error) {
      write.close();
      if (read !== write) read.close();
      throw error;
    }
  }

  /** The site's settings, defaults filled in. */
  get settings(): Settings {
    return this.#settings.get("site") ?? DEFAULT_SETTINGS;
  }

  /** Changes some settings. */
  async changeSettings(changes: Partial<Settings>): Promise<void> {
    await this.#settings.put({ ...this.settings, ...changes });
  }

  /** Commits what is queued and closes the file. */
  async close(): Promise<void> {
    await this.readings.stop();
    await this.commits.close();
    this.write.close();
    if (this.read !== this.write) this.read.close();
  }

  async #load(): Promise<void> {
    const tables = [
      this.chargers,
      this.rfids,
      this.users,
      this.login_sessions,
      this.tokens,
      this.revocations,
      this.#settings,
      this.reservations,
      this.profiles,
      this.jobs,
      this.file_tokens,
      this.firmware,
      this.security_events,
      this.certificates,
      this.configuration_templates,
      this.clock,
      this.power,
      this.simulators,
      this.commissionings,
      this.commissioning_results,
    ];
    await Promise.all(tables.map((table) => table.load(this.read)));
    await this.seen.load();
    await this.audit.load();
    await this.transactions.load();
    await this.readings.load();
  }
}

async function openSite(kv: Deno.Kv, now: number): Promise<Site> {
  const entry = await kv.get<Uint8Array>(SITE_KEY);
  if (!entry.value) {
    const site = { site_id: randomId(), schema: SCHEMA, created_at: new Date(now).toISOString() };
    await kv.set(SITE_KEY, toBytes(site));
    return site;
  }
  const site = fromBytes<Site>(entry.value);
  if (site.schema > SCHEMA) {
    throw new Error(
      `Cannot open the store: its schema ${site.schema} is newer than this program's ${SCHEMA}`,
    );
  }
  return site;
}

function randomId(): string {
  return [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
