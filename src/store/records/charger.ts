// Chargers and their connectors.

/** A status of OCPP 1.6 §7.7. A charger may send others, which are kept as received. */
export type ConnectorStatus = string;

/** A connector as last reported (OCPP 1.6 §4.9). `connector_id` 0 is the charger itself. */
export interface Connector {
  connector_id: number;
  status: ConnectorStatus;
  error_code: string;
  info: string | null;
  vendor_error_code: string | null;
  /** Start of the current state, by the charger's clock. */
  since: string;
}

/** The admission of a charger, as sent in BootNotification.conf. */
export type Registration = "Accepted" | "Pending" | "Rejected";

/** A charger as stored; its live state (connection, power …) is in `site/charger_state.ts`. */
export interface Charger {
  charger_id: string;
  /** The OCPP identity under which the device connects. Left out: `charger_id`. */
  identity?: string;
  /** The devices and identities that it had before, newest first. */
  former?: FormerDevice[];
  name: string;
  registration: Registration;
  require_rfid: boolean;
  /** Free JSON object of the operator's. */
  config: Record<string, unknown>;
  latitude: number | null;
  longitude: number | null;
  /** Position on the site's plan: fractions of the picture's width and height, from the top left. */
  plan_x: number | null;
  plan_y: number | null;
  created_at: string;
  /** Time of the last accepted BootNotification. */
  booted_at: string | null;
  last_path: string | null;
  remote_address: string | null;
  /** The address of the last connection that lasted for ten minutes. */
  usual_address?: string;
  vendor: string | null;
  model: string | null;
  serial_number: string | null;
  firmware_version: string | null;
  /** The other fields of BootNotification.req, as received. */
  boot: Record<string, unknown>;
  connectors: Connector[];
  /** Identity of the record: that of a charger made later under the same id differs. Absent in records of older programs. */
  record_id?: string;
  /** True for a simulator. Its sessions say for themselves: see `site/simulated.ts`. */
  simulated: boolean;
  /** An operator has marked it as simulated, whoever connects. */
  marked_simulated?: true;
  /** False: the charger registered itself and nobody has decided on it yet. Left out: it is adopted. */
  adopted?: boolean;
  /** Hash of the charger's key; the key itself is never stored. */
  password: PasswordHash | null;
  /** Hashes of keys that were sent and may have been taken, oldest first: each is valid until one of them is used. */
  passwords_sent?: PasswordHash[];
  /** OCPP's security profile in use; it never goes down. */
  security_profile?: number;
  /** The security profile that the charger was told to take. */
  security_profile_sent?: number;
  /** Quirks that differ from the defaults. */
  quirks?: Partial<Quirks>;
  /** Its place in load management, where it differs from the defaults. */
  load?: Partial<LoadPlace>;
}

/** A device that a charger was, or an identity that it had. */
export interface FormerDevice {
  identity: string;
  end: "renamed" | "replaced";
  until: string;
  vendor: string | null;
  model: string | null;
  serial_number: string | null;
}

/** A charger's place in load management; `site/load/load_place.ts` has the defaults. */
export interface LoadPlace {
  /** The circuit that feeds it; null: it is not managed. */
  circuit: string | null;
  /** 1 or 3. */
  phases: number;
  /** The supply's phases (R, S, T) at its L1, L2, L3; null: unknown. */
  phase_rotation: string | null;
  /** Below it a car is paused, A. */
  min_current_a: number;
  max_current_a: number;
  /** The limit of each connector while it cannot be reached, A; null: as `min_current_a`. */
  failsafe_current_a: number | null;
  /** 0 to 9; more comes first. */
  priority: number;
  /** True: cars charge from what the feed's meter shows as export. */
  surplus: boolean;
  /** A that they may have without export. */
  surplus_floor_a: number;
}

/** A salted hash of a charger's key, base64. */
export interface PasswordHash {
  salt: string;
  hash: string;
  /** Left out: SHA-256. */
  scheme?: "scrypt";
}

/** Deviations of a charger; `site/quirks.ts` has the defaults. */
export interface Quirks {
  /** Accepts connections without a subprotocol as OCPP 1.6. */
  assume_ocpp16: boolean;
  /** Accepts a handshake with an Origin of another host, or with the other headers of browsers. */
  allow_origin: boolean;
  /** Zone of timestamps that name none: minutes east of UTC, or an IANA name. */
  time_zone: number | string;
  /** Factor that brings the energy samples to the unit that they name. */
  register_factor: number;
  /** Value at which the energy register starts again from zero, Wh. */
  register_modulus: number | null;
  /** Highest possible power, W; a register that rises faster is implausible. */
  max_power_w: number | null;
  /** Parts removed from idTags: separators (`20:69:C0`), or everything after the first `_`. */
  id_tag_normaliser: "none" | "separators" | "suffix" | "both";
  /** Sends websocket pings. */
  ping: boolean;
}
