// The socket of a charger, behind the plain or the TLS listener.

/** A websocket as the central system uses it. */
export interface ChargerSocket {
  send(text: string): void;
  /** Ends the connection with a Close frame. */
  close(code: number, reason: string): void;
  /** Ends it at once, as far as the listener can. */
  drop(): void;
  /** Bytes that the other side has not taken yet. */
  readonly buffered: number;
}

/** The handshake of a connection. */
export interface Handshake {
  /** The subprotocol that was chosen; null: the charger offered none. */
  subprotocol: string | null;
  /** The path as sent. */
  path: string;
  remote_address: string;
  /** `wss` behind TLS. */
  secure: boolean;
  /** The client certificate, where one was shown: hex in lower case. */
  certificate?: { fingerprint: string; serial_number: string } | null;
  /** The Host that it asked for; read before the upgrade, after which Deno has no headers any more. */
  host: string | null;
}

/** Returns the URL by which the charger reaches the gateway, from its Host header; null where that is unusable. */
export function baseUrlOf({ secure, host }: Handshake): string | null {
  return host !== null && /^[A-Za-z0-9.:[\]_-]{1,255}$/.test(host)
    ? `${secure ? "https" : "http"}://${host}`
    : null;
}
