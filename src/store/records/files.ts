// Firmware, uploads, and the jobs and URLs that move them.

/** A firmware update, or an upload of diagnostics or a log. */
export interface Job {
  /** Also the requestId of GetLog and SignedUpdateFirmware, where the operator gave none. */
  job_id: number;
  charger_id: string;
  action: "GetDiagnostics" | "UpdateFirmware" | "GetLog" | "SignedUpdateFirmware";
  request_id: number | null;
  /** `unknown`: no status for a day. */
  state: "running" | "done" | "failed" | "cancelled" | "refused" | "nothing" | "unknown";
  history: { at: string; status: string }[];
  /** The URL sent to the charger, passwords and tokens masked. */
  location: string;
  /** The charger's name for the uploaded file. */
  file_name: string | null;
  /** The gateway's name for the uploaded file. */
  file: string | null;
  created_at: string;
  /** The time at which the charger is to begin, if later than `created_at`. */
  starts_at?: string;
  ended_at: string | null;
}

/** The token of a URL by which a charger fetches or uploads one file. */
export interface FileToken {
  token: string;
  charger_id: string;
  purpose: "firmware" | "upload";
  /** The firmware's name; for an upload `diagnostics` or `log`. */
  name: string;
  job_id: number;
  expires_at: string;
}

/** An uploaded firmware file. */
export interface Firmware {
  name: string;
  size: number;
  sha256: string;
  uploaded_at: string;
}
