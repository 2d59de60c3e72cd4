// A charger's socket, whichever listener it came through.

/** What the central system needs of a websocket. */
export interface ChargerSocket {
  send(text: string): void;
  /** Ends the connection politely. */
  close(code: number, reason: string): void;
  /** Ends it at once, as far as the listener can. */
  drop(): void;
  /** Bytes that the other side has not taken yet. */
  readonly buffered: number;
}

/** What is known of a connection from its handshake. */
export interface Handshake {
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

/** How the charger reaches the gateway, from the Host it asked for; null when it named none that can be used. */
export function baseUrlOf({ secure, host }: Handshake): string | null {
  return host !== null && /^[A-Za-z0-9.:[\]_-]{1,255}$/.test(host)
    ? `${secure ? "https" : "http"}://${host}`
    : null;
}
