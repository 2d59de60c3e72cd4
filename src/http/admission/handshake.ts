// The handshake of a charger: its request, and the two answers to it.
import type { SimulatorClaim } from "../../site/simulated.ts";
import type { Certificate } from "./client_certificate.ts";

/** An upgrade request, from any listener. */
export interface UpgradeRequest {
  /** The path as sent, percent-encoded, without the query. */
  path: string;
  header(name: string): string | null;
  remote_address: string;
  secure: boolean;
  /** The client certificate shown over TLS. */
  certificate?: Certificate | null;
}

/** An admitted charger: its id as registered, and the subprotocol to answer with (null: none was offered). */
export interface Admission {
  charger_id: string;
  subprotocol: string | null;
  /** True if the charger has shown its key or a valid certificate. */
  proved: boolean;
  simulator: SimulatorClaim;
}

/** A refused connection. */
export interface Denial {
  status: 400 | 401 | 403 | 404 | 426 | 429 | 503;
  reason: string;
}
