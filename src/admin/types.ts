// Records as REST gives them (contract, chapter 3).
import type { ConnectorView } from "../site/charger_state.ts";
import type { SettingsView } from "../http/api/settings.ts";
import type { Charger, Rfid, Transaction } from "../store/store.ts";

export type { ConnectorView, Rfid };
export type {
  CertificateHash,
  Certificates,
  Configuration,
  ConfigurationKey,
  ConfigurationTemplate as ConfigurationStandard,
  Firmware,
  InstalledProfile,
  Job,
  LocalList,
  Reservation,
  SecurityEvent,
} from "../store/store.ts";
export type { Difference, WriteResult } from "../site/configuration/configuration.ts";

/** A session as REST shows it. */
export type Session = Omit<Transaction, "energy" | "energy_seq" | "start_timestamp">;

/** A charger as REST shows it. */
export interface ChargerView extends Omit<Charger, "connectors" | "password" | "boot"> {
  connected: boolean;
  connected_since: string | null;
  last_seen: string | null;
  last_heartbeat: string | null;
  last_meter_values: unknown;
  connectors: ConnectorView[];
  transaction: Session | null;
  landing_url: string;
  has_password: boolean;
}

/** A message of a charger's log. `message` is null where the text was no JSON. */
export interface LogEntry {
  at: string;
  direction: "in" | "out";
  message: unknown[] | null;
  text?: string;
}

/** What a command came to. */
export interface CommandAnswer {
  action: string;
  message_id: string;
  status?: string;
  response: Record<string, unknown>;
}

/** A sampled value. */
export interface Reading {
  at: string;
  charger_id: string;
  connector_id: number;
  transaction_id: number | null;
  measurand: string;
  value: number | string;
  unit: string;
  phase: string | null;
}

/** The site's settings; newer gateways may have more of them. */
export type SiteSettings = SettingsView & Record<string, unknown>;

/** A simulator record. */
export interface Simulator {
  name: string;
  host: string;
  ws_port: number;
  cp_path: string;
  rfid: string;
  duration: number;
  kwh_min: number;
  kwh_max: number;
  interval: number;
  pre_charge_delay: number;
  repeat: boolean;
  charger_id: string;
  running: boolean;
  state: "stopped" | "waiting" | "connecting" | "connected" | "charging" | "finished";
  /** Why it could not connect, or what it complained of last. */
  error: string | null;
  /** A ready scenario that it plays, or `recorded`. */
  scenario: string | null;
  clone_of: string | null;
  connectors_now: {
    connector_id: number;
    status: string;
    id_tag: string | null;
    transaction_id: number | null;
    soc: number | null;
  }[];
  [more: string]: unknown;
}
