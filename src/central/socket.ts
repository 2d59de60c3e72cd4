// The interface of a charger's socket, the same for the plain and the TLS listener.
import type { SimulatorClaim } from "../site/simulated.ts";

/** The part of a websocket that the central system uses. */
export interface ChargerSocket {
  send(text: string): void;
  /** Ends the connection with a Close frame. */
  close(code: number, reason: string): void;
  /** Ends the connection at once, if the listener can. */
  drop(): void;
  /** Number of sent bytes that the other side has not received yet. */
  readonly buffered: number;
}

/** The handshake of a connection. */
export interface Handshake {
  /** The chosen subprotocol; null if the charger offered none. */
  subprotocol: string | null;
  /** The path as sent. */
  path: string;
  remote_address: string;
  /** True if the charger has shown its key or a valid certificate. */
  proved: boolean;
  simulator: SimulatorClaim;
  /** `wss` behind TLS. */
  secure: boolean;
  /** The client certificate, if the charger has shown one; hex in lower case. */
  certificate?: { fingerprint: string; serial_number: string } | null;
  /** The Host header; read before the upgrade, after which Deno no longer has the headers. */
  host: string | null;
}

/** Returns the URL by which the charger reaches the gateway, from its Host header; null if it is unusable. */
export function baseUrlOf({ secure, host }: Handshake): string | null {
  return host !== null && /^[A-Za-z0-9.:[\]_-]{1,255}$/.test(host)
    ? `${secure ? "https" : "http"}://${host}`
    : null;
}
