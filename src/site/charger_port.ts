// The commands to chargers and their reports, in the terms of the domain. A protocol version translates them.
import type { Protocol } from "../ocpp/protocol.ts";
import type { RawMeterValue } from "../store/readings/sample.ts";
import type { Reservation } from "../store/store.ts";
import type { ListUpdate } from "./authorization/local_list.ts";
import type { Context } from "./context.ts";

/** A protocol version with the types of the domain. */
export type SiteProtocol = Protocol<Context, ChargerPort, ChargerReport>;

/** A charger's answer to a command. */
export interface PortAnswer {
  outcome: "accepted" | "refused" | "unsupported";
  /** The status as the charger wrote it, for display. */
  status: string;
}

/** The answer to a change of the configuration. */
export interface ConfigurationAnswer extends PortAnswer {
  /** True if the value takes effect only after a restart. */
  needs_reboot: boolean;
}

/** A limit of the current of one session, A per phase. `profile_id` identifies it when it is cleared. */
export interface SessionLimit {
  connector_id: number;
  profile_id: number;
  limit_a: number;
}

/** A limit of one session that falls back by itself. Currents are A a phase. */
export interface ConnectorLimit {
  connector_id: number;
  purpose: "TxProfile" | "TxDefaultProfile" | "ChargePointMaxProfile";
  limit_a: number;
  /** The limit once this one has run out. */
  fallback_a: number;
  validity_s: number;
  /** The phases that the car certainly loads, by which A become W; 1 if they are not known. */
  phases: number;
}

/** The standing limit of a connector's sessions, A a phase. */
export interface FailsafeLimit {
  connector_id: number;
  limit_a: number;
  stack_level: number;
}

/** A reservation to make. `expires_at`: ISO 8601. */
export type NewReservation = Pick<Reservation, "connector_id" | "id_tag" | "expires_at">;

/** The reports that a charger can be asked for. */
export type Trigger =
  | "boot"
  | "diagnostics_status"
  | "firmware_status"
  | "heartbeat"
  | "meter_values"
  | "status";

/**
 * The commands of one charger. Each resolves with the charger's answer, and throws Refusal (nothing was sent), OcppError
 * (the charger answered with an error) or CallFailed (no answer).
 */
export interface ChargerPort {
  startSession(start: { connector_id: number; id_tag: string }): Promise<PortAnswer>;
  /** `transaction_id` is the gateway's. */
  stopSession(transaction_id: number): Promise<PortAnswer>;
  setLimit(limit: SessionLimit): Promise<PortAnswer>;
  /** Limits a connector for a time; it falls back by itself if the limit is not renewed. */
  setConnectorLimit(limit: ConnectorLimit): Promise<PortAnswer>;
  /** Sets the limit of sessions that have no other. */
  setFailsafe(limit: FailsafeLimit): Promise<PortAnswer>;
  /** Returns the limit that holds at a connector, by the charger's word, A a phase; null if it does not say. */
  readLimit(connector_id: number): Promise<number | null>;
  /** Returns true if the charger takes limits in W only. */
  takesWatts(): Promise<boolean>;
  /** Clears the limits with a profile id; all of them without one. */
  clearLimits(profile_id?: number): Promise<PortAnswer>;
  unlock(connector_id: number): Promise<PortAnswer>;
  reset(kind: "Hard" | "Soft"): Promise<PortAnswer>;
  /** Takes a connector (0: the charger) in or out of service. */
  setAvailability(connector_id: number, operative: boolean): Promise<PortAnswer>;
  /** Reads the charger's configuration, all of it or some keys, and stores it as last known. */
  readConfiguration(keys?: string[]): Promise<void>;
  /** Returns the last known value of a key, asking the charger if none is known; null if it has no such key. */
  configurationValue(key: string): Promise<string | null>;
  writeConfiguration(key: string, value: string): Promise<ConfigurationAnswer>;
  /** Gives the charger a new key for its connections. Throws Refusal for an invalid password. */
  setPassword(password: string): Promise<ConfigurationAnswer>;
  /** Requests a report; `connector_id` if it is about a connector. */
  trigger(report: Trigger, connector_id?: number): Promise<PortAnswer>;
  /** Reads and stores the version of the charger's local list. */
  readLocalListVersion(): Promise<void>;
  sendLocalList(update: ListUpdate): Promise<PortAnswer>;
  /** Sends the next update of the local list by the RFID table. */
  syncLocalList(): Promise<PortAnswer>;
  reserve(reservation: NewReservation): Promise<PortAnswer>;
  cancelReservation(reservation_id: number): Promise<PortAnswer>;
  /** Requests an upload of diagnostics to the gateway. */
  getDiagnostics(): Promise<void>;
  /** Sends the certificate that the charger has requested: PEM, leaf first. */
  sendCertificate(chain: string): Promise<PortAnswer>;
}

/** A report of a charger, with the status of its answer. */
export type ChargerReport =
  | { kind: "authorization"; id_tag: string; status: string }
  | { kind: "boot" }
  | { kind: "diagnostics_status" }
  | { kind: "firmware_status" }
  | { kind: "heartbeat" }
  | { kind: "meter_values"; connector_id: number; values: RawMeterValue[] }
  | { kind: "session_started"; connector_id: number; id_tag: string; status: string } & StartFigures
  | { kind: "session_ended"; transaction_id: number; meter_stop: number; reason: string }
  | { kind: "status"; connector_id: number; timestamp: string | null };

interface StartFigures {
  transaction_id: number;
  meter_start: number;
}
