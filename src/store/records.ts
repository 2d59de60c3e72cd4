// The records of what the gateway keeps beside chargers, tags and sessions. Their keys are in store.ts.
import type { ChargingProfile } from "../v16/datatypes.ts";

/** What is peculiar to a charger; `site/quirks.ts` has the defaults. */
export interface Quirks {
  /** Whether it is taken for OCPP 1.6 when it offers no subprotocol. */
  assume_ocpp16: boolean;
  /** The zone of its stamps that have none: minutes east of UTC, or an IANA name. */
  time_zone: number | string;
  /** What its energy samples are to be multiplied by to be what their unit says. */
  register_factor: number;
  /** Where its register starts again from zero, Wh. */
  register_modulus: number | null;
  /** What it can give at most, W; a register that rises faster is not believed. */
  max_power_w: number | null;
  /** What is taken off its idTags: separators (`20:69:C0`), or all behind the first `_`. */
  id_tag_normaliser: "none" | "separators" | "suffix" | "both";
  /** Whether the gateway sends websocket pings. */
  ping: boolean;
}

/** The local authorization list that a charger holds (OCPP 1.6 §3.5). */
export interface LocalList {
  charger_id: string;
  version: number;
  /** idTag to its idTagInfo as JSON; "" for `{"status":"Accepted"}`. */
  tags: Record<string, string>;
  /** Whether `tags` is what the charger holds: false after an update that failed. */
  known: boolean;
  /** What it is to hold; null: the RFID table. */
  wanted: Record<string, string> | null;
  /** Whether the charger has a local list at all. */
  supported: boolean;
  updated_at: string;
}

/** A reservation (OCPP 1.6 §3.7). */
export interface Reservation {
  reservation_id: number;
  charger_id: string;
  connector_id: number;
  id_tag: string;
  parent_id_tag: string | null;
  expires_at: string;
  state: "active" | "used" | "cancelled" | "expired" | "refused";
  created_at: string;
  ended_at: string | null;
  /** The charger's word when it refused, or why the reservation was released. */
  reason: string | null;
  transaction_id: number | null;
}

/** A charging profile that a charger has accepted. */
export interface InstalledProfile {
  charger_id: string;
  connector_id: number;
  profile: ChargingProfile;
  installed_at: string;
  /** The session that a TxProfile is for. */
  transaction_id: number | null;
  /** The tag of the remote start that it rode along with, until the session begins. */
  awaits_id_tag: string | null;
}

/** A firmware update, or an upload of diagnostics or a log. */
export interface Job {
  /** Also the requestId of GetLog and SignedUpdateFirmware, where the operator gave none. */
  job_id: number;
  charger_id: string;
  action: "GetDiagnostics" | "UpdateFirmware" | "GetLog" | "SignedUpdateFirmware";
  request_id: number | null;
  /** `unknown`: the charger has said no more of it for a day. */
  state: "running" | "done" | "failed" | "cancelled" | "refused" | "nothing" | "unknown";
  history: { at: string; status: string }[];
  /** Where the charger was sent; passwords and tokens are masked. */
  location: string;
  /** The charger's name for what it uploads. */
  file_name: string | null;
  /** Our name for what it has uploaded. */
  file: string | null;
  created_at: string;
  /** When the charger is to begin, where that is later. */
  starts_at?: string;
  ended_at: string | null;
}

/** A URL of the gateway's own that lets a charger fetch or upload one file for a while. */
export interface FileToken {
  token: string;
  charger_id: string;
  purpose: "firmware" | "upload";
  /** firmware: the record's name; upload: which job's. */
  name: string;
  job_id: number;
  expires_at: string;
}

/** A firmware file that the operator has uploaded. */
export interface Firmware {
  name: string;
  size: number;
  sha256: string;
  uploaded_at: string;
}

/** Something that concerns security, told by a charger or seen by the gateway. */
export interface SecurityEvent {
  sequence: number;
  charger_id: string;
  type: string;
  /** By the charger's clock. */
  at: string;
  received: string;
  tech_info: string | null;
  source: "charger" | "gateway";
}

/** A root certificate in a charger, as it reported it. */
export interface CertificateHash {
  hashAlgorithm: "SHA256" | "SHA384" | "SHA512";
  issuerNameHash: string;
  issuerKeyHash: string;
  serialNumber: string;
}

/** The certificates of a charger. */
export interface Certificates {
  charger_id: string;
  /** The root certificates by type, as last listed; absent: never listed. */
  roots: Record<string, CertificateHash[]>;
  /** The charger's own certificates that the site's CA has issued, newest first: it may still show one of the older. */
  issued: IssuedCertificate[];
}

/** A certificate that the site's CA has signed for a charger. */
export interface IssuedCertificate {
  serial_number: string;
  subject: string;
  not_after: string;
  issued_at: string;
  /** What became of it. */
  status: "sent" | "Accepted" | "Rejected";
}

/** One configuration key of a charger; `value` is null when it has none, and masked when it is secret. */
export interface ConfigurationKey {
  key: string;
  value: string | null;
  readonly: boolean;
  at: string;
}

/** The last known configuration of a charger. */
export interface Configuration {
  charger_id: string;
  keys: ConfigurationKey[];
  /** Keys that the charger has said it does not know. */
  unknown: string[];
  /** When all keys were asked for at once last. */
  complete_at: string | null;
}

/** A configuration that chargers are compared with: key to value. */
export interface ConfigurationTemplate {
  name: string;
  values: Record<string, string>;
}

/** What is known of time across restarts; all in ms since 1970. */
export interface ClockRecord {
  /** A time that has passed. */
  at: number;
  /** The newest steps of the clock, newest last. */
  steps: { at: number; from: number; to: number }[];
}

/** The site's mean power, quarter-hour by quarter-hour. */
export interface PowerRecord {
  /** Number of the slot (since 1970), looks that it is made of, W of the chargers, W of the simulated ones. */
  slots: [slot: number, samples: number, power_w: number, simulated_w: number][];
}

/** A simulated charger: it connects to this gateway or another by a real websocket. */
export interface Simulator {
  name: string;
  /** The options that were given; `simulator/config.ts` has them all, and their defaults. */
  options: Record<string, unknown>;
  /** A ready scenario that it plays, or `recorded`: what the charger was heard to send that it was made from. */
  scenario?: string | null;
  /** Whether it is to run: it does so again after a restart of the gateway. */
  running: boolean;
  created_at: string;
  /** The charger that it was made from, and what was recorded of it then. */
  clone_of: string | null;
  recorded: RecordedMessage[];
}

/** A message of a real charger's; `text` is the frame. */
export interface RecordedMessage {
  at: string;
  direction: "in" | "out";
  text: string;
}

/** A sentence in the languages of the admin. */
export interface Text {
  en: string;
  es: string;
}

/** An acceptance test of a charger. */
export interface Commissioning {
  commissioning_id: number;
  charger_id: string;
  /** `broken_off`: can be resumed. */
  state: "running" | "broken_off" | "done";
  started_at: string;
  ended_at: string | null;
  installer: string;
  notes: string;
  gateway_version: string;
  /** The connectors that are tested. */
  connectors: number[];
  /** The steps that are left out. */
  without: string[];
  /** Deadlines and limits; `services/commissioning/options.ts` has them all. */
  options: Record<string, number | string>;
  /** What is under way, and what the installer is to do now. */
  current: CurrentStep | null;
  before: Before;
  /** Why it was broken off. */
  reason: Text | null;
}

/** The step that is under way. */
export interface CurrentStep {
  step: string;
  connector_id: number;
  since: string;
  /** What the installer is to do, by when, and the word that names it. */
  prompt: Text | null;
  ask: string | null;
  until: string | null;
}

/** A charger as it was before it was tested: this is put back. */
export interface Before {
  /** Connectors that were out of service. */
  inoperative: number[];
  /** Connectors whose availability was changed and is not put back yet. */
  switched?: number[];
  /** Configuration keys that were changed, with their old values. */
  configuration: Record<string, string>;
  /** Profiles that were sent and are not cleared yet. */
  profiles: number[];
}

/** Which step of which commissioning; connector 0 is the charger itself. */
export interface ResultId {
  commissioning_id: number;
  step: string;
  connector_id: number;
}

/** What a step came to. */
export interface CommissioningResult extends ResultId {
  result: "pass" | "fail" | "skip";
  reason: Text;
  /** What was measured: numbers and short texts by name. */
  figures: Record<string, number | string>;
  at: string;
  seconds: number;
}

/** The evidence of a result: the messages that went by meanwhile. */
export interface CommissioningFrames extends ResultId {
  frames: RecordedMessage[];
}
