// Tags, the chargers' local lists of them, and reservations.

/** A tag of the RFID table. */
export interface Rfid {
  rfid: string;
  allowed: boolean;
  label: string;
  expires_at: string | null;
  parent_id_tag: string | null;
  last_seen: string | null;
  last_charger_id: string | null;
  /** True for a tag that was shown to a charger and that no operator has decided on. */
  seen_only?: boolean;
}

/** The local authorization list of a charger (OCPP 1.6 §3.5). */
export interface LocalList {
  charger_id: string;
  version: number;
  /** idTag to its idTagInfo as JSON; "" for `{"status":"Accepted"}`. */
  tags: Record<string, string>;
  /** True when the charger confirmed `tags`; false after an update that failed. */
  known: boolean;
  /** The list to send; null: the RFID table. */
  wanted: Record<string, string> | null;
  /** False for a charger without local list. */
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
  /** The charger's status when it refused, or the reason for the release. */
  reason: string | null;
  transaction_id: number | null;
}
