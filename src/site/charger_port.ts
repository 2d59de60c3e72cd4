// The commands that chargers take and the reports that they make, in the domain's words. A protocol version translates.
import type { Protocol } from "../ocpp/protocol.ts";
import type { RawMeterValue } from "../store/readings/sample.ts";
import type { Reservation } from "../store/store.ts";
import type { ListUpdate } from "./authorization/local_list.ts";
import type { Context } from "./context.ts";

/** A protocol version that speaks the domain's words. */
export type SiteProtocol = Protocol<Context, ChargerPort, ChargerReport>;

/** A charger's answer to a command. */
export interface PortAnswer {
  outcome: "accepted" | "refused" | "unsupported";
  /** The charger's own word, to show to people. */
  status: string;
}

/** The answer to a change of the configuration. */
export interface ConfigurationAnswer extends PortAnswer {
  /** True where the value takes effect after a restart only. */
  needs_reboot: boolean;
}

/** A limit of the current of one session, A per phase. `profile_id`: the name that it is cleared by. */
export interface SessionLimit {
  connector_id: number;
  profile_id: number;
  limit_a: number;
}

/** A reservation to make. `expires_at`: ISO 8601. */
export type NewReservation = Pick<Reservation, "connector_id" | "id_tag" | "expires_at">;

/** The reports that a charger can be asked for. */
export type Trigger = "diagnostics_status" | "firmware_status" | "heartbeat" | "meter_values" | "status";

/**
 * The commands of one charger. Each resolves with the charger's answer, and throws Refusal (nothing was sent), OcppError
 * (the charger answered with an error) or CallFailed (no answer).
 */
export interface ChargerPort {
  startSession(start: { connector_id: number; id_tag: string }): Promise<PortAnswer>;
  /** `transaction_id`: ours. */
  stopSession(transaction_id: number): Promise<PortAnswer>;
  setLimit(limit: SessionLimit): Promise<PortAnswer>;
  /** Clears the limits of a profile id; of all where it is left out. */
  clearLimits(profile_id?: number): Promise<PortAnswer>;
  unlock(connector_id: number): Promise<PortAnswer>;
  reset(kind: "Hard" | "Soft"): Promise<PortAnswer>;
  /** Takes a connector (0: the charger) in or out of service. */
  setAvailability(connector_id: number, operative: boolean): Promise<PortAnswer>;
  /** Has the charger report its configuration, all of it or some keys; it is stored as last known. */
  readConfiguration(keys?: string[]): Promise<void>;
  /** Returns the last known value of a key, asking the charger where none is known; null: it has no such key. */
  configurationValue(key: string): Promise<string | null>;
  writeConfiguration(key: string, value: string): Promise<ConfigurationAnswer>;
  /** Gives the charger a new key for its connections. Throws Refusal where the password cannot be one. */
  setPassword(password: string): Promise<ConfigurationAnswer>;
  /** Has the charger report; `connector_id` where the report is about one. */
  trigger(report: Trigger, connector_id?: number): Promise<PortAnswer>;
  /** Has the charger report the version of its local list, which is stored. */
  readLocalListVersion(): Promise<void>;
  sendLocalList(update: ListUpdate): Promise<PortAnswer>;
  /** Sends the next update that the RFID table calls for. */
  syncLocalList(): Promise<PortAnswer>;
  reserve(reservation: NewReservation): Promise<PortAnswer>;
  cancelReservation(reservation_id: number): Promise<PortAnswer>;
  /** Has the charger upload its diagnostics to the gateway. */
  getDiagnostics(): Promise<void>;
  /** Hands the charger the certificate that it has asked for: PEM, leaf first. */
  sendCertificate(chain: string): Promise<PortAnswer>;
}

/** A report of a charger with what it was answered, as it goes by. */
export type ChargerReport =
  | { kind: "authorization"; id_tag: string; status: string }
  | { kind: "boot" | "diagnostics_status" | "firmware_status" | "heartbeat" }
  | { kind: "meter_values"; connector_id: number; values: RawMeterValue[] }
  | { kind: "session_started"; connector_id: number; id_tag: string; status: string } & StartFigures
  | { kind: "session_ended"; transaction_id: number; meter_stop: number; reason: string }
  | { kind: "status"; connector_id: number; timestamp: string | null };

interface StartFigures {
  transaction_id: number;
  meter_start: number;
}
